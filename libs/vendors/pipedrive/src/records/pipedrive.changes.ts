import type { ChangePage, FieldSelection, GoneRecord } from '@crossdock/crm-connector';
import { asFailure, Failure, readOpaqueCursor, writeOpaqueCursor, type CrmObject } from '@crossdock/contracts';
import { z } from 'zod';
import type { PipedriveSession } from '../pipedrive.api.ts';
import type { FieldCodes } from '../pipedrive.hub-fields.ts';
import { pipedriveLimits } from '../pipedrive.limits.ts';
import { toSeconds } from '../pipedrive.mapping.ts';
import { readGone } from './pipedrive.gone.ts';
import { kindOf, rowSchema, type Row } from './pipedrive.kinds.ts';
import { listQueryOf, modifiedAtOf, toRecords } from './pipedrive.rows.ts';

const time = z.iso.datetime({ precision: 3 });
const cursorSchema = z.object({
  /** Records changed at this time or later are told. */
  since: time,
  /** What was deleted since then has not been told. */
  deletedSince: time,
  /** Pages are being read: since when, of which list, from where, and what was the newest so far. */
  run: z.object({ startedAt: time, list: z.int().min(0), page: z.string().optional(), newest: time.optional(), gone: z.object({ since: time, start: z.int().min(0), page: z.string().optional() }).optional() }).optional(),
});
type Cursor = z.infer<typeof cursorSchema>;
type Run = NonNullable<Cursor['run']>;

const beginning = '1970-01-01T00:00:00.000Z';

export interface ChangesCall {
  readonly session: PipedriveSession;
  readonly selection: FieldSelection;
  readonly cursor: string | undefined;
  readonly nowMs: number;
  readonly pageSize: number;
  readonly codes: FieldCodes;
}

/**
 * Changed records list by list, each in the order of their times (Pipedrive's own cursor keeps the place among those that
 * share one), then those that were deleted. One that changes meanwhile moves to the end of its list and is told again.
 * @throws Failure `cursor_expired`
 */
export async function listPipedriveChanges(call: ChangesCall): Promise<ChangePage> {
  const { selection: { description: { object } }, cursor, nowMs } = call;
  const now = new Date(nowMs).toISOString();
  const position: Cursor = cursor === undefined ? { since: beginning, deletedSince: now } : readCursor(cursor, nowMs);
  const run = position.run ?? { startedAt: now, list: 0 };
  const path = listsOf(object)[run.list];
  return path === undefined ? gonePage(call, position, run) : recordPage(call, position, run, path);
}

/** From where what changes from now on is told. */
export function cursorFromNow(nowMs: number): string {
  return written({ since: new Date(nowMs - pipedriveLimits.overlapMs).toISOString(), deletedSince: new Date(nowMs).toISOString() });
}

/** Archived deals have a list of their own. */
const listsOf = (object: CrmObject): readonly string[] => (object === 'deal' ? ['deals', 'deals/archived'] : [kindOf(object).path]);

async function recordPage({ session, selection, pageSize, codes }: ChangesCall, position: Cursor, run: Run, path: string): Promise<ChangePage> {
  const { rows, nextCursor } = await page(session, selection.description.object, path, {
    ...(position.since !== beginning && { updated_since: toSeconds(position.since) }), sort_by: 'update_time', sort_direction: 'asc', limit: pageSize,
  }, run.page);
  const records = await toRecords(session, selection, rows.filter((row) => !row.is_deleted), codes);
  const newest = [run.newest ?? beginning, ...rows.map(modifiedAtOf)].toSorted().at(-1) ?? beginning;
  const { page: _, ...rest } = run;
  const next = { ...rest, newest, ...(nextCursor === undefined ? { list: run.list + 1 } : { page: nextCursor }) };
  return { records, gone: goneOf(selection, rows.filter((row) => row.is_deleted).map(({ id }) => id)), cursor: written({ ...position, run: next }), hasMore: true };
}

/** A place in the list that Pipedrive does not know any more is looked for again from the beginning of the run. */
async function page(
  session: PipedriveSession, object: CrmObject, path: string, query: Readonly<Record<string, string | number>>, cursor: string | undefined,
): Promise<{ rows: Row[]; nextCursor: string | undefined }> {
  const ask = (more: Readonly<Record<string, string>>) => session.page({
    operation: `${kindOf(object).path}.changes`, path: `${pipedriveLimits.apiV2}/${path}`, query: { ...query, ...listQueryOf(object), ...more },
  }, rowSchema);
  if (cursor === undefined) return ask({});
  try {
    return await ask({ cursor });
  } catch (thrown) {
    if (asFailure(thrown).kind !== 'invalid') throw thrown;
    return ask({});
  }
}

async function gonePage({ session, selection, pageSize, nowMs }: ChangesCall, position: Cursor, run: Run): Promise<ChangePage> {
  const begin = new Date(Date.parse(position.deletedSince) - pipedriveLimits.overlapMs).toISOString();
  const { ids, next } = await readGone(session, selection.description.object, { since: begin, start: 0, ...run.gone, limit: pageSize });
  const gone = goneOf(selection, ids);
  if (next) return { records: [], gone, cursor: written({ ...position, run: { ...run, gone: next } }), hasMore: true };
  return { records: [], gone, cursor: written({ since: nextSince(position.since, run.newest, nowMs), deletedSince: run.startedAt }), hasMore: false };
}

/** Records may commit late, with a time that has been passed already: the last moments are told again, and nothing that is older. */
function nextSince(since: string, newest: string | undefined, nowMs: number): string {
  const overlapStart = new Date(nowMs - pipedriveLimits.overlapMs).toISOString();
  if (newest === undefined || newest === beginning) return since > overlapStart ? since : overlapStart;
  return newest < overlapStart ? new Date(Date.parse(newest) + 1_000).toISOString() : overlapStart;
}

const goneOf = ({ description: { object } }: FieldSelection, ids: readonly number[]): GoneRecord[] => ids.map((id) => ({ object, id: String(id), gone: 'archived' }));

const written = (cursor: Cursor): string => writeOpaqueCursor(cursor);

function readCursor(text: string, nowMs: number): Cursor {
  const cursor = readOpaqueCursor(cursorSchema, text);
  if (!cursor) throw new Failure('cursor_expired', 'The place in the changes of the Pipedrive company cannot be read: everything is read anew.');
  if (nowMs - Date.parse(cursor.deletedSince) > pipedriveLimits.deletionsKnownMs) {
    throw new Failure('cursor_expired', 'Pipedrive does not know any more what was deleted in the company since the last time: everything is read anew.');
  }
  return cursor;
}
