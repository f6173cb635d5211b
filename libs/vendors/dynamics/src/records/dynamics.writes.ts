import { sendInBatches, type RecordWrite, type RecordWritten } from '@crossdock/crm-connector';
import { asFailure, Failure, type CrmObject, type ObjectDescription } from '@crossdock/contracts';
import { z } from 'zod';
import type { DynamicsSession } from '../dynamics.api.ts';
import type { BatchPart, BatchPartAnswer } from '../dynamics.batch.ts';
import { dynamicsLimits } from '../dynamics.limits.ts';
import { failureOf, upsertedRow } from '../dynamics.upserted.ts';
import { tableOf } from './dynamics.tables.ts';
import { findTargets } from './dynamics.targets.ts';
import { notFound, planWrite, type PlannedWrite } from './dynamics.write-plan.ts';

type WriteResult = RecordWritten | Failure;

const writtenSchema = z.object({ modifiedon: z.string() });

/** Writes rows of one kind, after one look at those that are there; a result a write, in order. It does not throw a `Failure`. */
export async function writeDynamicsRecords(
  session: DynamicsSession, description: ObjectDescription, writes: readonly RecordWrite[], currencies: ReadonlyMap<string, string>,
): Promise<WriteResult[]> {
  const { object } = description;
  try {
    const targets = await findTargets(session, description, writes);
    const plans = writes.map((write) => planWrite(write, targets.get(write), { accountId: session.connection.accountId, description, currencies }));
    const toSend = plans.filter((plan): plan is PlannedWrite => !(plan instanceof Failure));
    const byPlan = new Map((await Promise.all(lanesOf(toSend).map(async (lane) => {
      const results = await sendInBatches<PlannedWrite, RecordWritten>(lane, {
        keyOf: ({ id }) => id, maxBatchSize: dynamicsLimits.writesPerBatch, send: (batch) => sendPlans(session, object, batch),
      });
      return lane.map((plan, index) => [plan, results[index]] as const);
    }))).flat());
    return plans.map((plan) => (plan instanceof Failure ? plan : byPlan.get(plan) ?? new Failure('unexpected', 'The record got no result.')));
  } catch (thrown) {
    const failure = asFailure(thrown);
    return writes.map(() => failure);
  }
}

/** Very many writes go out in two lanes, those to one row in the same one, in their order. */
function lanesOf(plans: readonly PlannedWrite[]): ReadonlyArray<readonly PlannedWrite[]> {
  if (plans.length <= dynamicsLimits.writesPerBatch) return [plans];
  const lanes: PlannedWrite[][] = [[], []];
  for (const [index, some] of [...Map.groupBy(plans, ({ id }) => id).values()].entries()) lanes[index % lanes.length]?.push(...some);
  return lanes;
}

/** A plan's requests stand one after the other in the batch; what is done with a row moves its time, which is asked for at the end. */
async function sendPlans(session: DynamicsSession, object: CrmObject, plans: readonly PlannedWrite[]): Promise<WriteResult[]> {
  const operation = `${object}.write`;
  const parts = plans.map((plan) => partsOf(object, plan));
  const answers = (await session.batch(operation, parts.flat())).values();
  return plans.map((plan, index) => {
    const own = (parts[index] ?? []).map(() => answers.next().value);
    return toResult(operation, object, plan, own);
  });
}

function partsOf(object: CrmObject, { id, row, afterwards }: PlannedWrite): BatchPart[] {
  if (afterwards.length === 0) return row ? [row] : [];
  const { entitySet } = tableOf(object);
  return [...(row ? [row] : []), ...afterwards, { method: 'GET', path: `${entitySet}(${id})?$select=modifiedon` }];
}

function toResult(operation: string, object: CrmObject, { id, isByKey, row, afterwards }: PlannedWrite, answers: ReadonlyArray<BatchPartAnswer | undefined>): WriteResult {
  // It is there, as was seen, and nothing of it is to be changed.
  if (!row && afterwards.length === 0) return { outcome: 'written', id, created: false };
  const refused = answers.findIndex((answer, index) => failureOf(operation, answer) !== undefined && !isConnectionGone(answer, (row ? index - 1 : index), afterwards));
  const failure = refused === -1 ? undefined : failureOf(operation, answers[refused]);
  if (failure) return row && refused === 0 && answers[0]?.status === 404 && failure.field === undefined ? missing(object, id, isByKey, answers[0]) ?? failure : failure;
  const last = upsertedRow(operation, answers.at(-1), writtenSchema);
  if (last instanceof Failure) return last;
  return { outcome: 'written', id, created: row !== undefined && answers[0]?.status === 201, modifiedAt: new Date(last.values.modifiedon).toISOString() };
}

/** A connection that somebody took away before is no fault. */
function isConnectionGone(answer: BatchPartAnswer | undefined, position: number, afterwards: readonly BatchPart[]): boolean {
  return answer?.status === 404 && afterwards[position]?.method === 'DELETE';
}

/** The row itself is not there, not one that it refers to. One that was found by its key a moment ago is made by the next attempt. */
function missing(object: CrmObject, id: string, isByKey: boolean, { body }: BatchPartAnswer): Failure | undefined {
  if (!body.toLowerCase().includes(id.toLowerCase())) return undefined;
  return isByKey ? new Failure('conflict', `The ${object} ${id} of Dynamics was deleted while it was written.`, { record: `dynamics ${object} ${id}` }) : notFound(object, id);
}
