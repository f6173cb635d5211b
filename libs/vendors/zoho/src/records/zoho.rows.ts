import { chunksOf, derivedFields, type CrmRecord, type FieldSelection, type RecordRef } from '@crossdock/crm-connector';
import { asFailure, type CrmObject, type FieldValue } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from '../zoho.api.ts';
import { isRecordId, queryByValues, runQuery, type CoqlQuery } from '../zoho.coql.ts';
import { zohoLimits } from '../zoho.limits.ts';
import { currencyField, keyField, type DealStages } from '../zoho.mapping.ts';
import { readContactRoles } from '../zoho.contact-roles.ts';
import { associationFieldsOf, isDerived, lookups, moduleOf } from './zoho.modules.ts';
import { toFieldValue } from './zoho.values.ts';

export const rowSchema = z.looseObject({ id: z.string().regex(/^[0-9]+$/), Modified_Time: z.iso.datetime({ offset: true }) });
export type ZohoRow = z.infer<typeof rowSchema>;
const linkSchema = z.object({ id: z.string().min(1) }).catch({ id: '' });

/** What an organisation says besides its records. */
export interface Organisation {
  readonly currency: string | undefined;
  /** Only asked for where deals are read. */
  readonly stages: DealStages | undefined;
}

/** Asks for records by their ids; one that is deleted or unknown is left out. @throws Failure */
export function readRows(api: ZohoApi, selection: FieldSelection, ids: readonly string[]): Promise<ZohoRow[]> {
  const values = [...new Set(ids)].filter(isRecordId);
  return presentFields(selection, (present) => inParts(present, (fields) => queryByValues(api, rowSchema, { ...placeOf(present), fields, where: 'id', values }), values));
}

/** A field that an administrator has removed since the description is not told, and keeps nothing else from being told. */
async function presentFields(selection: FieldSelection, ask: (selection: FieldSelection) => Promise<ZohoRow[]>): Promise<ZohoRow[]> {
  try {
    return await ask(selection);
  } catch (thrown) {
    const { kind, field } = asFailure(thrown);
    if (kind !== 'invalid' || field === undefined || !selection.fieldNames.includes(field)) throw thrown;
    return presentFields({ ...selection, fieldNames: selection.fieldNames.filter((name) => name !== field) }, ask);
  }
}

/** Asks for records by the values of another field. @throws Failure */
export function findRows(api: ZohoApi, selection: FieldSelection, by: { readonly field: string; readonly values: readonly string[] }): Promise<ZohoRow[]> {
  return presentFields(selection, (present) => findPresent(api, present, by));
}

async function findPresent(api: ZohoApi, selection: FieldSelection, { field, values }: { readonly field: string; readonly values: readonly string[] }): Promise<ZohoRow[]> {
  const [first = []] = partsOf(selection);
  const found = await queryByValues(api, rowSchema, { ...placeOf(selection), fields: first, where: field, values });
  return partsOf(selection).length === 1 ? found : readRows(api, selection, found.map(({ id }) => id));
}

/** Asks for records by a condition, in its order. One that changes while its many fields are read part by part is left out. @throws Failure */
export function queryRows(api: ZohoApi, selection: FieldSelection, query: RowQuery): Promise<ZohoRow[]> {
  return presentFields(selection, (present) => queryPresent(api, present, query));
}

type RowQuery = Pick<CoqlQuery, 'where' | 'orderBy' | 'limit' | 'operation'>;

async function queryPresent(api: ZohoApi, selection: FieldSelection, query: RowQuery): Promise<ZohoRow[]> {
  const [first = [], ...others] = partsOf(selection);
  const rows = await runQuery(api, rowSchema, { module: moduleOf(selection.description.object), fields: first, ...query });
  if (others.length === 0) return rows;
  const whole = new Map((await readRows(api, selection, rows.map(({ id }) => id))).map((row) => [row.id, row]));
  return rows.flatMap((row) => whole.get(row.id) ?? []);
}

