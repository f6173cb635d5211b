import { Failure, type FailureKind } from '@crossdock/contracts';
import { z } from 'zod';
import { dynamicsLimits } from './dynamics.limits.ts';

const errorBodySchema = z.object({ error: z.object({ code: z.string().max(100).optional(), message: z.string().optional() }) });

export interface DynamicsRefusal {
  readonly operation: string;
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

const kindByStatus: Readonly<Record<number, FailureKind>> = {
  400: 'invalid', 401: 'unauthorised', 403: 'forbidden', 404: 'not_found', 408: 'transient', 409: 'conflict', 412: 'conflict', 413: 'invalid', 429: 'rate_limited',
};
/**
 * Codes that say more than the status: a place in the changes that is forgotten, an owner who is disabled, and a row that another
 * transaction holds (a deadlock, or one that a plug-in swallowed) or held for too long.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes and
 * https://learn.microsoft.com/troubleshoot/power-platform/dataverse/bulk-operation-errors
 */
const kindByCode: Readonly<Record<string, FailureKind>> = {
  '0x80044352': 'cursor_expired', '0x80040225': 'invalid', '0x80044150': 'conflict', '0x80040255': 'conflict', '0x80044151': 'transient',
};
const fieldByCode: Readonly<Record<string, string>> = { '0x80040225': 'ownerid' };
const advice: Partial<Readonly<Record<FailureKind, string>>> = {
  invalid: 'it does not accept the data', unauthorised: "it does not accept the connection's token. Reconnect the environment",
  forbidden: 'the security role of the connected user lacks a privilege', not_found: 'there is no such row',
  conflict: 'the row exists already, was changed in between, or is held by another transaction', cursor_expired: 'it does not know any more what has changed since', rate_limited: 'too many calls',
};

/**
 * What a refused call means to the hub. Texts of Dataverse quote values, so that only its code and the name of a column
 * go into the message.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function dynamicsFailure({ operation, status, headers, body }: DynamicsRefusal): Failure {
  const { code, field = fieldByCode[code ?? ''] } = readErrorBody(body);
  const details = [code, field === undefined ? undefined : `column ${field}`].filter((part) => part !== undefined);
  const kind = kindByCode[code ?? ''] ?? kindByStatus[status] ?? (status >= 500 ? 'transient' : 'unexpected');
  const said = advice[kind];
  const message = `Dynamics answered ${operation} with ${status}${details.length > 0 ? ` (${details.join(', ')})` : ''}${said === undefined ? '' : `: ${said}`}.`;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new Failure(kind, message, {
    ...(kind === 'rate_limited' && { retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : dynamicsLimits.windowMs }),
    ...(field !== undefined && { field }),
  });
}

const columnIn = /(?:Invalid property|property named|length of the|The value \S{1,1000} of|Required field) '(\w{1,100})'/;

/** The forms in which Dataverse names a column: one it does not have, one whose value is too long, is no option of it, or is missing. */
function readErrorBody(body: string): { code: string | undefined; field: string | undefined } {
  try {
    const { error } = errorBodySchema.parse(JSON.parse(body));
    return { code: error.code, field: columnIn.exec(error.message ?? '')?.[1] };
  } catch {
    // A page instead of JSON, or nothing at all.
    return { code: undefined, field: undefined };
  }
}
