import type { Environment } from '../environments.ts';
import { badRequest } from '../dynamics-refusals.ts';
import type { Row } from './rows.ts';
import type { Table } from './tables.ts';

export const apiPath = '/api/data/v9.2';

/**
 * A row with the columns that are asked for, or all. The primary key and the version always come; where references lead, only
 * when it is asked for.
 * @param tableOf the logical name of the table that a row is in.
 */
export function rowAnswer(row: Row, select: readonly string[] | undefined, tableOf?: (id: unknown) => string | undefined): Record<string, unknown> {
  const { table } = row;
  const all: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(table.columns).filter(([, column]) => !(column.type === 'text' && column.isWriteOnly)).map(([name, column]) => [column.type === 'lookup' ? `_${name}_value` : name, row.values[name] ?? null])),
    createdon: row.createdOn, modifiedon: row.modifiedOn, versionnumber: row.version,
  };
  const unknown = select?.find((name) => name !== table.primaryKey && all[name] === undefined);
  if (unknown !== undefined) throw badRequest(`Could not find a property named '${unknown}' on type 'Microsoft.Dynamics.CRM.${table.logicalName}'.`);
  const chosen = select === undefined ? all : Object.fromEntries(select.filter((name) => name in all).map((name) => [name, all[name]]));
  const leads = tableOf === undefined ? {} : Object.fromEntries(Object.entries(chosen).flatMap(([name, value]) => {
    const target = /^_\w+_value$/.test(name) && value !== null ? tableOf(value) : undefined;
    return target === undefined ? [] : [[`${name}@Microsoft.Dynamics.CRM.lookuplogicalname`, target]];
  }));
  return { '@odata.etag': etagOf(row), ...chosen, ...leads, [table.primaryKey]: row.id };
}

export function etagOf({ version }: Row): string {
  return `W/"${String(version)}"`;
}

export function contextOf(environment: Environment, table: Table, select: readonly string[] | undefined, suffix = ''): string {
  return `${environment.url}${apiPath}/$metadata#${table.entitySet}${select === undefined ? '' : `(${select.join(',')})`}${suffix}`;
}

export function selectOf(query: Readonly<Record<string, unknown>>): string[] | undefined {
  const select = query['$select'];
  return typeof select === 'string' && select !== '' ? select.split(',').map((name) => name.trim()) : undefined;
}
