import { Failure } from '@crossdock/contracts';
import { retryAfterMs } from '@crossdock/rate-budgets';
import { z } from 'zod';
import { shippoLimits } from './shippo.limits.ts';

export interface ShippoRefusal {
  readonly operation: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * What a refusal by Shippo means to the hub. Bodies are `{"detail": "…"}` or name fields, `{"rate": ["…"]}`. Their
 * texts may quote addresses, so that only the name of a field is passed on.
 * Source: https://docs.goshippo.com/api-concepts/apihttp-status-codes
 */
export function shippoFailure({ operation, status, headers, body }: ShippoRefusal): Failure {
  const at = `Shippo answered ${operation} with ${status}`;
  switch (status) {
    case 400:
    case 422: return invalidFailure(at, body);
    case 401: return new Failure('unauthorised', `${at}: it does not accept the API token. Connect the account again.`);
    case 403: return new Failure('forbidden', `${at}: the account may not do this.`);
    case 404: return new Failure('not_found', `${at}: there is no such record.`);
    case 408: return new Failure('transient', at);
    case 409: return new Failure('conflict', `${at}: too many calls at once, or the record exists already.`);
    case 429: return new Failure('rate_limited', `${at}: too many calls in a minute.`, {
      retryAfterMs: retryAfterMs(headers) ?? shippoLimits.rateLimitWindowMs,
    });
    default: return new Failure(status >= 500 ? 'transient' : 'unexpected', at);
  }
}

/** What a carrier said about a shipment or label: machine-readable codes, never its text. */
export const carrierMessagesSchema = z.array(z.object({
  source: z.string().nullish(),
  code: z.string().nullish(),
})).nullish().transform((messages) => messages ?? []);
export type CarrierMessages = z.infer<typeof carrierMessagesSchema>;

/** A carrier that does not answer may do so later; anything else it says is about the shipment itself. */
export function carrierFailure(what: string, messages: CarrierMessages): Failure {
  const isAway = messages.length > 0
    && messages.every(({ code }) => /time_?out|unavailable|try_again/i.test(code ?? ''));
  const said = messages.map(({ source, code }) => [source, code].filter(Boolean).join(' ')).filter((text) => text !== '');
  return new Failure(isAway ? 'transient' : 'invalid', `${what}${said.length > 0 ? ` (${said.join(', ').slice(0, 200)})` : ''}.`);
}

function invalidFailure(at: string, body: string): Failure {
  const field = namedField(body);
  return new Failure('invalid', `${at}: it does not accept ${field === undefined ? 'the data' : `the field ${field}`}.`, {
    ...(field !== undefined && { field }),
  });
}

function namedField(body: string): string | undefined {
  try {
    const fields = z.record(z.string(), z.unknown()).parse(JSON.parse(body));
    return Object.keys(fields).find((name) => /^[a-z0-9_]{1,64}$/.test(name) && !['detail', '__all__'].includes(name));
  } catch {
    return undefined;
  }
}
