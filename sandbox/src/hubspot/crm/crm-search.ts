import { z } from 'zod';
import type { CrmRecord } from './crm-records.ts';
import { invalid } from '../hubspot-refusals.ts';
import type { PropertyDefinitions } from '../properties/property-definitions.ts';
import { timeOf, type PropertyValues } from '../properties/property-values.ts';

const operators = [
  'EQ',
  'NEQ',
  'LT',
  'LTE',
  'GT',
  'GTE',
  'BETWEEN',
  'IN',
  'NOT_IN',
  'HAS_PROPERTY',
  'NOT_HAS_PROPERTY',
  'CONTAINS_TOKEN',
  'NOT_CONTAINS_TOKEN',
] as const;

const filterSchema = z.object({
  propertyName: z.string(),
  operator: z.enum(operators),
  value: z.coerce.string().optional(),
  highValue: z.coerce.string().optional(),
  values: z.array(z.coerce.string()).default([]),
});
type Filter = z.output<typeof filterSchema>;

/** HubSpot's limits: 5 groups, 10 filters a group, 25 in all, 200 records a page. */
export const searchSchema = z.object({
  filterGroups: z.array(z.object({ filters: z.array(filterSchema).max(10) })).max(5).default([]),
  sorts: z
    .array(
      z.union([
        z.string().transform((propertyName) => ({ propertyName, direction: 'ASCENDING' as const })),
        z.object({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING') }),
      ]),
    )
    .max(1)
    .default([]),
  query: z.string().max(3_000).default(''),
  properties: z.array(z.string()).default([]),
  limit: z.number().int().min(1).max(200).default(10),
  after: z.coerce.string().default('0'),
});
export type SearchRequest = z.output<typeof searchSchema>;

/** Nothing beyond the ten-thousandth record can be reached. */
const reachable = 10_000;

/** Finds in what search knows by now, which is behind what has been written. */
export function searchRecords(
  definitions: PropertyDefinitions,
  records: CrmRecord[],
  request: SearchRequest,
  nowMs: number,
): { total: number; page: { record: CrmRecord; properties: PropertyValues }[]; after: string | undefined } {
  const filters = request.filterGroups.flatMap((group) => group.filters);
  if (filters.length > 25) throw invalid('At most 25 filters may be given in all.');
  const start = Number(request.after === '' ? '0' : request.after);
  if (!Number.isInteger(start) || start < 0 || start + request.limit > reachable) {
    throw invalid(`Paging beyond ${String(reachable)} results is not possible.`);
  }
  const type = records[0]?.type;
  for (const { propertyName } of filters) {
    if (type !== undefined && definitions.find(type, propertyName) === undefined) {
      throw invalid(`There was a problem with the request: no property named ${propertyName}.`);
    }
  }
  const found = records
    .flatMap((record) => {
      const properties = knownState(record, nowMs);
      return properties === undefined ? [] : [{ record, properties }];
    })
    .filter(({ properties }) => matches(properties, request));
  const [sort] = request.sorts;
  if (sort !== undefined) {
    const sign = sort.direction === 'ASCENDING' ? 1 : -1;
    found.sort((a, b) => sign * compare(a.properties[sort.propertyName] ?? '', b.properties[sort.propertyName] ?? ''));
  }
  const page = found.slice(start, start + request.limit);
  return {
    total: found.length,
    page,
    after: start + page.length < found.length ? String(start + page.length) : undefined,
  };
}

/** The newest state whose time has come; older ones are forgotten on the way. */
function knownState(record: CrmRecord, nowMs: number): PropertyValues | undefined {
  while (record.searchable[1] !== undefined && record.searchable[1].visibleAtMs <= nowMs) record.searchable.shift();
  const [state] = record.searchable;
  return state !== undefined && state.visibleAtMs <= nowMs ? state.properties : undefined;
}

function matches(properties: PropertyValues, request: SearchRequest): boolean {
  const inText =
    request.query === '' ||
    Object.values(properties).some((value) => value.toLowerCase().includes(request.query.toLowerCase()));
  const inGroups =
    request.filterGroups.length === 0 ||
    request.filterGroups.some((group) => group.filters.every((filter) => passes(properties[filter.propertyName], filter)));
  return inText && inGroups;
}

function passes(actual: string | undefined, filter: Filter): boolean {
  const { operator, value = '', highValue = '', values } = filter;
  if (operator === 'HAS_PROPERTY') return actual !== undefined;
  if (operator === 'NOT_HAS_PROPERTY') return actual === undefined;
  const same = (other: string): boolean => actual !== undefined && compare(actual.toLowerCase(), other.toLowerCase()) === 0;
  if (operator === 'EQ') return same(value);
  if (operator === 'NEQ') return actual !== undefined && !same(value);
  if (operator === 'IN') return values.some(same);
  if (operator === 'NOT_IN') return actual !== undefined && !values.some(same);
  const contains = actual?.toLowerCase().includes(value.replaceAll('*', '').toLowerCase()) === true;
  if (operator === 'CONTAINS_TOKEN') return contains;
  if (operator === 'NOT_CONTAINS_TOKEN') return !contains;
  if (actual === undefined) return false;
  const order = compare(actual, value);
  if (operator === 'LT') return order < 0;
  if (operator === 'LTE') return order <= 0;
  if (operator === 'GT') return order > 0;
  if (operator === 'GTE') return order >= 0;
  return order >= 0 && compare(actual, highValue) <= 0;
}

/** Numbers by size, times by instant (ISO text and epoch milliseconds alike), everything else as text. */
function compare(a: string, b: string): number {
  const [left, right] = [comparable(a), comparable(b)];
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return a < b ? -1 : a > b ? 1 : 0;
}

function comparable(text: string): number | string {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (/^\d{4}-\d{2}-\d{2}(t|$)/i.test(text)) return timeOf(text.toUpperCase());
  return text;
}
