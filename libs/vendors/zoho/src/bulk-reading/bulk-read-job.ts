import { setTimeout as wait } from 'node:timers/promises';
import { asFailure } from '@crossdock/contracts';
import { parse } from 'csv-parse';
import { z } from 'zod';
import type { ZohoApi } from '../zoho.api.ts';
import type { ZohoModule } from '../zoho.coql.ts';
import { zohoLimits } from '../zoho.limits.ts';
import { onlyFileIn } from './zip-entry.ts';

const madeSchema = z.object({ data: z.tuple([z.object({ details: z.object({ id: z.string().regex(/^[0-9]+$/) }) })]) });
const jobSchema = z.object({ data: z.tuple([z.object({ state: z.string(), result: z.object({ more_records: z.boolean().nullish() }).nullish() })]) });
const countSchema = z.object({ count: z.int() });

/** How many records a module has. @throws Failure */
export async function countRecords(api: ZohoApi, module: ZohoModule): Promise<number> {
  return (await api.send(countSchema, { method: 'GET', path: `${module}/actions/count`, operation: 'records.count' }))?.count ?? 0;
}

/**
 * Has Zoho prepare a page of a module's records, up to 200,000 of them.
 * @returns the job's id, or undefined where the organisation or the app may have no such job.
 * Source: https://www.zoho.com/crm/developer/docs/api/v8/bulk-read/overview.html
 */
export async function beginBulkRead(api: ZohoApi, module: ZohoModule, { fields, page }: { readonly fields: readonly string[]; readonly page: number }): Promise<string | undefined> {
  try {
    const answer = await api.send(madeSchema, {
      method: 'POST', path: 'read', isBulk: true, operation: 'bulkRead.create', body: { query: { module: { api_name: module }, fields, page }, file_type: 'csv' },
    });
    return answer?.data[0].details.id;
  } catch (thrown) {
    if (['forbidden', 'invalid', 'not_found'].includes(asFailure(thrown).kind)) return undefined;
    throw thrown;
  }
}

export interface BulkReadState {
  readonly state: 'complete' | 'under_way' | 'gone';
  readonly hasMore: boolean;
}

/** Waits for a job for as long as one call may take; `gone` is one of which nothing will come. */
export async function awaitBulkRead(api: ZohoApi, jobId: string, { firstPauseMs, signal }: { readonly firstPauseMs: number; readonly signal: AbortSignal }): Promise<BulkReadState> {
  let pauseMs = firstPauseMs;
  for (let waitedMs = 0; waitedMs < zohoLimits.bulkWaitMs; pauseMs = Math.min(2 * pauseMs, zohoLimits.bulkLongestPauseMs)) {
    const job = await lookAt(api, jobId);
    const state = job?.data[0].state;
    if (state === undefined || state === 'FAILURE' || state === 'FAILED') return { state: 'gone', hasMore: false };
    if (state === 'COMPLETED') return { state: 'complete', hasMore: job?.data[0].result?.more_records === true };
    waitedMs += pauseMs;
    await wait(pauseMs, undefined, { signal });
  }
  return { state: 'under_way', hasMore: true };
}

/** The records of a job that is complete, as its CSV has them, read as they are asked for. @throws Failure where the file cannot be had. */
export async function bulkReadRows(api: ZohoApi, jobId: string): Promise<AsyncIterator<Record<string, string>>> {
  const file = onlyFileIn(await api.download({ path: `read/${jobId}/result`, isBulk: true, operation: 'bulkRead.result' }));
  const rows = parse({ columns: true, bom: true });
  file.on('error', (error) => rows.destroy(error));
  return file.pipe(rows)[Symbol.asyncIterator]();
}

async function lookAt(api: ZohoApi, jobId: string): Promise<z.infer<typeof jobSchema> | undefined> {
  try {
    return await api.send(jobSchema, { method: 'GET', path: `read/${jobId}`, isBulk: true, operation: 'bulkRead.get' });
  } catch (thrown) {
    if (asFailure(thrown).kind === 'not_found') return undefined;
    throw thrown;
  }
}
