import { z } from 'zod';
import { Failure, parseJson } from '@crossdock/contracts';
import { clientAssertionType, signClientAssertion } from './client-assertion.ts';
import type { Es256PrivateKey } from './es256-key.ts';
import { issuerEndpoint } from './issuer-endpoints.ts';

const tokenResponseSchema = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().int().positive(),
});

const errorResponseSchema = z.object({ error: z.string(), error_description: z.string().optional() });

/** A token is renewed this long before it expires, so that none expires on its way. */
const renewBeforeMs = 60_000;
const requestTimeoutMs = 5_000;

interface HeldToken {
  readonly value: string;
  readonly renewAtMs: number;
  readonly expiresAtMs: number;
}

export interface ServiceTokenClientOptions {
  readonly issuerUrl: string;
  readonly clientId: string;
  readonly privateJwk: Es256PrivateKey;
  readonly now?: () => Date;
}

/** Gets and keeps the tokens by which this service calls others. One request is under way per audience and tenant. */
export class ServiceTokenClient {
  readonly #options: ServiceTokenClientOptions;
  readonly #now: () => Date;
  readonly #held = new Map<string, HeldToken>();
  readonly #pending = new Map<string, Promise<HeldToken>>();

  constructor(options: ServiceTokenClientOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }

  /**
   * A token for calls to the service `audience`, bound to `tenantId` where one is given. An issuer that is away for
   * the last minute of a token's life goes unnoticed: the token serves to its end.
   * @throws Failure `transient` where the issuer does not answer, `unauthorised` or `forbidden` where it refuses.
   */
  async token(audience: string, tenantId?: string): Promise<string> {
    const current = this.held(audience, tenantId);
    if (current !== undefined) return current;
    const key = keyOf(audience, tenantId);
    try {
      return (await this.#renew(key, audience, tenantId)).value;
    } catch (thrown) {
      const last = this.#held.get(key);
      if (last && this.#now().getTime() < last.expiresAtMs && thrown instanceof Failure && thrown.kind === 'transient') return last.value;
      throw thrown;
    }
  }

  /** The same where nobody has to be asked for it; nothing where it is to be renewed. */
  held(audience: string, tenantId?: string): string | undefined {
    const held = this.#held.get(keyOf(audience, tenantId));
    return held && this.#now().getTime() < held.renewAtMs ? held.value : undefined;
  }

  #renew(key: string, audience: string, tenantId: string | undefined): Promise<HeldToken> {
    const underWay = this.#pending.get(key);
    if (underWay) return underWay;
    const renewal = this.#request(audience, tenantId)
      .then((token) => {
        this.#dropExpired();
        this.#held.set(key, token);
        return token;
      })
      .finally(() => this.#pending.delete(key));
    this.#pending.set(key, renewal);
    return renewal;
  }

  #dropExpired(): void {
    const nowMs = this.#now().getTime();
    for (const [key, token] of this.#held) if (token.expiresAtMs <= nowMs) this.#held.delete(key);
  }

  async #request(audience: string, tenantId: string | undefined): Promise<HeldToken> {
    const requestedAt = this.#now();
    const { issuerUrl, clientId } = this.#options;
    const response = await post(issuerEndpoint(issuerUrl, 'token'), new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: clientAssertionType,
      client_assertion: await signClientAssertion({ ...this.#options, now: requestedAt }),
      audience,
      ...(tenantId !== undefined && { tenant: tenantId }),
    }));
    if (response.status !== 200) throw describeRefusal(response, clientId, audience);
    const answer = tokenResponseSchema.safeParse(response.body);
    if (!answer.success) throw new Failure('unexpected', 'The token endpoint answered something that is no token.');
    const expiresAtMs = requestedAt.getTime() + answer.data.expires_in * 1_000;
    return { value: answer.data.access_token, expiresAtMs, renewAtMs: expiresAtMs - renewBeforeMs };
  }
}

function keyOf(audience: string, tenantId = ''): string {
  return `${audience} ${tenantId}`;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function post(url: string, form: URLSearchParams): Promise<Answer> {
  try {
    const signal = AbortSignal.timeout(requestTimeoutMs);
    const response = await fetch(url, { method: 'POST', body: form, signal, redirect: 'error' });
    const text = await response.text();
    return { status: response.status, body: parseJson(text) };
  } catch (cause) {
    throw new Failure('transient', 'The token endpoint does not answer.', { cause });
  }
}

function describeRefusal({ status, body }: Answer, clientId: string, audience: string): Failure {
  if (status >= 500 || status === 429) return new Failure('transient', `The token endpoint answers ${status}.`);
  const refusal = errorResponseSchema.safeParse(body);
  const reason = refusal.success ? [refusal.data.error, refusal.data.error_description].filter(Boolean).join(': ') : `status ${status}`;
  const kind = refusal.success && refusal.data.error !== 'invalid_client' ? 'forbidden' : 'unauthorised';
  return new Failure(kind, `Client ${clientId} gets no token for ${audience} (${reason}).`);
}
