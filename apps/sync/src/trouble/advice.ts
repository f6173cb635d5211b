import type { FailureKind } from '@crossdock/contracts';
import { z } from 'zod';
import { recordErrorSchema, type RecordError } from './trouble.repository.ts';

/** A record that an account did not take, with what a person can do about it. */
export const advisedErrorSchema = recordErrorSchema.extend({ advice: z.string().describe('What to do, for people.') }).meta({ id: 'SyncError' });
export type AdvisedError = z.infer<typeof advisedErrorSchema>;

export function advised(error: RecordError): AdvisedError {
  return { ...error, advice: adviceFor(error.kind) };
}

function adviceFor(kind: FailureKind): string {
  switch (kind) {
    case 'invalid': return 'Correct the value where it comes from, or change the mapping of this field; the record is then tried again by itself.';
    case 'not_found': return 'The record was deleted in the account while it was written. Nothing is to be done: what follows is up to the policy for records that are gone.';
    case 'conflict': return 'A rule of the account against doubles, or a lock, is in the way: look at the record there, then retry.';
    case 'forbidden': return 'The connected user may not write this: an administrator of the account gives the permission, then retry.';
    case 'unauthorised': return 'Connect the account again; the record is then tried again by itself.';
    case 'dependency_missing': return 'The account lacks something that the set-up makes: run the set-up of the connection again, then retry.';
    case 'quota_exhausted':
    case 'rate_limited': return 'The account’s limit was used up: retry later.';
    case 'transient':
    case 'outcome_unknown':
    case 'cursor_expired':
    case 'unexpected': return 'Retry. If it happens again, hand the message and the record’s id to whoever runs the hub.';
  }
}
