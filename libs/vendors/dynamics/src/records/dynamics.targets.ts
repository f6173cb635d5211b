import { chunksOf, derivedFields, type Likeness, type RecordWrite } from '@crossdock/crm-connector';
import type { CrmObject, ObjectDescription } from '@crossdock/contracts';
import { z } from 'zod';
import { quoted, type DynamicsSession } from '../dynamics.api.ts';
import { dynamicsLimits } from '../dynamics.limits.ts';
import { keyColumn } from '../dynamics.mapping.ts';
import { readConnections } from '../dynamics.opportunities.ts';
import { isRowId } from './dynamics.rows.ts';
import { tableOf } from './dynamics.tables.ts';

/** What a write has to know of the row that it means. */
export interface PresentRow {
  readonly id: string;
  readonly key?: string;
  readonly state?: number;
  readonly companyId?: string;
  readonly contactId?: string;
  /** Contacts that are connected with a deal, by the rows that connect them. */
  readonly connected: ReadonlyMap<string, string>;
}

const rowSchema = z.looseObject({ createdon: z.string(), statecode: z.int().nullish(), merged: z.boolean().nullish(), [keyColumn]: z.string().nullish() });
type Row = z.infer<typeof rowSchema>;

/** The row of each write that is there already and was looked at: one by its id only where the write depends on what it holds. */
export async function findTargets(session: DynamicsSession, { object, fields }: ObjectDescription, writes: readonly RecordWrite[]): Promise<Map<RecordWrite, PresentRow>> {
  const asked = writes.filter((write) => 'key' in write.target || dependsOnRow(object, write));
  const known = new Set(fields.map(({ name }) => name));
  const wishes = asked.flatMap(({ target }) => ('key' in target && target.adoptBy ? [{ key: target.key, likenesses: target.adoptBy.filter(({ field }) => known.has(field)) }] : []));
  const likenesses = wishes.flatMap((wish) => wish.likenesses);
  const ids = asked.flatMap(({ target }) => ('id' in target && isRowId(target.id) ? [target.id] : []));
  const keys = asked.flatMap(({ target }) => ('key' in target ? [target.key] : []));
  const rows = await look(session, object, [
    ...conditionsOf(ids, dynamicsLimits.idsPerFilter, (id) => `${tableOf(object).primaryKey} eq ${id}`),
    ...conditionsOf(keys, dynamicsLimits.keysPerFilter, (key) => `${keyColumn} eq ${quoted(key)}`),
    ...conditionsOf(likenesses.map(({ field, value }) => `${field} eq ${quoted(value)}`), dynamicsLimits.keysPerFilter, (condition) => condition),
  ], [...new Set(likenesses.flatMap(({ field, whereEmpty }) => [field, ...(whereEmpty !== undefined && known.has(whereEmpty) ? [whereEmpty] : [])]))]);
  const found = new Map(rows.map((row) => [String(row[tableOf(object).primaryKey]).toLowerCase(), row]));
  const keyed = new Map([...found.values()].flatMap((row) => (row[keyColumn] ? [[row[keyColumn].toLowerCase(), row] as const] : [])));
  const adopted = adopt([...found.values()], wishes.filter(({ key }) => !keyed.has(key.toLowerCase())));
  const targets = asked.flatMap((write) => {
    const { target } = write;
    const row = 'id' in target ? found.get(target.id.toLowerCase()) : keyed.get(target.key.toLowerCase()) ?? adopted.get(target.key);
    return row ? [[write, row] as const] : [];
  });
  const connected = object === 'deal' ? await connectionsOf(session, targets.filter(([write]) => namesContacts(write)).map(([, row]) => String(row['opportunityid']))) : new Map<string, Map<string, string>>();
  return new Map(targets.map(([write, row]) => [write, toPresent(object, row, connected)]));
}

/** Whether it can be seen only in the row what is to be written, or whether it is there at all. */
export function dependsOnRow(object: CrmObject, { fields, associate = [], dissociate = [] }: RecordWrite): boolean {
  if (Object.keys(fields).length === 0 || dissociate.length > 0) return true;
  return object === 'deal' && (associate.length > 0 || derivedFields.dealStatus in fields);
}

const namesContacts = ({ associate = [], dissociate = [] }: RecordWrite): boolean => [...associate, ...dissociate].some(({ object }) => object === 'contact');

const conditionsOf = (values: readonly string[], perFilter: number, condition: (value: string) => string): string[] =>
  chunksOf([...new Set(values)], perFilter).map((some) => some.map(condition).join(' or '));

async function look(session: DynamicsSession, object: CrmObject, filters: readonly string[], more: readonly string[]): Promise<Row[]> {
  if (filters.length === 0) return [];
  const { entitySet, primaryKey, names } = tableOf(object);
  const columns = [primaryKey, 'createdon', 'statecode', keyColumn, ...(object === 'deal' ? [] : ['merged']), ...Object.values(names).map(({ column }) => column), ...more];
  return session.listAll(`${object}.lookUp`, filters.map((filter) => ({ entitySet, select: [...new Set(columns)].join(','), filter })), rowSchema);
}

/** For each key the oldest row that shows the first of its likenesses that any does; none is adopted twice. */
function adopt(rows: readonly Row[], wishes: ReadonlyArray<{ readonly key: string; readonly likenesses: readonly Likeness[] }>): Map<string, Row> {
  const alive = rows.filter((row) => row.merged !== true).toSorted((one, other) => one.createdon.localeCompare(other.createdon));
  const columns = [...new Set(wishes.flatMap(({ likenesses }) => likenesses.map(({ field }) => field)))];
  const byValue = Map.groupBy(alive.flatMap((row) => columns.map((field) => ({ row, place: placeOf(field, row[field]) }))), ({ place }) => place);
  const [adopted, taken] = [new Map<string, Row>(), new Set<Row>()];
  for (const { key, likenesses } of wishes) {
    for (const { field, value, anyKey, whereEmpty = '' } of adopted.has(key) ? [] : likenesses) {
      const row = byValue.get(placeOf(field, value))?.find((each) => !taken.has(each.row) && (anyKey || !each.row[keyColumn]) && !each.row[whereEmpty])?.row;
      if (!row) continue;
      taken.add(row);
      adopted.set(key, row);
      break;
    }
  }
  return adopted;
}

const placeOf = (field: string, value: unknown): string => JSON.stringify([field, typeof value === 'string' ? value.toLowerCase() : value]);

/** By deal, the connecting row of each contact. */
async function connectionsOf(session: DynamicsSession, dealIds: readonly string[]): Promise<Map<string, Map<string, string>>> {
  const connected = new Map<string, Map<string, string>>();
  if (dealIds.length === 0) return connected;
  for (const { connectionid, _record1id_value: deal, _record2id_value: contact } of await readConnections(session, [...new Set(dealIds)])) {
    if (contact) connected.set(deal, (connected.get(deal) ?? new Map<string, string>()).set(contact, connectionid));
  }
  return connected;
}

function toPresent(object: CrmObject, row: Row, connected: ReadonlyMap<string, Map<string, string>>): PresentRow {
  const { primaryKey, names } = tableOf(object);
  const id = String(row[primaryKey]);
  const [companyId, contactId] = [row[names.company?.column ?? ''], row[names.contact?.column ?? '']];
  return {
    id, connected: connected.get(id) ?? new Map(), ...(row[keyColumn] && { key: row[keyColumn] }), ...(typeof row.statecode === 'number' && { state: row.statecode }),
    ...(typeof companyId === 'string' && { companyId }), ...(typeof contactId === 'string' && { contactId }),
  };
}
