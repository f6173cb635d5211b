import type { Connection } from '@crossdock/connections';
import { asFailure, Failure, type CrmObject, type ObjectDescription } from '@crossdock/contracts';
import { afterJobs, type BulkOutcome, type BulkProgress, type BulkWriter, type RecordWrite, type RecordWritten } from '@crossdock/crm-connector';
import { z } from 'zod';
import { changeRoles } from '../records/zoho.associations.ts';
import { moduleOf } from '../records/zoho.modules.ts';
import type { Organisation } from '../records/zoho.rows.ts';
import { prepareWrites, targetIdOf } from '../records/zoho.writes.ts';
import type { ZohoApi } from '../zoho.api.ts';
import { zohoRecordFailure } from '../zoho.errors.ts';
import { zohoLimits } from '../zoho.limits.ts';
import { keyField } from '../zoho.mapping.ts';
import { awaitBulkWrite, beginBulkWrite, bulkWriteResults, isJobValue } from './bulk-write-job.ts';

const operationSchema = z.enum(['update', 'upsert']);
type Operation = z.infer<typeof operationSchema>;
/** The jobs, and a line a write: in which job it is, and under which id or key; null for what goes by itself. */
const keptSchema = z.strictObject({
  jobs: z.array(z.strictObject({ operation: operationSchema, id: z.string() })), lines: z.array(z.tuple([operationSchema, z.string()]).nullable()),
});
type Kept = z.infer<typeof keptSchema>;

const findBy: Readonly<Record<Operation, string>> = { update: 'id', upsert: keyField };
const withoutJobs: ReadonlySet<Failure['kind']> = new Set(['forbidden', 'invalid', 'not_found']);

export interface ZohoBulkOptions {
  readonly firstPauseMs: number | undefined;
  readonly apiOf: (connection: Connection, signal: AbortSignal) => ZohoApi;
  readonly factsFor: (connection: Connection, object: CrmObject, api: ZohoApi, writes: readonly RecordWrite[]) => Promise<{ readonly organisation: Organisation; readonly currentFields: ReadonlySet<string> }>;
}

/**
 * Very many writes by bulk write jobs. Zoho begins a job with the call that makes it: a process that dies in that moment leaves one that nobody asks for, and
 * what it wrote, told by id or unique key, is written once more as it is. What empties a field, or is named twice, goes by itself.
 */
export class ZohoBulkWriter implements BulkWriter {
  readonly from = zohoLimits.bulkWritesFrom;
  readonly most = zohoLimits.mostBulkWrites;
  readonly #options: ZohoBulkOptions;

  constructor(options: ZohoBulkOptions) {
    this.#options = options;
  }

  async write(
    connection: Connection, description: ObjectDescription, writes: readonly RecordWrite[], { kept: text, keep }: BulkProgress, signal: AbortSignal,
  ): Promise<BulkOutcome[] | undefined> {
    const api = this.#options.apiOf(connection, signal);
    const { jobs, lines } = text === undefined ? await this.#begin(connection, api, description, writes, keep) : keptSchema.parse(JSON.parse(text));
    const results = new Map<Operation, string>();
    for (const { operation, id } of jobs) {
      const state = await awaitBulkWrite(api, id, this.#options.firstPauseMs ?? zohoLimits.bulkFirstPauseMs);
      if (state === 'under_way') return undefined;
      if (state !== 'gone') results.set(operation, state.url);
    }
    const told = new Map<Operation, Map<string, RecordWritten | Failure>>();
    for (const [operation, url] of results) told.set(operation, await outcomesOf(api, description.object, operation, url));
    const outcomes = lines.map((line): BulkOutcome => (line === null ? undefined : told.get(line[0])?.get(line[1])) ?? 'not_taken');
    return description.object === 'deal' ? await afterJobs(writes, outcomes, (taken, done) => changeRoles(api, taken, done)) : outcomes;
  }

  async #begin(connection: Connection, api: ZohoApi, description: ObjectDescription, writes: readonly RecordWrite[], keep: BulkProgress['keep']): Promise<Kept> {
    const prepared = await prepareWrites(api, description, writes, await this.#options.factsFor(connection, description.object, api, writes));
    const seen = new Set<string>();
    const planned = prepared.map((each) => {
      if (each instanceof Failure || Object.keys(each.values).length === 0 || !Object.values(each.values).every(isJobValue)) return undefined;
      const id = targetIdOf(each);
      const name = id ?? String(each.values[keyField]).toLowerCase();
      if (seen.has(name)) return undefined;
      seen.add(name);
      return id === undefined ? { operation: 'upsert' as const, name, record: each.values } : { operation: 'update' as const, name, record: { id, ...each.values } };
    });
    try {
      const jobs: Kept['jobs'] = [];
      for (const operation of operationSchema.options) {
        const records = planned.flatMap((plan) => (plan?.operation === operation ? [plan.record] : []));
        if (records.length > 0) jobs.push({ operation, id: await beginBulkWrite(api, { module: moduleOf(description.object), operation, findBy: findBy[operation], records }) });
      }
      const kept: Kept = { jobs, lines: planned.map((plan) => (plan === undefined ? null : [plan.operation, plan.name])) };
      await keep(JSON.stringify(kept));
      return kept;
    } catch (thrown) {
      if (!withoutJobs.has(asFailure(thrown).kind)) throw thrown;
      return { jobs: [], lines: writes.map(() => null) };
    }
  }
}

/** What a job says of its records, by the names that they have in it; what it left undone is not among them. */
async function outcomesOf(api: ZohoApi, object: CrmObject, operation: Operation, url: string): Promise<Map<string, RecordWritten | Failure>> {
  const outcomes = new Map<string, RecordWritten | Failure>();
  for await (const { name, status, id, errors } of bulkWriteResults(api, url, findBy[operation])) {
    const key = operation === 'update' ? name : name.toLowerCase();
    if ((status === 'ADDED' || status === 'UPDATED') && id !== '') outcomes.set(key, { outcome: 'written', id, created: status === 'ADDED' });
    else if (status === 'SKIPPED') outcomes.set(key, failureOf(errors, object, operation, name));
  }
  return outcomes;
}

/** `CODE-column`, several separated by colons. Source: https://zoho.com/crm/developer/docs/api/v2/bulk-write/download-result.html */
function failureOf(errors: string, object: CrmObject, operation: Operation, name: string): Failure {
  const [, code = 'INVALID_DATA', column] = /^([A-Z_]{1,100})(?:-([^,:]{1,100}))?/.exec(errors) ?? [];
  if (operation === 'update' && (code === 'RESOURCE_NOT_FOUND' || column === 'id')) return new Failure('not_found', `Zoho has no ${object} ${name}, or it is deleted.`, { record: `zoho ${object} ${name}` });
  return zohoRecordFailure(`${object}.bulkWrite`, { code, details: { ...(column !== undefined && { api_name: column }) } });
}
