import { badRequest, noSuchProperty, noSuchRow, tooLong } from '../dynamics-refusals.ts';
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

/** `contacts(<id>)`, with or without the address of the environment in front. */
function bound(rows: Rows, table: Table, name: string, value: unknown): [string, unknown] {
  const found = Object.entries(table.columns).find(([, column]) => column.type === 'lookup' && column.bindAs === name);
  const [, set = '', id = ''] = /(?:^|\/)(\w+)\(([0-9a-f-]{36})\)$/i.exec(String(value)) ?? [];
  if (found?.[1].type !== 'lookup') throw noSuchProperty(name, table.logicalName);
  if (set !== found[1].target) throw badRequest(`The value of ${name}@odata.bind is no reference to ${found[1].target}.`);
  if (rows.find(rows.tableOf(set), id) === undefined) throw noSuchRow(rows.tableOf(set).logicalName, id);
  return [found[0], id.toLowerCase()];
}

function checked(table: Table, name: string, column: Column, value: unknown): unknown {
  if (value === null) return null;
  if (column.type === 'text') {
    if (typeof value !== 'string') throw badRequest(`Cannot convert the value of ${name} to the expected type 'Edm.String'.`);
    if (value.length > column.maxLength) throw tooLong(name, table.logicalName, column.maxLength);
    return value;
  }
  const fits = column.type === 'number' ? typeof value === 'number'
    : column.type === 'integer' ? Number.isInteger(value)
      : column.type === 'boolean' ? typeof value === 'boolean'
        : column.type === 'date' ? typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) : typeof value === 'string' && guid.test(value);
  if (!fits) throw badRequest(`Cannot convert the value of ${name} to the expected type.`);
  return value;
}
