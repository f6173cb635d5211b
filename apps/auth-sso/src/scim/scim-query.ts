import { ScimError } from './scim-error.ts';
import type { ScimFilter } from './scim-filter.ts';

/** How an attribute stands in the table. */
export interface ScimColumn {
  /** SQL of the value. */
  readonly sql: string;
  /** `text` is compared without regard to case, `id` exactly. */
  readonly type: 'text' | 'id' | 'boolean' | 'time';
}

/** Attributes that may be asked for, by their path in small letters. */
export type ScimColumns = Readonly<Record<string, ScimColumn>>;

/** A condition with its parameters, which follow those that were there before. */
export interface ScimCondition {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * Turns a filter into SQL. Every value is a parameter.
 * @param firstParameter number of the first of them.
 * @throws ScimError 400 `invalidFilter` for an attribute that cannot be asked for, or a value of another type.
 */
export function conditionOf(filter: ScimFilter, columns: ScimColumns, firstParameter: number): ScimCondition {
  const parameters: unknown[] = [];
  const parameter = (value: unknown): string => {
    parameters.push(value);
    return `$${firstParameter + parameters.length - 1}`;
  };
  const write = (part: ScimFilter, prefix: string): string => {
    switch (part.kind) {
      case 'and':
      case 'or': return `(${write(part.left, prefix)} ${part.kind} ${write(part.right, prefix)})`;
      case 'not': return `NOT ${write(part.filter, prefix)}`;
      case 'entry': return write(part.filter, `${plain(part.path)}.`);
      case 'present': {
        const { sql, type } = columnOf(columns, prefix + plain(part.path));
        return type === 'text' ? `coalesce(${sql} <> '', false)` : `(${sql} IS NOT NULL)`;
      }
      case 'compare': {
        const column = columnOf(columns, prefix + plain(part.path));
        return part.value === null
          ? `(${column.sql} IS ${part.operator === 'ne' ? 'NOT ' : ''}NULL)`
          : `coalesce(${compare(column, part.operator, part.value, parameter)}, ${part.operator === 'ne'})`;
      }
    }
  };
  return { sql: write(filter, ''), parameters };
}

const symbols: Readonly<Record<string, string>> = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' };

function compare({ sql, type }: ScimColumn, operator: string, value: string | number | boolean, parameter: (value: unknown) => string): string {
  const symbol = symbols[operator];
  if (type === 'boolean') {
    if (typeof value !== 'boolean' || (operator !== 'eq' && operator !== 'ne')) throw mismatch();
    return `${sql} ${symbol} ${parameter(value)}::boolean`;
  }
  if (typeof value !== 'string' || value.includes('\0')) throw mismatch();
  if (type === 'time') {
    if (symbol === undefined || Number.isNaN(Date.parse(value))) throw mismatch();
    return `${sql} ${symbol} ${parameter(new Date(value))}::timestamptz`;
  }
  const [left, right] = type === 'text' ? [`lower(${sql})`, `lower(${parameter(value)}::text)`] : [sql, `${parameter(value)}::text`];
  switch (operator) {
    case 'co': return `position(${right} in ${left}) > 0`;
    case 'sw': return `starts_with(${left}, ${right})`;
    case 'ew': return `right(${left}, length(${right})) = ${right}`;
    default: return `${left} ${symbol} ${right}`;
  }
}

function plain(path: string): string {
  return path.replace(/^urn:[\w.:-]+:/i, '').toLowerCase();
}

function columnOf(columns: ScimColumns, path: string): ScimColumn {
  const column = Object.hasOwn(columns, path) ? columns[path] : undefined;
  if (!column) throw new ScimError(400, `The attribute ${path.slice(0, 100)} cannot be asked for.`, 'invalidFilter');
  return column;
}

function mismatch(): ScimError {
  return new ScimError(400, 'A value of the filter does not fit its attribute.', 'invalidFilter');
}
