import { asFailure, Failure } from '@crossdock/contracts';
import { sendInBatches, type RecordWritten } from '@crossdock/crm-connector';
import { z } from 'zod';
import { parseSaveResults, type SaveResult } from '../salesforce.collections.ts';
import { salesforceRecordFailure } from '../salesforce.errors.ts';
import { salesforceLimits } from '../salesforce.limits.ts';
import { externalKeyField } from '../salesforce.mapping.ts';
import { inList } from '../salesforce.query.ts';
import type { SalesforceSession } from '../salesforce.session.ts';
import { portionsOf, sendComposite, type Subrequest } from './composite.ts';
import type { SObjectName } from './object-types.ts';
import type { PlannedWrite } from './write-plan.ts';

const operation = 'records.write';
/** Failures of a whole collection that one of its records may have brought upon it. */
const ofOneRecord: ReadonlySet<Failure['kind']> = new Set(['invalid', 'not_found', 'conflict']);

/** Characters that the keys of one query may have together; Salesforce takes 100,000 of the whole query. */
const queriedCharacters = 90_000;
/** A composite call takes collections and the query that asks when their records were changed. */
const collectionsPerCall = salesforceLimits.queriesPerComposite - 1;

/** Writes records in collections, several in one call; a result a record, in order. */
export async function writeCollections(session: SalesforceSession, type: SObjectName, writes: readonly PlannedWrite[]): Promise<Array<RecordWritten | Failure>> {
  const results = new Map<PlannedWrite, RecordWritten | Failure>();
  for (const some of [writes.filter(({ kind }) => kind === 'update'), writes.filter(({ kind }) => kind === 'upsert')]) {
    const longest = Math.max(1, ...some.map((write) => nameOf(write).length));
    const outcomes = await sendInBatches(some, {
      keyOf: (write) => nameOf(write).toLowerCase(),
      maxBatchSize: Math.min(salesforceLimits.collectionSize * collectionsPerCall, Math.floor(queriedCharacters / (longest + 3))),
      send: (batch) => sendBatch(session, type, batch),
    });
    for (const [index, write] of some.entries()) results.set(write, outcomes[index] ?? noResult());
  }
  return writes.map((write) => results.get(write) ?? noResult());
}

/** Writes of one kind in one call, which tells as well when the records were changed by it. */
async function sendBatch(session: SalesforceSession, type: SObjectName, batch: readonly PlannedWrite[]): Promise<Array<RecordWritten | Failure>> {
  const collections = portionsOf(batch, salesforceLimits.collectionSize);
  const field = batch[0]?.kind === 'upsert' ? externalKeyField : 'Id';
  const q = `SELECT Id, SystemModstamp FROM ${type} WHERE ${field} IN ${inList(batch.map(nameOf))}`;
  const answers = await sendComposite(session, operation, [
    ...collections.map((writes) => toRequest(type, writes)), { method: 'GET', path: `query?${new URLSearchParams({ q }).toString()}` },
  ]);
  const outcomes = [];
  for (const [index, collection] of collections.entries()) outcomes.push(...await outcomesOf(session, type, collection, answers[index]));
  const changedAt = changeTimes(answers.at(-1));
  return outcomes.map((outcome) => {
    const modifiedAt = outcome instanceof Failure ? undefined : changedAt.get(outcome.id);
    return outcome instanceof Failure || modifiedAt === undefined ? outcome : { ...outcome, modifiedAt };
  });
}

function nameOf(write: PlannedWrite): string {
  return write.kind === 'update' ? write.id : write.key;
}

const timesSchema = z.object({ records: z.array(z.object({ Id: z.string(), SystemModstamp: z.string() })) });

/** The writes are done whether or not this was answered. */
function changeTimes(answer: unknown): Map<string, string> {
  const parsed = timesSchema.safeParse(answer);
  return new Map(parsed.success ? parsed.data.records.map(({ Id, SystemModstamp }) => [Id, new Date(SystemModstamp).toISOString()]) : []);
}

function noResult(): Failure {
  return new Failure('unexpected', 'The record got no result.');
}

/** A collection that was refused whole is sent again in halves, until the record that is to blame stands alone. */
async function outcomesOf(session: SalesforceSession, type: SObjectName, writes: readonly PlannedWrite[], answer: unknown): Promise<Array<RecordWritten | Failure>> {
  if (!(answer instanceof Failure)) return resultsOf(writes, answer);
  if (!ofOneRecord.has(answer.kind) || writes.length === 1) return writes.map(() => answer);
  return sendInBatches(writes, {
    keyOf: (write) => nameOf(write).toLowerCase(),
    maxBatchSize: Math.ceil(writes.length / 2),
    send: async (some) => {
      const [again] = await sendComposite(session, operation, [toRequest(type, some)]);
      if (again instanceof Failure) throw again;
      return resultsOf(some, again);
    },
  });
}

function toRequest(type: SObjectName, writes: readonly PlannedWrite[]): Subrequest {
  const records = writes.map((write) => ({ attributes: { type }, ...(write.kind === 'update' && { id: write.id }), ...write.body }));
  const path = writes[0]?.kind === 'upsert' ? `composite/sobjects/${type}/${externalKeyField}` : 'composite/sobjects';
  return { method: 'PATCH', path, body: { allOrNone: false, records } };
}

function resultsOf(writes: readonly PlannedWrite[], answer: unknown): Array<RecordWritten | Failure> {
  try {
    const saved = parseSaveResults(answer, operation);
    return writes.map((write, index) => toWritten(write, saved[index]));
  } catch (thrown) {
    const failure = asFailure(thrown);
    return writes.map(() => failure);
  }
}

function toWritten(write: PlannedWrite, saved: SaveResult | undefined): RecordWritten | Failure {
  if (!saved) return new Failure('outcome_unknown', `Salesforce answered ${operation} without a word on one of the records.`);
  if (saved.success && saved.id) return { outcome: 'written', id: saved.id, created: saved.created ?? false };
  const failure = salesforceRecordFailure(operation, saved.errors);
  // An id that is none is said of the record itself, and names no field.
  const isUnknownId = write.kind === 'update' && failure.field === undefined && saved.errors[0]?.statusCode === 'INVALID_CROSS_REFERENCE_KEY';
  return isUnknownId ? new Failure('not_found', `There is no ${write.id} in Salesforce.`) : failure;
}
