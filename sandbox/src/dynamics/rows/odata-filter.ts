import { badRequest } from '../dynamics-refusals.ts';
import { same, type Row } from './rows.ts';

type Test = (row: Row) => boolean;

const comparison = /^(\w+) (eq|ne|gt|ge|lt|le) (?:'((?:[^']|'')*)'|([\w:.+-]+))/;

/**
 * Reads the part of `$filter` that this stand-in knows: comparisons of a column with a value, joined by `and` (binds
 * closer) and `or`, with parentheses. Everything else is refused, rather than guessed at.
 */
export function parseFilter(text: string): Test {
  const reader = { rest: text.trim() };
  const test = either(reader);
  if (reader.rest !== '') throw badRequest(`Syntax error at '${reader.rest.slice(0, 30)}' in the filter.`);
  return test;
}

interface Reader {
  rest: string;
}

function either(reader: Reader): Test {
  const tests = [both(reader)];
  while (take(reader, /^ or /)) tests.push(both(reader));
  return (row) => tests.some((test) => test(row));
}

function both(reader: Reader): Test {
  const tests = [single(reader)];
  while (take(reader, /^ and /)) tests.push(single(reader));
  return (row) => tests.every((test) => test(row));
}

function single(reader: Reader): Test {
  if (take(reader, /^\(/)) {
    const test = either(reader);
    if (!take(reader, /^\)/)) throw badRequest('A closing parenthesis is missing in the filter.');
    return test;
  }
  const match = comparison.exec(reader.rest);
  if (match === null) throw badRequest(`Syntax error at '${reader.rest.slice(0, 30)}' in the filter.`);
  const [whole, name = '', operator = '', quoted, bare] = match;
  reader.rest = reader.rest.slice(whole.length);
  const wanted = quoted === undefined ? literal(bare ?? '') : quoted.replaceAll("''", "'");
  return (row) => compare(columnOf(row, name), operator, wanted);
}

function take(reader: Reader, pattern: RegExp): boolean {
  const match = pattern.exec(reader.rest);
  if (match !== null) reader.rest = reader.rest.slice(match[0].length);
  return match !== null;
}

function literal(text: string): unknown {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function columnOf({ table, id, values, modifiedOn, createdOn }: Row, name: string): unknown {
  if (name === table.primaryKey) return id;
  if (name === 'modifiedon' || name === 'createdon') return name === 'modifiedon' ? modifiedOn : createdOn;
  const column = /^_(\w+)_value$/.exec(name)?.[1] ?? name;
  if (table.columns[column] === undefined) throw badRequest(`Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table.logicalName}'.`);
  return values[column] ?? null;
}

function compare(actual: unknown, operator: string, wanted: unknown): boolean {
  if (operator === 'eq' || operator === 'ne') return same(actual, wanted) === (operator === 'eq');
  if (actual === null || wanted === null) return false;
  const [left, right] = typeof actual === 'number' ? [actual, Number(wanted)] : [textOf(actual), textOf(wanted)];
  const order = left < right ? -1 : left > right ? 1 : 0;
  return { gt: order > 0, ge: order >= 0, lt: order < 0, le: order <= 0 }[operator] ?? false;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
