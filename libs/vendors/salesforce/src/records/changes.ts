import type { ChangePage, CrmRecord, FieldSelection, GoneRecord } from '@crossdock/crm-connector';
import { z } from 'zod';
import { salesforceLimits } from '../salesforce.limits.ts';
import type { SalesforceSession } from '../salesforce.session.ts';
import { cursorAfterPass, lowOfRoles, writeCursor, type ChangePosition } from './change-cursor.ts';
import { queryPages, type Row } from './composite.ts';
import { sobjectOf } from './object-types.ts';
import { readRecords, rowsById } from './record-reading.ts';
import { columnsOf, parseRows } from './record-rows.ts';

const roleSchema = z.object({ Id: z.string(), SystemModstamp: z.string(), OpportunityId: z.string() });

/**
 * A page of what has changed: records by the time of their last change and by id, deleted and merged ones among them, and
 * deals whose contacts have changed. Many records share a second; a page that is full therefore goes on behind an id.
 * Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_queryall.htm
 */
export async function changesSince(session: SalesforceSession, selection: FieldSelection, position: ChangePosition): Promise<ChangePage> {
  const { object } = selection.description;
  const found: { records: CrmRecord[]; gone: GoneRecord[] } = { records: [], gone: [] };
  const tookPages = position.after !== undefined;
  if (position.stage === 'records') {
    const page = await nextRows(session, { select: columnsOf(selection, session.settings), from: sobjectOf[object], low: position.low, after: position.after });
    const told = await readRecords(session, selection, parseRows(page.rows));
    if (page.after) return { ...told, cursor: writeCursor({ ...position, after: page.after }), hasMore: true };
    Object.assign(found, told);
  }
  if (object !== 'deal') return { ...found, ...cursorAfterPass(position, { tookPages }) };
  const after = position.stage === 'roles' ? position.after : undefined;
  const page = await nextRows(session, { select: 'Id, SystemModstamp, OpportunityId', from: 'OpportunityContactRole', low: lowOfRoles(position), after });
  const ids = z.array(roleSchema).parse(page.rows).map(({ OpportunityId }) => OpportunityId);
  const touched = await readRecords(session, selection, await rowsById(session, selection, ids));
  const all = { records: [...found.records, ...touched.records], gone: [...found.gone, ...touched.gone] };
  return page.after
    ? { ...all, cursor: writeCursor({ ...position, stage: 'roles', after: page.after }), hasMore: true }
    : { ...all, ...cursorAfterPass(position, { tookPages }) };
}

interface Range {
  readonly select: string;
  readonly from: string;
  readonly low: string | undefined;
  readonly after: ChangePosition['after'];
}

/** The next rows, deleted ones among them, and where the page ended if more may follow. */
async function nextRows(session: SalesforceSession, { select, from, low, after }: Range): Promise<{ readonly rows: Row[]; readonly after: ChangePosition['after'] }> {
  const query = (where: string): string => `SELECT ${select} FROM ${from}${where} ORDER BY SystemModstamp, Id LIMIT ${salesforceLimits.changesPerPage}`;
  const queries = after === undefined
    ? [query(low === undefined ? '' : ` WHERE SystemModstamp >= ${low}`)]
    : [query(` WHERE SystemModstamp = ${after.at} AND Id > '${after.id}'`), query(` WHERE SystemModstamp > ${after.at}`)];
  const rows: Row[] = [];
  for (const page of await queryPages(session, 'records.changes', queries, { withDeleted: true })) {
    rows.push(...page.rows);
    // What follows in time comes only once all of this second has come.
    if (!page.isWhole || page.rows.length === salesforceLimits.changesPerPage) return { rows, after: positionOf(rows) };
  }
  return { rows, after: undefined };
}

function positionOf(rows: readonly Row[]): ChangePosition['after'] {
  const last = z.object({ Id: z.string(), SystemModstamp: z.string() }).parse(rows.at(-1));
  return { at: new Date(last.SystemModstamp).toISOString(), id: last.Id };
}
