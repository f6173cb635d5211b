import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@crossdock/contracts';
import { z } from 'zod';
import { salesforceLimits } from '../salesforce.limits.ts';
import type { SalesforceSession } from '../salesforce.session.ts';
import type { Row } from './composite.ts';
import { readCsv } from './csv.ts';

const jobSchema = z.object({ id: z.string(), state: z.string() });
const over: ReadonlySet<string> = new Set(['JobComplete', 'Failed', 'Aborted']);

/**
 * Has Salesforce prepare all that a query brings, deleted records too, in the background.
 * @returns the job's id, or undefined where the organisation has no such jobs, or none left for the day.
 * Source: https://developer.salesforce.com/docs/platform/api-asynch/guide/query-bulk-api-2-0.html
 */
export async function beginBulkQuery(session: SalesforceSession, soql: string): Promise<string | undefined> {
  try {
    const response = await session.request('bulkQuery.create', { method: 'POST', path: 'jobs/query', body: { operation: 'queryAll', query: soql }, isIdempotent: false });
    return parsed(jobSchema, response.text()).id;
  } catch (thrown) {
    if (thrown instanceof Failure && (thrown.kind === 'forbidden' || thrown.kind === 'invalid' || thrown.kind === 'not_found')) return undefined;
    throw thrown;
  }
}

/** Waits for a job for as long as one call may take. @returns `gone` where nothing will come of it. */
export async function awaitBulkQuery(session: SalesforceSession, jobId: string, signal: AbortSignal): Promise<'complete' | 'under_way' | 'gone'> {
  let pauseMs: number = salesforceLimits.bulkFirstPauseMs;
  for (let waitedMs = 0; waitedMs < salesforceLimits.bulkWaitMs; pauseMs = Math.min(2 * pauseMs, salesforceLimits.bulkLongestPauseMs)) {
    const state = await stateOf(session, jobId);
    if (over.has(state)) return state === 'JobComplete' ? 'complete' : 'gone';
    waitedMs += pauseMs;
    await wait(pauseMs, undefined, { signal });
  }
  return 'under_way';
}

/** The results from a locator on; the next locator is absent after the last ones. */
export async function bulkResults(
  session: SalesforceSession, { jobId, locator }: { readonly jobId: string; readonly locator: string | undefined }, most: number,
): Promise<{ readonly rows: Row[]; readonly locator?: string }> {
  const query = new URLSearchParams({ ...(locator !== undefined && { locator }), maxRecords: String(most) });
  const response = await session.request('bulkQuery.results', { method: 'GET', path: `jobs/query/${jobId}/results?${query.toString()}`, accept: 'text/csv' });
  const next = response.headers.get('sforce-locator');
  return { rows: readCsv(response.text()), ...(next !== null && next !== 'null' && next !== '' && { locator: next }) };
}

/** Jobs and their results are kept for seven days. */
async function stateOf(session: SalesforceSession, jobId: string): Promise<string> {
  try {
    return parsed(jobSchema, (await session.request('bulkQuery.get', { method: 'GET', path: `jobs/query/${jobId}` })).text()).state;
  } catch (thrown) {
    if (thrown instanceof Failure && thrown.kind === 'not_found') return 'Aborted';
    throw thrown;
  }
}

function parsed<Schema extends z.ZodType>(schema: Schema, text: string): z.infer<Schema> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Failure('unexpected', "Salesforce's answer about a query job is not as documented.", { cause });
  }
}
