import { chunksOf, derivedFields, type CrmRecord, type FieldSelection, type GoneRecord, type RecordRef } from '@crossdock/crm-connector';
import type { CrmObject, FieldValue } from '@crossdock/contracts';
import { z } from 'zod';
import type { DynamicsSession } from '../dynamics.api.ts';
import { dynamicsLimits } from '../dynamics.limits.ts';
import { keyColumn, stateOf } from '../dynamics.mapping.ts';
import { readContactIds } from '../dynamics.opportunities.ts';
import { columnOf, tableOf } from './dynamics.tables.ts';
import { toFieldValue } from './dynamics.values.ts';

/** A row with the columns that were asked for. */
export const rowSchema = z.looseObject({ modifiedon: z.string() });
export type DynamicsRow = z.infer<typeof rowSchema>;

export const isRowId = (id: string): boolean => z.uuid().safeParse(id).success;
export const idOf = (object: CrmObject, row: DynamicsRow): string => String(row[tableOf(object).primaryKey]);

/** The columns that a selection needs. */
export function columnsOf({ description: { object, fields }, fieldNames }: FieldSelection): string[] {
  const { primaryKey, always } = tableOf(object);
  const chosen = fields.filter(({ name }) => fieldNames.includes(name) && !name.startsWith('crossdock:')).map(columnOf);
  return [...new Set([primaryKey, 'modifiedon', ...always, ...(fields.some(({ name }) => name === keyColumn) ? [keyColumn] : []), ...chosen])];
}

/** Rows by their ids; one that is not there is left out. @throws Failure */
export function readRows(session: DynamicsSession, selection: FieldSelection, ids: readonly string[]): Promise<DynamicsRow[]> {
  const { object } = selection.description;
  return findRows(session, selection, [...new Set(ids)].filter(isRowId).map((id) => `${tableOf(object).primaryKey} eq ${id}`), dynamicsLimits.idsPerFilter);
}

/** Rows for which one of the conditions holds. @throws Failure */
export function findRows(session: DynamicsSession, selection: FieldSelection, conditions: readonly string[], perFilter: number): Promise<DynamicsRow[]> {
  const { object } = selection.description;
  const select = columnsOf(selection).join(',');
  const queries = chunksOf(conditions, perFilter).map((some) => ({ entitySet: tableOf(object).entitySet, select, filter: some.join(' or ') }));
  return session.listAll(`${object}.list`, queries, rowSchema);
}

/** Rows in the hub's form: those that are merged into another one are no more. @throws Failure */
export async function toRecords(
  session: DynamicsSession, { description, fieldNames }: FieldSelection, rows: readonly DynamicsRow[], currencies: ReadonlyMap<string, string>,
): Promise<{ readonly records: CrmRecord[]; readonly gone: GoneRecord[] }> {
  const { object } = description;
  const selected = description.fields.filter(({ name }) => fieldNames.includes(name));
  const merged = rows.filter((row) => row['merged'] === true);
  const present = rows.filter((row) => row['merged'] !== true);
  const contacts = object === 'deal' && present.length > 0 ? await contactsOf(session, present) : new Map<string, string[]>();
  const records = present.map((row): CrmRecord => {
    const id = idOf(object, row);
    const currency = currencies.get(String(row['_transactioncurrencyid_value']));
    return {
      object, id, modifiedAt: new Date(row.modifiedon).toISOString(),
      ...(typeof row[keyColumn] === 'string' && row[keyColumn] !== '' && { key: row[keyColumn] }),
      fields: Object.fromEntries(selected.flatMap((field): Array<[string, FieldValue]> => {
        const value = field.name.startsWith('crossdock:') ? derived(field.name, row) : toFieldValue(field, row[columnOf(field)], currency);
        return value === undefined ? [] : [[field.name, value]];
      })),
      associations: [...companiesOf(object, row), ...(contacts.get(id) ?? []).toSorted().map((contact) => ({ object: 'contact', id: contact } as const))],
    };
  });
  return { records, gone: merged.map((row) => toGone(object, row)) };
}

function toGone(object: CrmObject, row: DynamicsRow): GoneRecord {
  const into = row['_masterid_value'];
  return { object, id: idOf(object, row), gone: 'merged', ...(typeof into === 'string' && { mergedInto: into }) };
}

/** What a deal's state says; the day on which it was decided is kept without its hour. */
function derived(name: string, row: DynamicsRow): FieldValue | undefined {
  const status = row['statecode'] === stateOf.won ? 'won' : row['statecode'] === stateOf.lost ? 'lost' : 'open';
  if (name === derivedFields.dealStatus) return status;
  if (name !== derivedFields.dealClosedAt) return undefined;
  return status !== 'open' && typeof row['actualclosedate'] === 'string' ? `${row['actualclosedate'].slice(0, 10)}T00:00:00.000Z` : null;
}

/** The reference of a contact may lead to another contact, which is no company. */
function companiesOf(object: CrmObject, row: DynamicsRow): RecordRef[] {
  const column = tableOf(object).names.company?.column;
  const id = column === undefined ? undefined : row[column];
  const leadsTo = row[`${column ?? ''}@Microsoft.Dynamics.CRM.lookuplogicalname`];
  return typeof id === 'string' && (leadsTo === undefined || leadsTo === 'account') ? [{ object: 'company', id }] : [];
}

function contactsOf(session: DynamicsSession, rows: readonly DynamicsRow[]): Promise<Map<string, string[]>> {
  return readContactIds(session, rows.map((row) => {
    const own = row['_parentcontactid_value'];
    return { opportunityid: idOf('deal', row), _parentcontactid_value: typeof own === 'string' ? own : undefined };
  }));
}
