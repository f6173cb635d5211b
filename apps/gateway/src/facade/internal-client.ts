import { HttpException } from '@nestjs/common';
import { request } from 'undici';
import { Failure, type ServiceName } from '@crossdock/contracts';
import { correlationHeader, tenantHeader, type ServiceTokenClient } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';

export interface InternalCall {
  readonly method: 'GET' | 'POST';
  /** Path with query, under the service's own `/v1`. */
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const headersTimeoutMs = 3_000;
const bodyTimeoutMs = 10_000;

/** Calls the other services for the tenant at hand, with the gateway's own token. */
export class InternalClient {
  readonly #tokens: ServiceTokenClient;
  readonly #addresses: Readonly<Partial<Record<ServiceName, string>>>;

  constructor(tokens: ServiceTokenClient, addresses: Readonly<Partial<Record<ServiceName, string>>>) {
    this.#tokens = tokens;
    this.#addresses = addresses;
  }

  /**
   * @returns the service's answer, parsed.
   * @throws HttpException with the service's own status and problem where it refuses; Failure `transient` where it is away.
   */
  async call(service: ServiceName, { method, path, body, headers }: InternalCall): Promise<unknown> {
    const { tenantId, correlationId } = tenantContext.require();
    const token = await this.#tokens.token(service);
    const response = await request(new URL(path, this.#addresses[service]), {
      method, headersTimeout: headersTimeoutMs, bodyTimeout: bodyTimeoutMs,
      headers: {
        ...headers, authorization: `Bearer ${token}`, [tenantHeader]: tenantId, [correlationHeader]: correlationId,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new Failure('transient', `The ${service} service does not answer; try again.`, { cause });
    });
    const answer: unknown = await response.body.json();
    if (response.statusCode >= 400) throw new HttpException(detailOf(answer), response.statusCode);
    return answer;
  }
}

function detailOf(problem: unknown): string {
  return typeof problem === 'object' && problem !== null && 'detail' in problem ? String(problem.detail) : 'The service refused.';
}
