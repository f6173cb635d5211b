import type { ChangePage, FieldSelection, GoneRecord } from '@crossdock/crm-connector';
import { asFailure, Failure, readOpaqueCursor, writeOpaqueCursor } from '@crossdock/contracts';
import { z } from 'zod';
import { withTargets, type DynamicsPage, type DynamicsSession } from '../dynamics.api.ts';
import { dynamicsLimits } from '../dynamics.limits.ts';
import { columnsOf, idOf, readRows, rowSchema, toRecords, type DynamicsRow } from './dynamics.rows.ts';
import { tableOf } from './dynamics.tables.ts';

const pathSchema = z.string().regex(/^[a-z]+\?/);
const timeSchema = z.iso.datetime({ precision: 3 });
const cursorSchema = z.discriminatedUnion('reads', [
  /** All rows, only to get to the place from which changes are told. */
  z.object({ reads: z.literal('mark'), at: pathSchema, startedAt: timeSchema }),
  /** All rows, and then what has changed meanwhile. */
  z.object({ reads: z.literal('rows'), at: pathSchema, mark: pathSchema, startedAt: timeSchema }),
  /** What has changed; contacts that were connected with deals since `startedAt` have not been told. */
  z.object({ reads: z.literal('changes'), at: pathSchema, startedAt: timeSchema }),
]);
type Cursor = z.infer<typeof cursorSchema>;

const deletedSchema = z.object({ id: z.uuid(), reason: z.literal('deleted') });
const tracked = `odata.track-changes,odata.maxpagesize=${dynamicsLimits.maxPageSize}`;

export interface ChangesCall {
  readonly session: DynamicsSession;
  readonly selection: FieldSelection;
  readonly cursor: string | undefined;
  readonly nowMs: number;
  readonly pageSize: number;
  readonly currencies: ReadonlyMap<string, string>;
}

/**
 * All rows, then changes by Dataverse's own tracking. The place from which changes are told comes with the last page of a
 * list that tracks them, and nothing says that rows deleted while its pages were read are told later; so that list comes
 * first, and only what is read after it is believed. Contacts are connected with a deal by rows of their own, whose changes
 * are looked for by time; that such a connection was taken away is told when the deal itself changes.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
 * @throws Failure `cursor_expired`
 */
export async function listDynamicsChanges(call: ChangesCall): Promise<ChangePage> {
  const { selection, cursor, nowMs } = call;
  const position = cursor === undefined ? beginning(selection, nowMs) : readCursor(cursor);
  if (position.reads === 'mark') return markPage(call, position);
  return position.reads === 'rows' ? rowsPage(call, position) : changesPage(call, position);
}

const listOf = (selection: FieldSelection): string => `${tableOf(selection.description.object).entitySet}?$select=${encodeURIComponent(columnsOf(selection).join(','))}`;

function beginning(selection: FieldSelection, nowMs: number): Extract<Cursor, { reads: 'mark' }> {
  return { reads: 'mark', at: listOf(selection), startedAt: new Date(nowMs).toISOString() };
}

async function markPage(call: ChangesCall, { at, startedAt }: Extract<Cursor, { reads: 'mark' }>): Promise<ChangePage> {
  const { session, selection, cursor } = call;
  const { next, delta } = await follow(cursor !== undefined, () => session.page(`${selection.description.object}.mark`, at, tracked, z.unknown()));
  if (next !== undefined) return { records: [], gone: [], cursor: written({ reads: 'mark', at: next, startedAt }), hasMore: true };
  if (delta === undefined) throw new Failure('unexpected', 'Dynamics does not say from where it tells changes: change tracking is off for this table.');
  return rowsPage({ ...call, cursor: undefined }, { reads: 'rows', at: listOf(selection), mark: delta, startedAt });
}

