import { Counter, type Registry } from 'prom-client';
import type { Logger } from '@crossdock/service-kit';
import { OAuthError, type OAuthErrorCode } from './oauth-error.ts';
import type { TokenGrant } from './token-grant.ts';

/** Counts token requests by outcome and tells refusals, so that a misconfigured or probing client is seen. */
export class TokenRequestLog {
  readonly #logger: Logger;
  readonly #requests: Counter<'outcome'>;

  constructor(metrics: Registry, logger: Logger) {
    this.#logger = logger;
    this.#requests = new Counter({
      name: 'crossdock_token_request_total',
      help: 'Requests for service tokens, by outcome: issued, an OAuth error code, or failed.',
      labelNames: ['outcome'],
      registers: [metrics],
    });
  }

  issued({ clientId, audience, scopes }: TokenGrant): void {
    this.#requests.inc({ outcome: 'issued' });
    this.#logger.debug({ clientId, audience, scopes }, 'service token issued');
  }

  refused(thrown: unknown): void {
    const outcome: OAuthErrorCode | 'failed' = thrown instanceof OAuthError ? thrown.code : 'failed';
    this.#requests.inc({ outcome });
    if (thrown instanceof OAuthError) this.#logger.warn({ outcome, reason: thrown.message }, 'service token refused');
  }
}
