import { Failure } from '@crossdock/contracts';
import { z } from 'zod';
import { salesforceFailure } from '../salesforce.errors.ts';
import { salesforceLimits } from '../salesforce.limits.ts';
import type { SalesforceSession } from '../salesforce.session.ts';

/** One request inside a composite one. */
export interface Subrequest {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE';
  /** Below the version's address, such as `query?q=…`. */
  readonly path: string;
  readonly body?: unknown;
}

const base = `/services/data/v${salesforceLimits.apiVersion}`;
const answerSchema = z.object({ compositeResponse: z.array(z.object({ body: z.unknown(), httpStatusCode: z.int(), referenceId: z.string() })) });

/**
 * Sends requests, five in a call, each answered for itself: a composite request counts as one call, takes 25 requests, five of
 * which may be queries or collections, and its queries are not bound to the length of an address.
 * Source: https://developer.salesforce.com/docs/platform/api-rest/guide/resources-composite-composite-post.html
 * @returns an answer a request, in order, or why it was refused.
 * @throws Failure where a whole call was refused.
 */
export async function sendComposite(
  { call }: SalesforceSession, operation: string, requests: readonly Subrequest[], options?: { readonly idempotent: boolean },
): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (let start = 0; start < requests.length; start += salesforceLimits.queriesPerComposite) {
    const some = requests.slice(start, start + salesforceLimits.queriesPerComposite);
    const parsed = answerSchema.safeParse(await call(operation, options).requestPost('/composite', {
      allOrNone: false,
      compositeRequest: some.map(({ method, path, body }, index) => ({ method, url: `${base}/${path}`, referenceId: `r${index}`, ...(body !== undefined && { body }) })),
    }));
    if (!parsed.success) throw new Failure('unexpected', `Salesforce's answer to ${operation} is not as documented.`, { cause: parsed.error });
    const byReference = new Map(parsed.data.compositeResponse.map((answer) => [answer.referenceId, answer]));
    answers.push(...some.map((_, index) => {
      const answer = byReference.get(`r${index}`);
      if (!answer) return new Failure('outcome_unknown', `Salesforce answered ${operation} without a word on one of its parts.`);
      return answer.httpStatusCode >= 200 && answer.httpStatusCode <= 299
        ? answer.body
        : salesforceFailure({ operation, status: answer.httpStatusCode, body: JSON.stringify(answer.body) });
    }));
  }
  return answers;
}

const rowSchema = z.record(z.string(), z.unknown());
export type Row = z.infer<typeof rowSchema>;
const pageSchema = z.object({ records: z.array(rowSchema), done: z.boolean(), nextRecordsUrl: z.string().optional() });

/** How many records there are. @throws Failure where Salesforce refused to say. */
export async function countRows(session: SalesforceSession, from: string): Promise<number> {
  const { totalSize } = z.object({ totalSize: z.int() }).parse(await session.call('records.count').query(`SELECT COUNT() FROM ${from}`));
  return totalSize;
}

/** What a query brought: not all where Salesforce gave a page that is smaller than was asked for. */
export interface QueryPage {
  readonly rows: readonly Row[];
  readonly isWhole: boolean;
}

/** The first page of each query, in as few calls as may be. @throws Failure where one was refused. */
export async function queryPages(session: SalesforceSession, operation: string, queries: readonly string[], { withDeleted }: { readonly withDeleted: boolean }): Promise<QueryPage[]> {
  return (await send(session, operation, queries, withDeleted)).map(({ records, done }) => ({ rows: records, isWhole: done }));
}

/** All rows of all queries, in as few calls as may be. @throws Failure where one was refused. */
export async function queryAllRows(session: SalesforceSession, operation: string, queries: readonly string[], { withDeleted = false }: { readonly withDeleted?: boolean } = {}): Promise<Row[]> {
  const rows: Row[] = [];
  for (const page of await send(session, operation, queries, withDeleted)) {
    rows.push(...page.records);
    for (let next = page.nextRecordsUrl; next !== undefined;) {
      const further = parsePage(operation, await session.call(operation).requestGet(next));
      rows.push(...further.records);
      next = further.nextRecordsUrl;
    }
  }
  return rows;
}

async function send(session: SalesforceSession, operation: string, queries: readonly string[], withDeleted: boolean): Promise<Array<z.infer<typeof pageSchema>>> {
  const resource = withDeleted ? 'queryAll' : 'query';
  const answers = await sendComposite(session, operation, queries.map((q) => ({ method: 'GET', path: `${resource}?${new URLSearchParams({ q }).toString()}` })));
  return answers.map((answer) => {
    if (answer instanceof Failure) throw answer;
    return parsePage(operation, answer);
  });
}

function parsePage(operation: string, answer: unknown): z.infer<typeof pageSchema> {
  const parsed = pageSchema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new Failure('unexpected', `Salesforce's answer to ${operation} is not as documented.`, { cause: parsed.error });
}

/** Values in portions that one query takes. */
export function portionsOf<Value>(values: readonly Value[], size: number): Value[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) => values.slice(index * size, (index + 1) * size));
}