/** Records in the hub's form, those of deals with all of their contacts. @throws Failure */
export async function toRecords(api: ZohoApi, { description, fieldNames }: FieldSelection, rows: readonly ZohoRow[], { currency, stages }: Organisation): Promise<CrmRecord[]> {
  const { object } = description;
  const selected = description.fields.filter(({ name }) => fieldNames.includes(name));
  const roles = object === 'deal' ? await readContactRoles(api, rows.map(({ id }) => id)) : new Map<string, string[]>();
  return rows.map((row) => ({
    object, id: row.id, modifiedAt: new Date(row.Modified_Time).toISOString(),
    ...(typeof row[keyField] === 'string' && row[keyField] !== '' && { key: row[keyField] }),
    fields: Object.fromEntries(selected.flatMap((field): Array<[string, FieldValue]> => {
      const value = isDerived(field.name) ? derived(field.name, row, stages) : field.name in row ? toFieldValue(field, row[field.name], currencyOf(row) ?? currency) : undefined;
      return value === undefined ? [] : [[field.name, value]];
    })),
    associations: associationsOf(object, row, roles.get(row.id) ?? []),
  }));
}

/** The currency of a record's amounts, where the organisation has several. */
function currencyOf({ [currencyField]: code }: ZohoRow): string | undefined {
  return typeof code === 'string' && /^[A-Z]{3}$/.test(code) ? code : undefined;
}

/** What a deal's stage says. */
function derived(name: string, row: ZohoRow, stages: DealStages | undefined): FieldValue {
  const status = stages?.statusOf.get(typeof row['Stage'] === 'string' ? row['Stage'] : '') ?? 'open';
  if (name === derivedFields.dealStatus) return status;
  // On an open deal the closing date is a forecast.
  return status !== 'open' && typeof row['Closing_Date'] === 'string' ? `${row['Closing_Date']}T00:00:00.000Z` : null;
}

function associationsOf(object: CrmObject, row: ZohoRow, roles: readonly string[]): RecordRef[] {
  const fields = associationFieldsOf(object);
  const [company, contact] = [lookups.company, lookups.contact].map((field) => (fields.includes(field) ? linkSchema.parse(row[field]).id : ''));
  const contacts = [...new Set([contact ?? '', ...roles])].filter((id) => id !== '').toSorted();
  return [
    ...(company ? [{ object: 'company', id: company } as const] : []),
    ...contacts.map((id) => ({ object: 'contact', id } as const)),
  ];
}

const placeOf = ({ description: { object } }: FieldSelection) => ({ module: moduleOf(object), operation: `${object}.query` } as const);

/** The columns that a selection needs. */
export function columnsOf({ description, fieldNames }: FieldSelection): { readonly always: string[]; readonly chosen: string[] } {
  const { object, fields } = description;
  const hasMoney = fields.some(({ name, type }) => type === 'money' && fieldNames.includes(name));
  const own = [keyField, ...(hasMoney ? [currencyField] : [])].filter((name) => fields.some((field) => field.name === name));
  const always = ['Modified_Time', ...own, ...associationFieldsOf(object), ...(object === 'deal' ? ['Stage', 'Closing_Date'] : [])];
  const chosen = fieldNames.filter((name) => !always.includes(name) && !isDerived(name) && fields.some((field) => field.name === name));
  return { always, chosen };
}

/** The same in parts of as many as one query takes. */
function partsOf(selection: FieldSelection): string[][] {
  const { always, chosen } = columnsOf(selection);
  if (chosen.length === 0) return [always];
  return chunksOf(chosen, zohoLimits.columnsPerQuery - always.length).map((some) => [...always, ...some]);
}

/** Rows whose columns take several queries; one that a later query does not know any more is left out. */
async function inParts(selection: FieldSelection, ask: (fields: readonly string[]) => Promise<ZohoRow[]>, ids: readonly string[]): Promise<ZohoRow[]> {
  if (ids.length === 0) return [];
  const [first = [], ...others] = partsOf(selection);
  let rows = await ask(first);
  for (const fields of others) {
    const more = new Map((await ask(fields)).map((row) => [row.id, row]));
    rows = rows.flatMap((row) => {
      const part = more.get(row.id);
      return part ? [{ ...row, ...part }] : [];
    });
  }
  return rows;
}
