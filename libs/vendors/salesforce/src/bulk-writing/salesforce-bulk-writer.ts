import type { Connection } from '@crossdock/connections';
import { asFailure, Failure, type ObjectDescription } from '@crossdock/contracts';
import { afterJobs, type BulkOutcome, type BulkProgress, type BulkWriter, type RecordWrite, type RecordWritten } from '@crossdock/crm-connector';
import { z } from 'zod';
import { changeContactRoles } from '../records/contact-roles.ts';
import { isCsvValue, writeCsv } from '../records/csv.ts';
import { sobjectOf, type SObjectName } from '../records/object-types.ts';
import { planWrite, type PlannedWrite } from '../records/write-plan.ts';
import { WriteStates } from '../records/write-state.ts';
import type { SalesforceApiOptions } from '../salesforce.api.ts';
import { readRecordError, salesforceRecordFailure } from '../salesforce.errors.ts';
import { salesforceLimits } from '../salesforce.limits.ts';
import { externalKeyField } from '../salesforce.mapping.ts';
import { sessionOf, type SalesforceSession } from '../salesforce.session.ts';
import { changeTimesOf } from './change-times.ts';
import { awaitIngestJob, ingestResults, openIngestJob, type IngestOperation } from './ingest-job.ts';

const operationSchema = z.enum(['update', 'upsert']);
/** The jobs, and a line a write: in which job it is, and under which id or key; null for what goes by itself. */
const keptSchema = z.strictObject({
  jobs: z.array(z.strictObject({ operation: operationSchema, id: z.string() })),
  lines: z.array(z.tuple([operationSchema, z.string()]).nullable()),
});
type Kept = z.infer<typeof keptSchema>;

/** Refusals of a job that say that the organisation has none, or none left for the day. */
const withoutJobs: ReadonlySet<Failure['kind']> = new Set(['forbidden', 'invalid', 'not_found']);

export interface SalesforceBulkOptions extends SalesforceApiOptions {
  readonly now?: () => number;
  /** From so many writes of a kind on, jobs are used. */
  readonly bulkWritesFrom?: number;
  /** How long the first pause between two looks at a job is; each further one is twice as long. */
  readonly bulkFirstPauseMs?: number;
}

/**
 * Very many writes by ingest jobs of Bulk API 2.0: one for records that are told by their ids, one for those that are told by the
 * hub's key. A record that is named twice, a value that CSV cannot say, and all of a job that failed as a whole go by themselves.
 */
export class SalesforceBulkWriter implements BulkWriter {
  readonly from: number;
  readonly most = salesforceLimits.mostBulkWrites;
  readonly #options: SalesforceBulkOptions;

  constructor(options: SalesforceBulkOptions) {
    this.#options = options;
    this.from = options.bulkWritesFrom ?? salesforceLimits.bulkWritesFrom;
  }

