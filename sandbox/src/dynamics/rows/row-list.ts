import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { badRequest, expiredVersionStamp } from '../dynamics-refusals.ts';
import type { Environment } from '../environments.ts';
import { parseFilter } from './odata-filter.ts';
import { apiPath, contextOf, rowAnswer, selectOf } from './row-answer.ts';
import type { Row } from './rows.ts';
import type { Table } from './tables.ts';

const querySchema = z.object({
  $filter: z.string().optional(),
  $select: z.string().optional(),
  $orderby: z.string().optional(),
  $top: z.coerce.number().int().min(1).max(5_000).optional(),
  $skiptoken: z.string().optional(),
  $deltatoken: z.string().optional(),
});
type ListQuery = z.output<typeof querySchema>;

/** A list of rows: pages by an opaque link, or what changed since a delta link. `prefer` is the header of that name. */
export function listAnswer(environment: Environment, table: Table, asked: unknown, prefer: string): unknown {
  const query = read(querySchema, asked, (path, message) => badRequest(`${path}: ${message}`));
  const tracks = /odata\.track-changes/.test(prefer);
  if ((tracks || query.$deltatoken !== undefined) && [query.$filter, query.$orderby, query.$top].some((option) => option !== undefined)) {
    throw badRequest('The query parameters $filter, $orderby and $top are not supported with change tracking.');
  }
  const pageSize = Math.min(Number(/odata\.maxpagesize=(\d+)/.exec(prefer)?.[1] ?? 5_000), environment.options.maxPageSize);
  const answerOf = (row: Row): unknown => rowAnswer(row, selectOf(query), /include-annotations="[^"]*(lookuplogicalname|\*)/.test(prefer) ? (id) => environment.rows.tableNameOf(id) : undefined);
  if (query.$deltatoken !== undefined) return deltaAnswer(environment, table, query, { pageSize, answerOf, token: query.$deltatoken });
  return pageAnswer(environment, table, query, { pageSize, answerOf, tracks });
}

interface Paging {
  pageSize: number;
  answerOf: (row: Row) => unknown;
}

function pageAnswer(environment: Environment, table: Table, query: ListQuery, { pageSize, answerOf, tracks }: Paging & { tracks: boolean }): unknown {
  const select = selectOf(query);
  const test = query.$filter === undefined ? (): boolean => true : parseFilter(query.$filter);
  const rows = sorted(environment.rows.list(table).filter(test), query.$orderby).slice(0, query.$top);
  const start = query.$skiptoken === undefined ? 0 : positionOf(query.$skiptoken, rows, query.$orderby);
  const end = start + pageSize;
  const answer = { '@odata.context': contextOf(environment, table, select), value: rows.slice(start, end).map(answerOf) };
  const link = (token: string): string => `${environment.url}${apiPath}/${table.entitySet}?${new URLSearchParams({
    ...(query.$select !== undefined && { $select: query.$select }), ...(query.$filter !== undefined && { $filter: query.$filter }),
    ...(query.$orderby !== undefined && { $orderby: query.$orderby }),
  }).toString()}&${token}`;
  if (end < rows.length) return { ...answer, '@odata.nextLink': link(`$skiptoken=${encodeURIComponent(`<cookie position="${String(end)}" last="${String(rows[end - 1]?.number)}" />`)}`) };
  return tracks ? { ...answer, '@odata.deltaLink': link(deltaToken(environment)) } : answer;
}

/** Changed rows by their version, page by page; what was deleted comes with the last page. */
function deltaAnswer(environment: Environment, table: Table, query: ListQuery, { pageSize, answerOf, token }: Paging & { token: string }): unknown {
  const { rows } = environment;
  const select = selectOf(query);
  const since = Number(/^(\d+)!/.exec(token)?.[1] ?? Number.NaN);
  if (Number.isNaN(since)) throw badRequest('The delta token is not valid.');
  if (since < rows.forgottenBefore) throw expiredVersionStamp();
  const after = query.$skiptoken === undefined ? since : Number(/version="(\d+)"/.exec(query.$skiptoken)?.[1] ?? since);
  const changed = rows.list(table).filter(({ version }) => version > after).toSorted((one, other) => one.version - other.version);
  const page = changed.slice(0, pageSize);
  const search = new URLSearchParams(query.$select === undefined ? {} : { $select: query.$select }).toString();
  const answer = { '@odata.context': contextOf(environment, table, select, '/$delta'), value: page.map(answerOf) };
  const link = (parameters: string): string => `${environment.url}${apiPath}/${table.entitySet}?${search}&${parameters}`;
  if (changed.length > page.length) {
    const cookie = encodeURIComponent(`<cookie version="${String(page.at(-1)?.version)}" />`);
    return { ...answer, '@odata.nextLink': link(`$deltatoken=${encodeURIComponent(token)}&$skiptoken=${cookie}`) };
  }
  const gone = rows.deleted.filter((entry) => entry.table === table && entry.version > since).map(({ id }) => ({
    '@odata.context': contextOf(environment, table, undefined, '/$deletedEntity'), id, reason: 'deleted',
  }));
  return { ...answer, value: [...answer.value, ...gone], '@odata.deltaLink': link(deltaToken(environment)) };
}

/** The version up to which everything has been told, and when that was. */
function deltaToken({ rows }: Environment): string {
  const [date = '', time = ''] = new Date().toISOString().split(/[T.]/);
  const [year, month, day] = date.split('-');
  return `$deltatoken=${encodeURIComponent(`${String(rows.version)}!${month}/${day}/${year} ${time}`)}`;
}

function sorted(rows: Row[], orderBy: string | undefined): Row[] {
  const [name = '', direction] = (orderBy ?? '').split(' ');
  if (name === '') return rows;
  const sign = direction === 'desc' ? -1 : 1;
  const key = (row: Row): string => {
    const value = name === 'modifiedon' ? row.modifiedOn : name === 'createdon' ? row.createdOn : row.values[name];
    return typeof value === 'string' ? value : JSON.stringify(value ?? null);
  };
  return rows.toSorted((one, other) => sign * key(one).localeCompare(key(other)));
}

/** A page goes on after the last row that was told, wherever that is now; in an order of the caller's own it goes on by counting. */
function positionOf(token: string, rows: readonly Row[], orderBy: string | undefined): number {
  const [, position, last] = /position="(\d+)" last="(\d+)"/.exec(token) ?? [];
  if (position === undefined) throw badRequest('The paging cookie is not valid.');
  if (orderBy !== undefined) return Number(position);
  const next = rows.findIndex(({ number }) => number > Number(last));
  return next === -1 ? rows.length : next;
}
