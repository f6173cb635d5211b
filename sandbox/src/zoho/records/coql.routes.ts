import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { parseSelect, QuerySyntaxError, type QueryCondition, type SelectQuery } from '../../select-query.ts';
import type { OrgOf } from '../org-session.ts';
import { rightsOf, type Org } from '../zoho-orgs.ts';
import { invalidBody, invalidQuery, limitExceeded, noPermission, syntaxError } from '../zoho-refusals.ts';
import { moduleNameOf, type ModuleName } from './module-fields.ts';
import type { ZohoRecord } from './org-records.ts';
import { recordAnswer } from './record-writing.ts';

const defaultLimit = 200;
const maxLimit = 2_000;
/** Values of one `in`. */
const maxValues = 50;
const maxColumns = 50;

/** COQL as far as `select-query.ts` reads it; fields of a lookup are named with a dot. */
export function registerCoqlRoute(app: FastifyInstance, orgOf: OrgOf): void {
  app.post('/crm/v8/coql', async (request, reply) => {
    const org = orgOf(request);
    const { select_query: text } = read(z.object({ select_query: z.string() }), request.body, invalidBody);
    const query = parsed(text);
    const module = moduleNameOf(query.from);
    if (module === undefined) throw invalidQuery('invalid module name given', { module: query.from });
    if (!rightsOf(org, module).viewable) throw noPermission(`Crm_Implied_View_${module}`);
    if (query.where.length === 0) throw syntaxError("missing clause: 'where'");
    if (query.fields.length > maxColumns) throw limitExceeded(maxColumns);
    const limit = query.limit ?? defaultLimit;
    if (limit > maxLimit) throw limitExceeded(maxLimit);
    for (const name of [...query.fields, ...query.where.map(({ field }) => field), ...query.orderBy.map(({ field }) => field)]) known(org, module, name);
    const found = org.records.list(module).filter((record) => query.where.every((condition) => fits(org, record, condition)));
    const records = ordered(org, found, query).slice(query.offset, query.offset + limit);
    if (records.length === 0) return await reply.code(204).send();
    const data = records.map((record) => ({ ...Object.fromEntries(query.fields.map((name) => [name, valueOf(org, record, name)])), id: record.id }));
    return { data, info: { count: data.length, more_records: query.offset + limit < found.length } };
  });
}

function parsed(text: string): SelectQuery {
  try {
    return parseSelect(text);
  } catch (error) {
    throw error instanceof QuerySyntaxError ? syntaxError(error.message) : error;
  }
}

function known(org: Org, module: ModuleName, name: string): void {
  const [first = '', second] = name.split('.');
  const field = org.fields.find(module, first);
  const isKnown = field !== undefined && (second === undefined || (field.lookup !== null && org.fields.find(field.lookup, second) !== undefined));
  if (!isKnown) throw invalidQuery('column given seems to be invalid', { column_name: name });
}

/** The value of a field, or of a field of the record that a lookup leads to. */
function valueOf(org: Org, record: ZohoRecord, name: string): unknown {
  const [first = '', second] = name.split('.');
  const value = recordAnswer(record, [first])[first];
  if (second === undefined) return value;
  const target = org.fields.find(record.module, first)?.lookup;
  const id = typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : '';
  const other = target ? org.records.find(target, id) : undefined;
  return other === undefined ? null : recordAnswer(other, [second])[second];
}

/** Numbers as they are, text without regard to case, a lookup by its id; nothing is the empty text. */
function comparable(value: unknown): string | number {
  if (typeof value === 'number') return value;
  if (typeof value === 'object' && value !== null && 'id' in value) return comparable(value.id);
  return typeof value === 'string' ? value.toLowerCase() : '';
}

function fits(org: Org, record: ZohoRecord, { field, operator, literals }: QueryCondition): boolean {
  if (literals.length > maxValues) throw limitExceeded(maxValues);
  if (field === 'id') return fitsId(record.id, operator, literals.map(({ value }) => value));
  const value = comparable(valueOf(org, record, field));
  const actual = /_Time$/.test(field) ? Date.parse(String(value)) : value;
  const wanted = literals.map(({ kind, value: given }) => (/_Time$/.test(field) ? Date.parse(given) : kind === 'number' && typeof actual === 'number' ? Number(given) : given.toLowerCase()));
  const [first = ''] = wanted;
  if (operator === 'IN') return wanted.includes(actual);
  if (operator === '=') return actual === first;
  if (operator === '!=') return actual !== first;
  if (operator === '<') return actual < first;
  if (operator === '<=') return actual <= first;
  return operator === '>' ? actual > first : actual >= first;
}

/** Ids are whole numbers of nineteen digits. */
function fitsId(id: string, operator: QueryCondition['operator'], literals: readonly string[]): boolean {
  if (!literals.every((literal) => /^\d+$/.test(literal))) throw invalidQuery('invalid value given', { column_name: 'id' });
  const [actual, wanted] = [BigInt(id), literals.map(BigInt)];
  const [first = 0n] = wanted;
  switch (operator) {
    case 'IN': return wanted.includes(actual);
    case '=': return actual === first;
    case '!=': return actual !== first;
    case '<': return actual < first;
    case '<=': return actual <= first;
    case '>': return actual > first;
    case '>=': return actual >= first;
  }
}

function ordered(org: Org, records: ZohoRecord[], { orderBy }: SelectQuery): ZohoRecord[] {
  return records.toSorted((a, b) => {
    for (const { field, descending } of orderBy) {
      const [left = '', right = ''] = [a, b].map((record) => comparable(valueOf(org, record, field)));
      if (left !== right) return (descending ? -1 : 1) * (left < right ? -1 : 1);
    }
    return 0;
  });
}
