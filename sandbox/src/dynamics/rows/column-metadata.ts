import { randomUUID } from 'node:crypto';
import type { Column, Table } from './tables.ts';

type Metadata = Record<string, unknown>;

/** Kinds of columns by the names that Dataverse has for them: of the metadata type, and of the type in it. */
const kinds: Readonly<Record<Column['type'] | 'memo' | 'owner' | 'customer' | 'status', readonly [string, string]>> = {
  text: ['String', 'StringType'], memo: ['Memo', 'MemoType'], money: ['Money', 'MoneyType'], decimal: ['Decimal', 'DecimalType'], integer: ['Integer', 'IntegerType'], boolean: ['Boolean', 'BooleanType'],
  date: ['DateTime', 'DateTimeType'], datetime: ['DateTime', 'DateTimeType'], guid: ['UniqueIdentifier', 'UniqueidentifierType'], state: ['State', 'StateType'],
  status: ['Status', 'StatusType'], choice: ['Picklist', 'PicklistType'], choices: ['MultiSelectPicklist', 'MultiSelectPicklistType'],
  lookup: ['Lookup', 'LookupType'], owner: ['Lookup', 'OwnerType'], customer: ['Lookup', 'CustomerType'],
};
const readOnly: ReadonlySet<string> = new Set(['createdon', 'modifiedon', 'fullname', 'merged', 'masterid', 'baseamount', 'extendedamount']);

/** The definitions of a table's columns, of one kind where that is asked for. What belongs to a kind only comes with it. */
export function columnDefinitions(table: Table, kind?: string): Metadata[] {
  const columns: Readonly<Record<string, Column>> = { [table.primaryKey]: { type: 'guid' }, createdon: { type: 'datetime' }, modifiedon: { type: 'datetime' }, ...table.columns };
  return Object.entries(columns).flatMap(([name, column]) => {
    const [own, typeName] = kinds[kindOf(name, column)];
    return kind === undefined || kind === own ? [{ ...baseOf(table, name, { own, typeName }), ...(kind !== undefined && particularsOf(column)) }] : [];
  });
}

function kindOf(name: string, column: Column): keyof typeof kinds {
  if (column.type === 'text' && column.format === 'TextArea') return 'memo';
  if (column.type === 'state') return name === 'statuscode' ? 'status' : 'state';
  return column.type === 'lookup' ? column.kind ?? 'lookup' : column.type;
}

function baseOf(table: Table, name: string, { own, typeName }: { own: string; typeName: string }): Metadata {
  const isReadOnly = readOnly.has(name) || own === 'State';
  return {
    '@odata.type': `#Microsoft.Dynamics.CRM.${own}AttributeMetadata`, MetadataId: randomUUID(), LogicalName: name, AttributeOf: null,
    AttributeTypeName: { Value: typeName }, DisplayName: { UserLocalizedLabel: { Label: name, LanguageCode: 1033 } },
    IsCustomAttribute: name.includes('_') && !/^address\d_/.test(name), IsValidForRead: true, IsValidForCreate: !isReadOnly, IsValidForUpdate: !isReadOnly && name !== table.primaryKey,
    RequiredLevel: { Value: table.required.includes(name) ? 'ApplicationRequired' : name === table.primaryKey ? 'SystemRequired' : 'None' },
  };
}

function particularsOf(column: Column): Metadata {
  switch (column.type) {
    case 'text': return { MaxLength: column.maxLength, FormatName: { Value: column.format ?? 'Text' } };
    case 'date': case 'datetime': return { Format: column.type === 'date' ? 'DateOnly' : 'DateAndTime', DateTimeBehavior: { Value: column.type === 'date' ? 'DateOnly' : 'UserLocal' } };
    case 'money': return { CalculationOf: null };
    case 'choice': case 'choices': return { OptionSet: { Options: Object.entries(column.options).map(([value, label]) => ({ Value: Number(value), Label: { UserLocalizedLabel: { Label: label } } })) } };
    default: return {};
  }
}
