import { Failure } from '@crossdock/contracts';
import type { ChangePage } from '@crossdock/crm-connector';
import { cursorFrom, listZohoChanges, type ChangesCall } from '../records/zoho.changes.ts';
import { moduleOf } from '../records/zoho.modules.ts';
import { columnsOf, toRecords } from '../records/zoho.rows.ts';
import { zohoLimits } from '../zoho.limits.ts';
import { readBulkCursor, writeBulkCursor, type BulkPosition } from './bulk-cursor.ts';
import { awaitBulkRead, beginBulkRead, bulkReadRows, countRecords } from './bulk-read-job.ts';
import { rowsFrom } from './csv-rows.ts';

/** A job's file that this process reads. */
interface OpenFile {
  readonly rows: AsyncIterator<Record<string, string>>;
  told: number;
}

/**
 * Reads all there is of very many records by jobs. A file is fetched once and read on from page to page; a process that takes the
 * reading over fetches it again and passes over what was told. What changes meanwhile is told afterwards, in the order of its time.
 */
export class BulkReading {
  readonly #readsFrom: number;
  readonly #firstPauseMs: number;
  readonly #files = new Map<string, OpenFile>();

  constructor({ readsFrom = zohoLimits.bulkReadsFrom, firstPauseMs = zohoLimits.bulkFirstPauseMs }: { readonly readsFrom: number | undefined; readonly firstPauseMs: number | undefined }) {
    this.#readsFrom = readsFrom;
    this.#firstPauseMs = firstPauseMs;
  }

  /** The next page, where all of very many records is to be told; undefined where it is not, or no job can be had. @throws Failure */
  async page(connectionId: string, call: ChangesCall): Promise<ChangePage | undefined> {
    const position = readBulkCursor(call.cursor);
    if (position) return this.#next(connectionId, call, position);
    if (call.cursor !== undefined) return undefined;
    const module = moduleOf(call.selection.description.object);
    if (await countRecords(call.api, module) <= this.#readsFrom) return undefined;
    return this.#begin(call, { page: 1, startedAt: new Date(call.nowMs).toISOString() });
  }

  async #begin({ api, selection }: ChangesCall, { page, startedAt }: Pick<BulkPosition, 'page' | 'startedAt'>): Promise<ChangePage | undefined> {
    const { always, chosen } = columnsOf(selection);
    const jobId = await beginBulkRead(api, moduleOf(selection.description.object), { fields: [...always, ...chosen], page });
    return jobId === undefined ? undefined : { records: [], gone: [], cursor: writeBulkCursor({ jobId, page, told: 0, startedAt }), hasMore: true };
  }

  async #next(connectionId: string, call: ChangesCall, position: BulkPosition): Promise<ChangePage> {
    const { jobId, page, startedAt } = position;
    if (position.hasMore === undefined) {
      const { state, hasMore } = await awaitBulkRead(call.api, jobId, { firstPauseMs: this.#firstPauseMs, signal: call.api.signal });
      if (state === 'gone') return listZohoChanges({ ...call, cursor: undefined });
      return { records: [], gone: [], cursor: writeBulkCursor(state === 'complete' ? { ...position, hasMore } : position), hasMore: true };
    }
    const { rows, isEnd } = await this.#rows(connectionId, call, position);
    const records = await toRecords(call.api, call.selection, rowsFrom(call.selection, rows), call.organisation);
    if (!isEnd) return { records, gone: [], cursor: writeBulkCursor({ ...position, told: position.told + rows.length }), hasMore: true };
    const further = position.hasMore ? await this.#begin(call, { page: page + 1, startedAt }) : undefined;
    if (position.hasMore && !further) throw new Failure('cursor_expired', 'Zoho gives no further job for a reading that it had begun: everything is read anew.');
    return { ...further ?? { gone: [], cursor: cursorFrom(Date.parse(startedAt)), hasMore: true }, records };
  }

  /** The next records of a file, from where it was left off. */
  async #rows(connectionId: string, { api, pageSize }: ChangesCall, { jobId, told }: BulkPosition): Promise<{ readonly rows: Array<Record<string, string>>; readonly isEnd: boolean }> {
    const key = `${connectionId}/${jobId}`;
    const present = this.#files.get(key);
    this.#files.delete(key);
    const file = present?.told === told ? present : { rows: await bulkReadRows(api, jobId), told: 0 };
    if (file !== present) await present?.rows.return?.();
    await take(file, told - file.told);
    const rows = await take(file, pageSize);
    if (rows.length < pageSize) return { rows, isEnd: true };
    await this.#keep(key, file);
    return { rows, isEnd: false };
  }

  async #keep(key: string, file: OpenFile): Promise<void> {
    this.#files.set(key, file);
    const [oldest] = this.#files;
    if (!oldest || this.#files.size <= zohoLimits.mostOpenFiles) return;
    this.#files.delete(oldest[0]);
    await oldest[1].rows.return?.();
  }
}

async function take(file: OpenFile, most: number): Promise<Array<Record<string, string>>> {
  const taken: Array<Record<string, string>> = [];
  while (taken.length < most) {
    const next = await file.rows.next();
    if (next.done === true) break;
    taken.push(next.value);
  }
  file.told += taken.length;
  return taken;
}
