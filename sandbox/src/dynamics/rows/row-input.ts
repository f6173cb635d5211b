import { badRequest, disabledUser, noSuchOption, noSuchProperty, noSuchRow, tooLong } from '../dynamics-refusals.ts';
import type { Rows } from './rows.ts';
import type { Column, Table } from './tables.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a body writes, by column; throws Dataverse's refusal for a property that the table has not or a value that does not fit. */
export function readInput(rows: Rows, table: Table, body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw badRequest('A non-empty object is expected.');
  return Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith('@')).map(([name, value]): [string, unknown] => {
    if (name.endsWith('@odata.bind')) return bound(rows, table, name.slice(0, -'@odata.bind'.length), value);
    const column = table.columns[name];
    if (name === table.primaryKey && typeof value === 'string' && guid.test(value)) return [name, value.toLowerCase()];
    if (column === undefined || column.type === 'lookup') throw noSuchProperty(name, table.logicalName);
    return [name, checked(table, name, column, value)];
  }));
}

/** `contacts(<id>)`, with or without the address of the environment in front; null takes the reference away. */
function bound(rows: Rows, table: Table, name: string, value: unknown): [string, unknown] {
  const found = Object.entries(table.columns).flatMap(([own, column]) => {
    const target = column.type !== 'lookup' ? undefined : column.bindAs === name ? column.target : column.others?.[name];
    return target === undefined ? [] : [{ own, target }];
  })[0];
  if (found === undefined) throw noSuchProperty(name, table.logicalName);
  if (value === null) return [found.own, null];
  const [, set = '', id = ''] = /(?:^|\/)(\w+)\(([0-9a-f-]{36})\)$/i.exec(textOf(value)) ?? [];
  if (set !== found.target) throw badRequest(`The value of ${name}@odata.bind is no reference to ${found.target}.`);
  const row = rows.find(rows.tableOf(set), id);
  if (row === undefined) throw noSuchRow(rows.tableOf(set).logicalName, id);
  if (row.values['isdisabled'] === true) throw disabledUser(id);
  return [found.own, id.toLowerCase()];
}

function checked(table: Table, name: string, column: Column, value: unknown): unknown {
  if (value === null) return null;
  if (column.type === 'text') {
    if (typeof value !== 'string') throw badRequest(`Cannot convert the value of ${name} to the expected type 'Edm.String'.`);
    if (value.length > column.maxLength) throw tooLong(name, table.logicalName, column.maxLength);
    return value;
  }
  if (column.type === 'choice' || column.type === 'choices') {
    const options = Object.keys(column.options);
    const chosen = column.type === 'choice' ? [textOf(value)] : textOf(value).split(',');
    if (chosen.some((option) => !options.includes(option))) throw noSuchOption(name, table.logicalName, value, options);
    return value;
  }
  if (!fits(column.type, value)) throw badRequest(`Cannot convert the value of ${name} to the expected type.`);
  return value;
}

function fits(type: Exclude<Column['type'], 'text' | 'choice' | 'choices'>, value: unknown): boolean {
  switch (type) {
    case 'money': case 'decimal': return typeof value === 'number';
    case 'integer': case 'state': return Number.isInteger(value);
    case 'boolean': return typeof value === 'boolean';
    case 'date': return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);
    case 'datetime': return typeof value === 'string' && !Number.isNaN(Date.parse(value));
    case 'guid': case 'lookup': return typeof value === 'string' && guid.test(value);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
