import { setTimeout as wait } from 'node:timers/promises';
import { asFailure } from '@crossdock/contracts';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { onlyFileIn } from '../bulk-reading/zip-entry.ts';
import type { ZohoApi } from '../zoho.api.ts';
import type { ZohoModule } from '../zoho.coql.ts';
import { zohoLimits } from '../zoho.limits.ts';
import { archiveOf } from './zip-archive.ts';

const madeSchema = z.object({ details: z.object({ id: z.string().regex(/^[0-9]+$/) }) });
const jobSchema = z.object({ status: z.string(), result: z.object({ download_url: z.string() }).nullish() });

export interface NewJob {
  readonly module: ZohoModule;
  readonly operation: 'update' | 'upsert';
  /** The field that tells the records, with a value in each. */
  readonly findBy: string;
  /** Values as the interface takes them; what a record does not have stays as it is. */
  readonly records: ReadonlyArray<Readonly<Record<string, unknown>>>;
}

/** Whether a job can be told to write this value: it takes what is empty for nothing said. */
export function isJobValue(value: unknown): boolean {
  return value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/**
 * Begins a job that writes records. The field that tells them comes first: a job's result repeats three columns only.
 * Source: https://www.zoho.com/crm/developer/docs/api/v3/bulk-write/create-job.html
 * @throws Failure
 */
export async function beginBulkWrite(api: ZohoApi, { module, operation, findBy, records }: NewJob): Promise<string> {
  const columns = [...new Set([findBy, ...records.flatMap((record) => Object.keys(record))])];
  const csv = stringify([columns, ...records.map((record) => columns.map((name) => cellOf(record[name])))], { quoted_string: true, record_delimiter: '\n' });
  const fileId = await api.upload(archiveOf(`${module}.csv`, csv));
  const isLookup = (name: string): boolean => records.some((record) => linkSchema.safeParse(record[name]).success);
  const answer = await api.send(madeSchema, {
    method: 'POST', path: 'write', isBulk: true, operation: 'bulkWrite.create',
    body: {
      operation, ignore_empty: true,
      resource: [{ type: 'data', module: { api_name: module }, file_id: fileId, find_by: findBy, field_mappings: columns.map((name, index) => ({ api_name: name, index, ...(isLookup(name) && { find_by: 'id' }) })) }],
    },
  });
  return madeSchema.parse(answer).details.id;
}

/** Waits for a job for as long as one call may take. @returns where its result is, once there is one; `gone` for one of which nothing will come. */
export async function awaitBulkWrite(api: ZohoApi, jobId: string, firstPauseMs: number): Promise<{ readonly url: string } | 'under_way' | 'gone'> {
  let pauseMs = firstPauseMs;
  for (let waitedMs = 0; waitedMs < zohoLimits.bulkWaitMs; pauseMs = Math.min(2 * pauseMs, zohoLimits.bulkLongestPauseMs)) {
    const job = await lookAt(api, jobId);
    if (job?.result) return { url: job.result.download_url };
    if (job === undefined || job.status === 'FAILED' || job.status === 'COMPLETED') return 'gone';
    waitedMs += pauseMs;
    await wait(pauseMs, undefined, { signal: api.signal });
  }
  return 'under_way';
}

/** A job's result, record by record: the value that tells it, and what became of it. */
export async function* bulkWriteResults(api: ZohoApi, url: string, findBy: string): AsyncGenerator<{ readonly name: string; readonly status: string; readonly id: string; readonly errors: string }> {
  const file = onlyFileIn(await api.download({ url: api.fileAddress(url), operation: 'bulkWrite.result' }));
  const rows = parse({ columns: true, bom: true });
  file.on('error', (error) => rows.destroy(error));
  for await (const row of file.pipe(rows)) {
    const { [findBy]: name = '', STATUS: status = '', RECORD_ID: id = '', ERRORS: errors = '' } = z.record(z.string(), z.string()).parse(row);
    yield { name, status, id, errors };
  }
}

const linkSchema = z.object({ id: z.string() });

function cellOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.join(';');
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : linkSchema.parse(value).id;
}

async function lookAt(api: ZohoApi, jobId: string): Promise<z.infer<typeof jobSchema> | undefined> {
  try {
    return await api.send(jobSchema, { method: 'GET', path: `write/${jobId}`, isBulk: true, operation: 'bulkWrite.get' });
  } catch (thrown) {
    if (asFailure(thrown).kind === 'not_found') return undefined;
    throw thrown;
  }
}