async function rowsPage(call: ChangesCall, { at, mark, startedAt }: Extract<Cursor, { reads: 'rows' }>): Promise<ChangePage> {
  const { session, selection, cursor, pageSize, currencies } = call;
  const { rows, next } = await follow(cursor !== undefined, () => session.page(`${selection.description.object}.list`, at, preferring(pageSize), rowSchema));
  const { records } = await toRecords(session, selection, await covered(call, at, rows), currencies);
  const position: Cursor = next === undefined ? { reads: 'changes', at: mark, startedAt } : { reads: 'rows', at: next, mark, startedAt };
  return { records, gone: [], cursor: written(position), hasMore: true };
}

async function changesPage(call: ChangesCall, { at, startedAt }: Extract<Cursor, { reads: 'changes' }>): Promise<ChangePage> {
  const { session, selection, pageSize, currencies, nowMs } = call;
  const { object } = selection.description;
  const page: DynamicsPage<DynamicsRow | z.infer<typeof deletedSchema>> =
    await follow(true, () => session.page(`${object}.changes`, at, preferring(pageSize), z.union([deletedSchema, rowSchema])));
  const changed = await covered(call, at, page.rows.filter((row): row is DynamicsRow => 'modifiedon' in row));
  const isLast = page.next === undefined;
  const connected = isLast && object === 'deal' ? await connectedSince(call, startedAt, changed) : [];
  const { records, gone } = await toRecords(session, selection, [...changed, ...connected], currencies);
  const present = new Set(changed.map((row) => idOf(object, row)));
  const deleted = page.rows.flatMap((row): GoneRecord[] => ('reason' in row && !('modifiedon' in row) && !present.has(row.id) ? [{ object, id: row.id, gone: 'archived' }] : []));
  const following = page.next ?? page.delta;
  if (following === undefined) throw new Failure('unexpected', 'Dynamics does not say from where it tells later changes.');
  const since = isLast ? new Date(nowMs - dynamicsLimits.overlapMs).toISOString() : startedAt;
  return { records, gone: [...gone, ...deleted], cursor: written({ reads: 'changes', at: following, startedAt: since }), hasMore: !isLast };
}

/** A link goes on with the columns that it was made for; where fields were chosen since, rows are read by their ids. */
function covered({ session, selection }: ChangesCall, at: string, rows: readonly DynamicsRow[]): Promise<readonly DynamicsRow[]> | readonly DynamicsRow[] {
  const { object } = selection.description;
  const columns = new Set(new URLSearchParams(at.slice(at.indexOf('?'))).get('$select')?.split(','));
  if (rows.length === 0 || columnsOf(selection).every((column) => columns.has(column))) return rows;
  return readRows(session, selection, rows.map((row) => idOf(object, row)));
}

const connectionSchema = z.object({ _record1id_value: z.uuid().nullish() });

async function connectedSince({ session, selection }: ChangesCall, since: string, told: readonly DynamicsRow[]): Promise<DynamicsRow[]> {
  const links = await session.list('connections.list', 'connections', { $select: '_record1id_value', $filter: `modifiedon ge ${since.slice(0, 19)}Z` }, connectionSchema);
  const known = new Set(told.map((row) => idOf('deal', row)));
  const ids = links.flatMap(({ _record1id_value: id }) => (id && !known.has(id) ? [id] : []));
  return ids.length === 0 ? [] : readRows(session, selection, ids);
}

/** A link that Dataverse gave and does not take any more, such as one with a column that was removed, leads nowhere. */
async function follow<Row>(isGiven: boolean, read: () => Promise<DynamicsPage<Row>>): Promise<DynamicsPage<Row>> {
  try {
    return await read();
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (!isGiven || (failure.kind !== 'invalid' && failure.kind !== 'not_found')) throw failure;
    throw new Failure('cursor_expired', 'Dynamics does not take the place in its changes any more: everything is read anew.', { cause: failure });
  }
}

const preferring = (pageSize: number): string => `odata.maxpagesize=${pageSize},${withTargets}`;
const written = (cursor: Cursor): string => writeOpaqueCursor(cursor);

function readCursor(text: string): Cursor {
  const cursor = readOpaqueCursor(cursorSchema, text);
  if (!cursor) throw new Failure('cursor_expired', 'The place in the changes of the Dynamics environment cannot be read: everything is read anew.');
  return cursor;
}

