import type { FieldDescription } from '@crossdock/contracts';
import type { ChangePage, FieldSelection } from '@crossdock/crm-connector';
import { salesforceLimits } from '../salesforce.limits.ts';
import type { SalesforceSession } from '../salesforce.session.ts';
import { awaitBulkQuery, beginBulkQuery, bulkResults } from './bulk-query.ts';
import { cursorAfterPass, writeCursor, type BulkPosition, type ChangePosition } from './change-cursor.ts';
import { changesSince } from './changes.ts';
import { countRows, type Row } from './composite.ts';
import { sobjectOf } from './object-types.ts';
import { readRecords } from './record-reading.ts';
import { columnsOf, parseRows } from './record-rows.ts';

/** The first page of all there is; of very many records a job of the vendor's makes the pages. */
export async function beginReading(
  session: SalesforceSession, selection: FieldSelection, position: ChangePosition, bulkReadsFrom: number = salesforceLimits.bulkReadsFrom,
): Promise<ChangePage> {
  const first = await changesSince(session, selection, position);
  const type = sobjectOf[selection.description.object];
  if (!first.hasMore || await countRows(session, type) <= bulkReadsFrom) return first;
  const jobId = await beginBulkQuery(session, `SELECT ${columnsOf(selection, session.settings)} FROM ${type}`);
  if (jobId === undefined) return first;
  return { records: [], gone: [], cursor: writeCursor({ stage: 'bulk', startedAt: position.startedAt, jobId }), hasMore: true };
}

/** The next part of a job's results. Where nothing comes of the job, all is read page by page. */
export async function bulkPage(session: SalesforceSession, selection: FieldSelection, position: BulkPosition): Promise<ChangePage> {
  const { startedAt, jobId, isComplete, locator } = position;
  const outcome = isComplete ? 'complete' : await awaitBulkQuery(session, jobId, session.signal);
  if (outcome === 'gone') return { records: [], gone: [], cursor: writeCursor({ stage: 'records', startedAt }), hasMore: true };
  if (outcome === 'under_way') return { records: [], gone: [], cursor: writeCursor(position), hasMore: true };
  const columns = columnsOf(selection, session.settings).split(',').length;
  const most = Math.min(salesforceLimits.mostBulkRows, Math.ceil(salesforceLimits.bulkValuesPerPage / columns));
  const results = await bulkResults(session, { jobId, locator }, most);
  const types = new Map(selection.description.fields.map(({ name, type }) => [name, type]));
  const told = await readRecords(session, selection, parseRows(results.rows.map((row) => typed(row, types))));
  return results.locator === undefined
    ? { ...told, ...cursorAfterPass({ startedAt }, { tookPages: true }) }
    : { ...told, cursor: writeCursor({ stage: 'bulk', startedAt, jobId, isComplete: true, locator: results.locator }), hasMore: true };
}

const flags: ReadonlySet<string> = new Set(['IsDeleted', 'IsClosed', 'IsWon']);
const numeric: ReadonlySet<FieldDescription['type'] | undefined> = new Set(['integer', 'decimal', 'money']);

/** In CSV everything is text. */
function typed(row: Row, types: ReadonlyMap<string, FieldDescription['type']>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => {
    if (typeof value !== 'string') return [name, value];
    if (flags.has(name) || types.get(name) === 'boolean') return [name, value === 'true'];
    return [name, numeric.has(types.get(name)) ? Number(value) : value];
  }));
}
