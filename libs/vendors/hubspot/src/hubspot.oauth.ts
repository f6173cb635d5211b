import type { Connection, TokenRefresher, TokenSet } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';
import type { OutboundHttp } from '@crossdock/outbound-http';
import { z } from 'zod';
import { hubSpotFailure } from './hubspot.errors.ts';
import { hubSpotLimits } from './hubspot.limits.ts';

export interface HubSpotTokenRefresherOptions {
  readonly http: OutboundHttp;
  readonly apiUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const answerSchema = z.object({
  access_token: z.string().min(1).max(4_096),
  refresh_token: z.string().min(1).max(4_096).optional(),
  expires_in: z.int().positive(),
});

const refusalSchema = z.object({ error: z.string() });

/**
 * Renews access tokens of HubSpot accounts. They live for 30 minutes; the answer carries a refresh token, and the one
 * that came last is the one to keep. The v1 endpoint ends on 2027-02-16, so that v3 is called.
 * Source: https://developers.hubspot.com/docs/api-reference/auth-oauth-v3/guide
 */
export class HubSpotTokenRefresher implements TokenRefresher {
  readonly #options: HubSpotTokenRefresherOptions;

  constructor(options: HubSpotTokenRefresherOptions) {
    this.#options = options;
  }

  async refresh(connection: Connection, refreshToken: string): Promise<TokenSet> {
    const { http, apiUrl, clientId, clientSecret } = this.#options;
    const operation = 'oauth.refresh';
    const response = await http.send({
      vendor: 'hubspot', tenantId: connection.tenantId, connectionId: connection.id, operation,
      method: 'POST',
      url: `${apiUrl}/oauth/v3/token`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken,
      }).toString(),
      timeoutMs: hubSpotLimits.timeoutMs,
      idempotent: true,
    });
    if (response.status !== 200) throw refreshFailure(operation, response);
    const parsed = answerSchema.safeParse(parseJson(response.text()));
    if (!parsed.success) throw new Failure('unexpected', `HubSpot's answer to ${operation} is not as documented.`);
    const { access_token: accessToken, refresh_token: renewed, expires_in: expiresInSeconds } = parsed.data;
    return { accessToken, ...(renewed !== undefined && { refreshToken: renewed }), expiresInSeconds };
  }
}

/** Only a refused refresh token asks for a person; a wrong client secret is a fault of this installation. */
function refreshFailure(operation: string, response: { readonly status: number; readonly headers: Headers; text(): string }): Failure {
  const refusal = refusalSchema.safeParse(parseJson(response.text()));
  const error = refusal.success ? refusal.data.error : undefined;
  if (response.status === 400 && (error === 'invalid_grant' || error === 'access_denied')) {
    return new Failure('unauthorised', 'HubSpot refuses the stored authorisation: the app was removed or its access revoked.');
  }
  if (error !== undefined) return new Failure('unexpected', `HubSpot refused ${operation} with ${response.status} (${error}). Check the app's client id and secret.`);
  return hubSpotFailure({ operation, status: response.status, headers: response.headers, body: response.text() });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
