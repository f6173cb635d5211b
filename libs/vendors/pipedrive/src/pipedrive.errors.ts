import { Failure } from '@crossdock/contracts';
import { z } from 'zod';
import { pipedriveLimits } from './pipedrive.limits.ts';

const errorBodySchema = z.object({
  /** Names the field that does not fit; quotes no value of it. */
  error: z.string().max(1_000).optional(),
  code: z.string().max(100).optional(),
});

export interface PipedriveRefusal {
  readonly operation: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * What a refused call means to the hub. The text of an error may quote what was sent, so that only its code and the name
 * of a field go into the message.
 * Source: https://pipedrive.readme.io/docs/core-api-concepts-http-status-codes
 */
export function pipedriveFailure({ operation, status, headers, body }: PipedriveRefusal): Failure {
  const { code, field } = readErrorBody(body);
  const details = [code, field === undefined ? undefined : `field ${field}`].filter((part) => part !== undefined);
  const at = `Pipedrive answered ${operation} with ${status}${details.length > 0 ? ` (${details.join(', ')})` : ''}`;
  switch (status) {
    case 400: return new Failure('invalid', `${at}: it does not accept the data.`, field === undefined ? {} : { field });
    case 401: return new Failure('unauthorised', `${at}: it does not accept the connection's token. Reconnect the company.`);
    case 402: return new Failure('forbidden', `${at}: the company's account is not open. Its administrator has to renew it.`);
    case 403: return forbidden(at, { code, body });
    case 404: case 410: return new Failure('not_found', `${at}: there is no such record.`);
    case 409: return new Failure('conflict', `${at}: the record was changed in between.`);
    case 422: return new Failure('forbidden', `${at}: the user has no webhook left.`);
    case 429: return tooManyCalls(at, headers);
    case 408: return new Failure('transient', `${at}.`);
    default: return new Failure(status >= 500 ? 'transient' : 'unexpected', `${at}.`);
  }
}

/** A page of the protection in front of the interface is for callers that went on after many 429s. */
function forbidden(at: string, { code, body }: { readonly code: string | undefined; readonly body: string }): Failure {
  if (body.trimStart().startsWith('<')) {
    return new Failure('rate_limited', `${at}: its protection keeps this caller out for a while.`, { retryAfterMs: pipedriveLimits.quotaRetryMs });
  }
  return code?.startsWith('feature_capping') === true
    ? new Failure('forbidden', `${at}: the company's plan allows no more of these. Its administrator has to close some or change the plan.`)
    : new Failure('forbidden', `${at}: the app lacks a scope or the user a permission.`);
}

/** The day's tokens are used up where the header says that none are left; otherwise two seconds were too short. */
function tooManyCalls(at: string, headers: Headers): Failure {
  if (headers.get('x-daily-ratelimit-token-remaining') === '0') {
    return new Failure('quota_exhausted', `${at}: the company's tokens of the day are used up.`, { retryAfterMs: pipedriveLimits.quotaRetryMs });
  }
  const seconds = Number(headers.get('retry-after') ?? headers.get('x-ratelimit-reset') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : pipedriveLimits.burstWindowMs;
  return new Failure('rate_limited', `${at}: too many calls.`, { retryAfterMs });
}

function readErrorBody(body: string): { code: string | undefined; field: string | undefined } {
  try {
    const { code, error } = errorBodySchema.parse(JSON.parse(body));
    return { code, field: /^Validation failed: (?:custom_fields\.)?([\w.]{1,100}):/.exec(error ?? '')?.[1] };
  } catch {
    // A page instead of JSON, or JSON of another form.
    return { code: undefined, field: undefined };
  }
}