  async write(
    connection: Connection, description: ObjectDescription, writes: readonly RecordWrite[], { kept: text, keep }: BulkProgress, signal: AbortSignal,
  ): Promise<BulkOutcome[] | undefined> {
    const session = sessionOf(this.#options, connection, signal);
    const kept = text === undefined ? await this.#begin(session, description, writes, keep) : keptSchema.parse(JSON.parse(text));
    const states = new Map<string, 'over' | 'gone'>();
    for (const { id } of kept.jobs) {
      const state = await awaitIngestJob(session, id, this.#options.bulkFirstPauseMs);
      if (state === 'under_way') return undefined;
      states.set(id, state);
    }
    const told = new Map<IngestOperation, ReadonlyMap<string, RecordWritten | Failure>>();
    for (const { operation, id } of kept.jobs) told.set(operation, states.get(id) === 'over' ? await outcomesOf(session, id, operation) : new Map());
    const changedAt = await changeTimesOf(session, sobjectOf[description.object], [...told.values()].flatMap((outcomes) => [...outcomes.values()]));
    const outcomes = kept.lines.map((line): BulkOutcome => {
      const outcome = line === null ? undefined : told.get(line[0])?.get(line[1]);
      const modifiedAt = outcome && 'id' in outcome ? changedAt.get(outcome.id) : undefined;
      return outcome === undefined ? 'not_taken' : outcome instanceof Failure || modifiedAt === undefined ? outcome : { ...outcome, modifiedAt };
    });
    // A record whose contacts could not be changed is not done.
    return description.object === 'deal' ? await afterJobs(writes, outcomes, (taken, results) => changeContactRoles(session, taken, results)) : outcomes;
  }

  /** Brings the records; what the jobs are is kept before the first of them is closed. */
  async #begin(session: SalesforceSession, description: ObjectDescription, writes: readonly RecordWrite[], keep: BulkProgress['keep']): Promise<Kept> {
    const type = sobjectOf[description.object];
    const states = await WriteStates.load(session, description.object, writes);
    const seen = new Set<string>();
    const plans = writes.map((write) => {
      const plan = planWrite(write, { description, settings: session.settings, states, nowMs: (this.#options.now ?? Date.now)() });
      const name = plan instanceof Failure ? '' : nameOf(plan);
      if (plan instanceof Failure || seen.has(name) || Object.keys(plan.body).length === 0 || !Object.values(plan.body).every(isCsvValue)) return undefined;
      seen.add(name);
      return plan;
    });
    try {
      const jobs = await openJobs(session, type, plans.filter((plan) => plan !== undefined));
      const kept: Kept = { jobs, lines: plans.map((plan) => plan === undefined ? null : [plan.kind, nameOf(plan)]) };
      await keep(JSON.stringify(kept));
      return kept;
    } catch (thrown) {
      if (!withoutJobs.has(asFailure(thrown).kind)) throw thrown;
      return { jobs: [], lines: writes.map(() => null) };
    }
  }
}

/** Salesforce compares both without regard to case here; ids differ in their last three characters as well where case does. */
function nameOf(plan: PlannedWrite): string {
  return plan.kind === 'update' ? plan.id : plan.key.toLowerCase();
}

async function openJobs(session: SalesforceSession, type: SObjectName, plans: readonly PlannedWrite[]): Promise<Kept['jobs']> {
  const jobs: Kept['jobs'] = [];
  for (const operation of operationSchema.options) {
    const rows = plans.filter(({ kind }) => kind === operation).map((plan) => ({ ...(plan.kind === 'update' && { Id: plan.id }), ...plan.body }));
    if (rows.length > 0) jobs.push({ operation, id: await openIngestJob(session, type, operation, writeCsv(rows)) });
  }
  return jobs;
}

/** What a job says of its records, by the names that they have in it. What it left undone is not among them. */
async function outcomesOf(session: SalesforceSession, jobId: string, operation: IngestOperation): Promise<Map<string, RecordWritten | Failure>> {
  const outcomes = new Map<string, RecordWritten | Failure>();
  const nameIn = (row: Record<string, string | null>): string => (operation === 'update' ? row['Id'] ?? '' : row[externalKeyField]?.toLowerCase() ?? '');
  for await (const row of ingestResults(session, jobId, 'successfulResults')) {
    const id = row['sf__Id'];
    if (id) outcomes.set(nameIn(row), { outcome: 'written', id, created: row['sf__Created'] === 'true' });
  }
  for await (const row of ingestResults(session, jobId, 'failedResults')) outcomes.set(nameIn(row), failureOf(row['sf__Error'] ?? '', operation, nameIn(row)));
  return outcomes;
}

function failureOf(text: string, operation: IngestOperation, name: string): Failure {
  const error = readRecordError(text);
  const isUnknownId = operation === 'update' && error.statusCode === 'INVALID_CROSS_REFERENCE_KEY' && error.fields?.length === 0;
  return isUnknownId ? new Failure('not_found', `There is no ${name} in Salesforce.`) : salesforceRecordFailure('ingest', [error]);
}
