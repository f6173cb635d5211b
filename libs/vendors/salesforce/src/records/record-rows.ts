import type { FieldValue } from '@crossdock/contracts';
import { derivedFields, type CrmRecord, type FieldSelection, type GoneRecord, type RecordRef } from '@crossdock/crm-connector';
import { z } from 'zod';
import { externalKeyField, type SalesforceSettings } from '../salesforce.mapping.ts';
import type { Row } from './composite.ts';
import { readValue } from './field-values.ts';
import { namesAccount } from './object-types.ts';

/** What is read of every record, beside the fields that were selected. */
const rowSchema = z.looseObject({
  Id: z.string(), SystemModstamp: z.string(), IsDeleted: z.boolean().default(false), MasterRecordId: z.string().nullish(), AccountId: z.string().nullish(),
  CurrencyIsoCode: z.string().nullish(), IsClosed: z.boolean().nullish(), IsWon: z.boolean().nullish(), CloseDate: z.string().nullish(),
  [externalKeyField]: z.string().nullish(),
});
export type RecordRow = z.infer<typeof rowSchema>;

export function parseRows(rows: readonly Row[]): RecordRow[] {
  return z.array(rowSchema).parse(rows);
}

/** Names of the fields that a query for these records asks for. */
export function columnsOf({ description: { object, fields }, fieldNames }: FieldSelection, { multiCurrency }: SalesforceSettings): string {
  const own = new Set(fieldNames.filter((name) => !isDerived(name)));
  const hasMoney = fields.some(({ name, type }) => own.has(name) && type === 'money');
  return [...new Set([
    'Id', 'SystemModstamp', 'IsDeleted', externalKeyField,
    // Opportunities are not merged.
    ...(object === 'deal' ? [] : ['MasterRecordId']), ...(namesAccount(object) ? ['AccountId'] : []), ...(hasMoney && multiCurrency ? ['CurrencyIsoCode'] : []),
    ...(fieldNames.some(isDerived) ? ['IsClosed', 'IsWon', 'CloseDate'] : []), ...own,
  ])].join(', ');
}

function isDerived(name: string): boolean {
  return name === derivedFields.dealStatus || name === derivedFields.dealClosedAt;
}

/** @param contactIds of a deal. */
export function toRecord(row: RecordRow, { description: { object, fields }, fieldNames }: FieldSelection, { companyCurrency }: SalesforceSettings, contactIds: readonly string[]): CrmRecord {
  const typeOf = new Map(fields.map(({ name, type }) => [name, type]));
  const valueOf = (name: string): FieldValue => {
    if (name === derivedFields.dealStatus) return row.IsWon === true ? 'won' : row.IsClosed === true ? 'lost' : 'open';
    // An open opportunity has a day as well, which is a forecast.
    if (name === derivedFields.dealClosedAt) return row.IsClosed === true && row.CloseDate ? `${row.CloseDate}T00:00:00.000Z` : null;
    return readValue(typeOf.get(name) ?? 'text', row[name], row.CurrencyIsoCode ?? companyCurrency);
  };
  const companies: RecordRef[] = namesAccount(object) && row.AccountId ? [{ object: 'company', id: row.AccountId }] : [];
  const contacts = [...new Set(contactIds)].sort().map((id): RecordRef => ({ object: 'contact', id }));
  const key = row[externalKeyField];
  return {
    object, id: row.Id, modifiedAt: new Date(row.SystemModstamp).toISOString(), ...(key && { key }),
    fields: Object.fromEntries(fieldNames.map((name) => [name, valueOf(name)])),
    associations: [...companies, ...contacts],
  };
}

export function toGone({ Id: id, MasterRecordId: mergedInto }: RecordRow, object: GoneRecord['object']): GoneRecord {
  return mergedInto ? { object, id, gone: 'merged', mergedInto } : { object, id, gone: 'archived' };
}
