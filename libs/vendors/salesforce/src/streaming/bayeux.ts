import { Failure } from '@crossdock/contracts';
import { z } from 'zod';
import { salesforceLimits } from '../salesforce.limits.ts';

/** A message as Salesforce's streaming answers it: to one of ours, or an event of a channel. */
export const bayeuxMessageSchema = z.object({
  channel: z.string(),
  successful: z.boolean().optional(),
  clientId: z.string().max(100).optional(),
  error: z.string().max(1_000).optional(),
  advice: z.object({ reconnect: z.string().optional(), interval: z.number().optional() }).optional(),
  ext: z.object({ sfdc: z.object({ failureReason: z.string().max(1_000).optional() }).optional() }).optional(),
  data: z.unknown().optional(),
});
export type BayeuxMessage = z.infer<typeof bayeuxMessageSchema>;

/** Why a message was refused; a refused handshake tells the reason apart from its own error. */
function reasonOf({ error, ext }: BayeuxMessage): string {
  return ext?.sfdc?.failureReason ?? error ?? '';
}

/** Whether the token was refused, so that another one may help. */
export function refusesSession(message: BayeuxMessage): boolean {
  return message.successful === false && reasonOf(message).startsWith('401::');
}

/** Whether Salesforce has forgotten who listens: a new handshake is all that is needed. */
export function hasForgottenClient(message: BayeuxMessage): boolean {
  return message.successful === false && (message.advice?.reconnect === 'handshake' || /^40[23]::Unknown client/i.test(reasonOf(message)));
}

/**
 * What a refused message means to the hub. The number stands for several things, so that the words decide; Salesforce's own are
 * not repeated where they may quote values.
 * Source: https://developer.salesforce.com/docs/platform/api-streaming/guide/streaming-error-codes.html
 */
export function streamingFailure(operation: string, message: BayeuxMessage): Failure {
  const reason = reasonOf(message);
  if (/replayid/i.test(reason)) return new Failure('cursor_expired', 'Salesforce does not know any more what its change events told up to this place.');
  if (/daily limit/i.test(reason)) {
    return new Failure('quota_exhausted', 'The organisation’s change events of the last 24 hours are used up; changes are asked for until they come back.', { retryAfterMs: salesforceLimits.quotaRetryMs });
  }
  if (/limit exceeded/i.test(reason)) {
    return new Failure('rate_limited', 'So many clients listen to the organisation already that Salesforce takes no further one; changes are asked for meanwhile.', { retryAfterMs: salesforceLimits.streamBusyRetryMs });
  }
  const code = /^\d{3}/.exec(reason)?.[0];
  if (code === '401') return new Failure('transient', `Salesforce refused ${operation} with a token that it had just given.`);
  if (code === '403') return new Failure('forbidden', `Salesforce does not let the connected user listen to change events (${operation}, 403).`);
  if (code?.startsWith('5')) return new Failure('transient', `Salesforce answered ${operation} with ${code}.`);
  return new Failure('unexpected', `Salesforce refused ${operation}${code === undefined ? '' : ` with ${code}`}.`);
}
