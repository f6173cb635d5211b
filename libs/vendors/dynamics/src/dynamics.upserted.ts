import { Failure, parseJson } from '@crossdock/contracts';
import type { z } from 'zod';
import type { BatchPartAnswer } from './dynamics.batch.ts';
import { dynamicsFailure } from './dynamics.errors.ts';

/**
 * What a batch says of one row that was upserted and asked for: 201 where it was made, 200 where it was there.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/use-upsert-insert-update-record
 */
export function upsertedRow<Schema extends z.ZodType>(
  operation: string, answer: BatchPartAnswer | undefined, schema: Schema,
): { readonly values: z.infer<Schema>; readonly created: boolean } | Failure {
  const failure = failureOf(operation, answer);
  if (failure) return failure;
  const parsed = schema.safeParse(parseJson(answer?.body ?? ''));
  return parsed.success
    ? { values: parsed.data, created: answer?.status === 201 }
    : new Failure('unexpected', `Dynamics' answer to ${operation} is not as documented.`, { cause: parsed.error });
}

/** What a part of a batch answers. @throws Failure where it was refused. */
export function readPart<Schema extends z.ZodType>(operation: string, answer: BatchPartAnswer | undefined, schema: Schema): z.infer<Schema> {
  const row = upsertedRow(operation, answer, schema);
  if (row instanceof Failure) throw row;
  return row.values;
}

/** Why a part of a batch was not done, or undefined where it was. */
export function failureOf(operation: string, answer: BatchPartAnswer | undefined): Failure | undefined {
  if (answer === undefined) return new Failure('outcome_unknown', `Dynamics answered ${operation} without a word on one of the rows.`);
  if (answer.status >= 200 && answer.status <= 299) return undefined;
  return dynamicsFailure({ operation, status: answer.status, headers: answer.headers, body: answer.body });
}
