import { setTimeout as wait } from 'node:timers/promises';
import { asFailure, Failure } from '@crossdock/contracts';
import { z } from 'zod';
import { salesforceLimits } from '../salesforce.limits.ts';
import { externalKeyField } from '../salesforce.mapping.ts';
import type { SalesforceSession } from '../salesforce.session.ts';
import { readCsv } from '../records/csv.ts';
import type { SObjectName } from '../records/object-types.ts';

const jobSchema = z.object({ id: z.string().regex(/^\w{15,18}$/), state: z.string() });
const over: ReadonlySet<string> = new Set(['JobComplete', 'Failed', 'Aborted']);

export type IngestOperation = 'update' | 'upsert';

/**
 * Opens a job and brings its records; nothing is done before it is closed. A job that is never closed does nothing, and Salesforce
 * removes it after seven days.
 * @param csv as `writeCsv` makes it, with the column `Id` or that of the hub's key
 * Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/walkthrough-upsert.html
 */
export async function openIngestJob(session: SalesforceSession, type: SObjectName, operation: IngestOperation, csv: string): Promise<string> {
  const job = { object: type, operation, contentType: 'CSV', lineEnding: 'LF', ...(operation === 'upsert' && { externalIdFieldName: externalKeyField }) };
  const { id } = read((await session.request('ingest.create', { method: 'POST', path: 'jobs/ingest', body: job, isIdempotent: false })).text());
  await session.request('ingest.upload', { method: 'PUT', path: `jobs/ingest/${id}/batches`, csv, isIdempotent: false });
  return id;
}

/**
 * Has a job done, and waits for it for as long as one call may take.
 * @returns `gone` where Salesforce does not know it any more.
 */
export async function awaitIngestJob(
  session: SalesforceSession, jobId: string, firstPauseMs: number = salesforceLimits.bulkFirstPauseMs,
): Promise<'over' | 'under_way' | 'gone'> {
  let pauseMs = firstPauseMs;
  for (let waitedMs = 0; waitedMs < salesforceLimits.bulkWaitMs; pauseMs = Math.min(2 * pauseMs, salesforceLimits.bulkLongestPauseMs)) {
    const state = await stateOf(session, jobId);
    if (state === undefined) return 'gone';
    if (over.has(state)) return 'over';
    if (state === 'Open') await session.request('ingest.close', { method: 'PATCH', path: `jobs/ingest/${jobId}`, body: { state: 'UploadComplete' }, isIdempotent: false });
    waitedMs += pauseMs;
    await wait(pauseMs, undefined, { signal: session.signal });
  }
  return 'under_way';
}

/** The records of a job that ended in this way, each with what the job says of it in `sf__…`; none where the job is gone. */
export async function* ingestResults(session: SalesforceSession, jobId: string, kind: 'successfulResults' | 'failedResults'): AsyncGenerator<Record<string, string | null>> {
  for (let locator: string | undefined, hasMore = true; hasMore;) {
    const query = new URLSearchParams({ ...(locator !== undefined && { locator }), maxRecords: String(salesforceLimits.ingestResultsPerCall) });
    const response = await session.request('ingest.results', { method: 'GET', path: `jobs/ingest/${jobId}/${kind}?${query.toString()}`, accept: 'text/csv' });
    yield* readCsv(response.text());
    const next = response.headers.get('sforce-locator');
    hasMore = next !== null && next !== 'null' && next !== '';
    locator = next ?? undefined;
  }
}

async function stateOf(session: SalesforceSession, jobId: string): Promise<string | undefined> {
  try {
    return read((await session.request('ingest.get', { method: 'GET', path: `jobs/ingest/${jobId}` })).text()).state;
  } catch (thrown) {
    if (asFailure(thrown).kind === 'not_found') return undefined;
    throw thrown;
  }
}

function read(text: string): z.infer<typeof jobSchema> {
  try {
    return jobSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Failure('unexpected', "Salesforce's answer about an ingest job is not as documented.", { cause });
  }
}
