import type { ChangePage, FieldSelection, GoneRecord } from '@crossdock/crm-connector';
import { Failure, readOpaqueCursor, writeOpaqueCursor } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from '../zoho.api.ts';
import { changesOperation, zohoLimits } from '../zoho.limits.ts';
import { zohoTime } from '../zoho.time.ts';
import { readDeleted } from './zoho.deleted.ts';
import { queryRows, toRecords, type Organisation, type ZohoRow } from './zoho.rows.ts';

const cursorSchema = z.object({
  /** Records changed at this time are told where their id is greater, and all that changed later. */
  after: z.object({ time: z.iso.datetime({ precision: 3 }), id: z.string().regex(/^[0-9]{1,19}$/) }),
  /** What was deleted since then has not been told. */
  deletedSince: z.iso.datetime({ precision: 3 }),
  /** The list of deleted records is being read: since when, and which page is next. */
  deletions: z.object({ startedAt: z.iso.datetime({ precision: 3 }), page: z.int().positive() }).optional(),
});
type Cursor = z.infer<typeof cursorSchema>;

const beginning = { time: '1970-01-01T00:00:00.000Z', id: '0' };

export interface ChangesCall {
  readonly api: ZohoApi;
  readonly selection: FieldSelection;
  readonly cursor: string | undefined;
  readonly nowMs: number;
  readonly pageSize: number;
  readonly organisation: Organisation;
}

/**
 * Changed records in the order of time and id, then those that were deleted. One that changes while pages are read moves
 * to the end of the order, so that it is told again and nothing is passed over. A deal's contacts beyond its first are a
 * related list whose changes move no time: those are told of by notifications only.
 * @throws Failure `cursor_expired`
 */
export async function listZohoChanges({ api, selection, cursor, nowMs, pageSize, organisation }: ChangesCall): Promise<ChangePage> {
  const position = cursor === undefined ? { after: beginning, deletedSince: new Date(nowMs).toISOString() } : readCursor(cursor, nowMs);
  if (position.deletions) return deletedPage(api, selection, position, nowMs);
  const rows = await changedRows(api, selection, position.after, pageSize);
  const records = await toRecords(api, selection, rows, organisation);
  const last = rows.at(-1);
  const after = last ? { time: new Date(last.Modified_Time).toISOString(), id: last.id } : position.after;
  if (rows.length >= pageSize) return { records, gone: [], cursor: written({ ...position, after }), hasMore: true };
  const { gone, ...end } = await deletedPage(api, selection, { ...position, after }, nowMs);
  return { ...end, records, gone };
}

/** From where what changes from then on is told. */
export function cursorFrom(nowMs: number): string {
  return written({ after: { time: new Date(nowMs - zohoLimits.overlapMs).toISOString(), id: beginning.id }, deletedSince: new Date(nowMs).toISOString() });
}

/** Many records may have one time: those after the last one told come first. */
async function changedRows(api: ZohoApi, selection: FieldSelection, { time, id }: Cursor['after'], pageSize: number): Promise<ZohoRow[]> {
  const at = `'${zohoTime(Date.parse(time))}'`;
  const ask = (where: string, orderBy: string, limit: number) => queryRows(api, selection, { where, orderBy, limit, operation: changesOperation });
  if (id === beginning.id) return ask(`Modified_Time >= ${at}`, 'Modified_Time asc, id asc', pageSize);
  const sameTime = await ask(`Modified_Time = ${at} and id > ${id}`, 'id asc', pageSize);
  if (sameTime.length >= pageSize) return sameTime;
  return [...sameTime, ...await ask(`Modified_Time > ${at}`, 'Modified_Time asc, id asc', pageSize - sameTime.length)];
}

async function deletedPage(api: ZohoApi, selection: FieldSelection, { after, deletedSince, deletions }: Cursor, nowMs: number): Promise<ChangePage> {
  const { startedAt, page } = deletions ?? { startedAt: new Date(nowMs).toISOString(), page: 1 };
  const { object } = selection.description;
  const { ids, hasMore } = await readDeleted(api, object, { page, sinceMs: Date.parse(deletedSince) - zohoLimits.overlapMs });
  const gone = ids.map((id): GoneRecord => ({ object, id, gone: 'archived' }));
  if (hasMore) return { records: [], gone, cursor: written({ after, deletedSince, deletions: { startedAt, page: page + 1 } }), hasMore };
  return { records: [], gone, cursor: written({ after: withOverlap(after, nowMs), deletedSince: startedAt }), hasMore };
}

/** Records may commit late, with a time that has been passed already: the last moments are told again. */
function withOverlap(after: Cursor['after'], nowMs: number): Cursor['after'] {
  const overlapStart = new Date(nowMs - zohoLimits.overlapMs).toISOString();
  return after.time < overlapStart ? after : { time: overlapStart, id: beginning.id };
}

const written = (cursor: Cursor): string => writeOpaqueCursor(cursor);

function readCursor(text: string, nowMs: number): Cursor {
  const cursor = readOpaqueCursor(cursorSchema, text);
  if (!cursor) throw new Failure('cursor_expired', 'The place in the changes of the Zoho organisation cannot be read: everything is read anew.');
  if (nowMs - Date.parse(cursor.deletedSince) > zohoLimits.deletionsKnownMs) {
    throw new Failure('cursor_expired', 'Zoho does not know any more what was deleted in the organisation since the last time: everything is read anew.');
  }
  return cursor;
}
