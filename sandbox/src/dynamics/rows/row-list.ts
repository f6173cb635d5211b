import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { badRequest } from '../dynamics-refusals.ts';
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
  $deltatoken: z.coerce.number().int().optional(),
});
type ListQuery = z.output<typeof querySchema>;

/** A list of rows: pages by an opaque link, or what changed since a delta link. `prefer` is the header of that name. */
export function listAnswer(environment: Environment, table: Table, asked: unknown, prefer: string): unknown {
  const query = read(querySchema, asked, (path, message) => badRequest(`${path}: ${message}`));
  const tracks = /odata\.track-changes/.test(prefer);
  if ((tracks || query.$deltatoken !== undefined) && [query.$filter, query.$orderby, query.$top].some((option) => option !== undefined)) {
    throw badRequest('The query parameters $filter, $orderby and $top are not supported with change tracking.');
  }
  if (query.$deltatoken !== undefined) return deltaAnswer(environment, table, query, query.$deltatoken);
  const pageSize = Math.min(Number(/odata\.maxpagesize=(\d+)/.exec(prefer)?.[1] ?? 5_000), environment.options.maxPageSize);
  return pageAnswer(environment, table, query, { pageSize, tracks });
}

function pageAnswer(environment: Environment, table: Table, query: ListQuery, { pageSize, tracks }: { pageSize: number; tracks: boolean }): unknown {
  const select = selectOf(query);
  const test = query.$filter === undefined ? (): boolean => true : parseFilter(query.$filter);
  const rows = sorted(environment.rows.list(table).filter(test), query.$orderby).slice(0, query.$top);
  const start = query.$skiptoken === undefined ? 0 : positionOf(query.$skiptoken);
  const end = start + pageSize;
  const answer = { '@odata.context': contextOf(environment, table, select), value: rows.slice(start, end).map((row) => rowAnswer(row, select)) };
  const link = (token: string): string => `${environment.url}${apiPath}/${table.entitySet}?${new URLSearchParams({
    ...(query.$select !== undefined && { $select: query.$select }), ...(query.$filter !== undefined && { $filter: query.$filter }),
    ...(query.$orderby !== undefined && { $orderby: query.$orderby }),
  }).toString()}&${token}`;
  if (end < rows.length) return { ...answer, '@odata.nextLink': link(`$skiptoken=${encodeURIComponent(`<cookie pagenumber="2" position="${String(end)}" />`)}`) };
  return tracks ? { ...answer, '@odata.deltaLink': link(`$deltatoken=${String(environment.rows.version)}`) } : answer;
}

function deltaAnswer(environment: Environment, table: Table, query: ListQuery, since: number): unknown {
  const select = selectOf(query);
  const changed = environment.rows.list(table).filter(({ version }) => version > since).map((row) => rowAnswer(row, select));
  const gone = environment.rows.deleted.filter((entry) => entry.table === table && entry.version > since).map(({ id }) => ({
    '@odata.context': contextOf(environment, table, undefined, '/$deletedEntity'), id, reason: 'deleted',
  }));
  const search = new URLSearchParams(query.$select === undefined ? {} : { $select: query.$select }).toString();
  return {
    '@odata.context': contextOf(environment, table, select, '/$delta'),
    '@odata.deltaLink': `${environment.url}${apiPath}/${table.entitySet}?${search}&$deltatoken=${String(environment.rows.version)}`,
    value: [...changed, ...gone],
  };
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

function positionOf(token: string): number {
  const position = /position="(\d+)"/.exec(token)?.[1];
  if (position === undefined) throw badRequest('The paging cookie is not valid.');
  return Number(position);
}
