import { Failure, type FailureKind } from '@crossdock/contracts';
import { retryAfterMs } from '@crossdock/rate-budgets';
import { z } from 'zod';
import { hubSpotLimits } from './hubspot.limits.ts';
import { currencyProperty, externalKeyProperty, orderStatusProperty } from './hubspot.mapping.ts';

const propertyFaultSchema = z.object({ name: z.string().max(255), error: z.string().max(100) });

const errorBodySchema = z.object({
  message: z.string().default(''),
  category: z.string().max(100).optional(),
  correlationId: z.string().max(100).optional(),
  policyName: z.string().max(100).optional(),
});
type HubSpotErrorBody = z.infer<typeof errorBodySchema>;

export interface HubSpotRefusal {
  readonly operation: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * What a refused call means to the hub. HubSpot's own text may quote e-mails and values, so that only its category,
 * the name of the field and the correlation id go into the message.
 */
export function hubSpotFailure({ operation, status, headers, body }: HubSpotRefusal): Failure {
  const error = readErrorBody(body);
  const said = describe(error, propertyFault(error.message));
  const at = `HubSpot answered ${operation} with ${status}${said}`;
  switch (status) {
    case 401: return new Failure('unauthorised', `${at}: it does not accept the connection's token. Reconnect the account.`);
    case 403: return new Failure('forbidden', `${at}: the app lacks a scope or the account a feature.`);
    case 404: return new Failure('not_found', `${at}: there is no such record.`);
    case 409: return new Failure('conflict', `${at}: the record exists already or was changed in between.`);
    case 423: return new Failure('rate_limited', `${at}: the record is locked.`, { retryAfterMs: hubSpotLimits.lockedRetryMs });
    case 429: return rateLimitFailure(at, error, headers);
    case 477: return new Failure('rate_limited', `${at}: the account is being moved.`, { retryAfterMs: retryAfterMs(headers) ?? 60_000 });
    case 408: return new Failure('transient', at);
    case 400: return invalidFailure(at, error);
    default: return new Failure(status >= 500 ? 'transient' : 'unexpected', at);
  }
}

/** What one entry of the `errors` of a 207 answer means for the records that it names. */
export function hubSpotRecordFailure(operation: string, body: { readonly message: string; readonly category: string }): Failure {
  const kinds: Readonly<Record<string, FailureKind>> = {
    VALIDATION_ERROR: 'invalid', CONFLICT: 'conflict', OBJECT_NOT_FOUND: 'not_found', OBJECT_ALREADY_EXISTS: 'conflict',
    RATE_LIMITS: 'rate_limited',
  };
  const fault = propertyFault(body.message);
  if (isMissingHubProperty(fault)) return missingHubProperty(`HubSpot refused the record in ${operation}`, fault);
  if (isUnknownCurrency(fault)) return unknownCurrency(`HubSpot refused the record in ${operation}`, fault);
  return new Failure(kinds[body.category] ?? 'unexpected', `HubSpot refused the record in ${operation}${describe(body, fault)}.`, fieldOf(fault));
}

function readErrorBody(body: string): HubSpotErrorBody {
  try {
    return errorBodySchema.catch({ message: '' }).parse(JSON.parse(body));
  } catch {
    // A gateway on the way answers with a page instead of JSON.
    return { message: '' };
  }
}

/** A day's quota that is used up is not to be asked again every ten seconds. */
function rateLimitFailure(at: string, error: HubSpotErrorBody, headers: Headers): Failure {
  if (error.policyName === 'DAILY') {
    return new Failure('quota_exhausted', `${at}: the account's calls of the day are used up.`, { retryAfterMs: hubSpotLimits.quotaRetryMs });
  }
  const ownWindowMs = error.policyName === undefined && /secondly limit/.test(error.message)
    ? hubSpotLimits.searchWindowMs
    : Number(headers.get('x-hubspot-ratelimit-interval-milliseconds')) || hubSpotLimits.rollingWindowMs;
  return new Failure('rate_limited', `${at}: too many calls.`, { retryAfterMs: retryAfterMs(headers) ?? ownWindowMs });
}

function invalidFailure(at: string, error: HubSpotErrorBody): Failure {
  const fault = propertyFault(error.message);
  if (isMissingHubProperty(fault)) return missingHubProperty(at, fault);
  if (isUnknownCurrency(fault)) return unknownCurrency(at, fault);
  // The property that keeps our key is created by the connection's set-up, which may not be through yet.
  if (/by non-unique .* property/.test(error.message)) {
    return new Failure('dependency_missing', `${at}: the property that keeps the hub's key is not set up in this account.`);
  }
  return new Failure('invalid', `${at}: it does not accept the data.`, fieldOf(fault));
}

type PropertyFault = z.infer<typeof propertyFaultSchema>;

/** The hub's own properties are created by the connection's set-up, which may not be through yet. */
function isMissingHubProperty(fault: PropertyFault | undefined): fault is PropertyFault {
  return fault?.error === 'PROPERTY_DOESNT_EXIST' && [externalKeyProperty, orderStatusProperty].includes(fault.name);
}

function missingHubProperty(at: string, { name }: PropertyFault): Failure {
  return new Failure('dependency_missing', `${at}: the property ${name} is not set up in this account.`, { field: name });
}

/**
 * An amount is in a currency that the account does not have.
 * Source: https://developers.hubspot.com/changelog/deal-currenct-code-validation
 */
function isUnknownCurrency(fault: PropertyFault | undefined): fault is PropertyFault {
  return fault?.error === 'INVALID_OPTION' && fault.name === currencyProperty;
}

function unknownCurrency(at: string, { name }: PropertyFault): Failure {
  return new Failure('invalid', `${at}: the account does not have the currency of the deal's amount. An administrator adds it in HubSpot's settings, under currencies.`, { field: name });
}

/** HubSpot lists faulty properties as JSON inside the message; the first one names the field. */
function propertyFault(message: string): PropertyFault | undefined {
  const list = /^Property values were not valid: (\[.*\])$/s.exec(message)?.[1];
  if (list === undefined) return undefined;
  try {
    return z.array(propertyFaultSchema).parse(JSON.parse(list))[0];
  } catch {
    return undefined;
  }
}

function fieldOf(fault: PropertyFault | undefined): { field?: string } {
  return fault ? { field: fault.name } : {};
}

function describe({ category, correlationId }: Partial<HubSpotErrorBody>, fault: PropertyFault | undefined): string {
  const parts = [category, fault && `${fault.error} of ${fault.name}`, correlationId && `correlation ${correlationId}`];
  const known = parts.filter((part) => part !== undefined && part !== '');
  return known.length > 0 ? ` (${known.join(', ')})` : '';
}
