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
  const matches = matcherOf(request);
  const found = records
    .flatMap((record) => {
      const properties = knownState(record, nowMs);
      return properties === undefined ? [] : [{ record, properties }];
    })
    .filter(({ properties }) => matches(properties));
  let sorted = found;
  const [sort] = request.sorts;
  if (sort !== undefined) {
    const sign = sort.direction === 'ASCENDING' ? 1 : -1;
    sorted = found
      .map((each) => ({ each, key: sortable(each.properties[sort.propertyName] ?? '') }))
      .sort((a, b) => sign * compare(a.key, b.key))
      .map(({ each }) => each);
  }
  const page = sorted.slice(start, start + request.limit);
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

/** Whether a record is asked for; what the request compares with is read once, not anew for each of many records. */
function matcherOf(request: SearchRequest): (properties: PropertyValues) => boolean {
  const query = request.query.toLowerCase();
  const groups = request.filterGroups.map(({ filters }) => filters.map((filter) => ({ name: filter.propertyName, passes: testOf(filter) })));
  return (properties) =>
    (query === '' || Object.values(properties).some((value) => value.toLowerCase().includes(query)))
    && (groups.length === 0 || groups.some((filters) => filters.every(({ name, passes }) => passes(properties[name]))));
}

function testOf({ operator, value = '', highValue = '', values }: Filter): (actual: string | undefined) => boolean {
  const [wanted, highest] = [sortable(value), sortable(highValue)];
  const present = (test: (actual: string) => boolean) => (actual: string | undefined) => actual !== undefined && test(actual);
  const ordered = (test: (order: number) => boolean) => present((actual) => test(compare(sortable(actual), wanted)));
  const oneOf = (others: readonly string[]): ((actual: string) => boolean) => {
    const all = others.map((other) => sortable(other.toLowerCase()));
    return (actual) => {
      const own = sortable(actual.toLowerCase());
      return all.some((other) => compare(own, other) === 0);
    };
  };
  const isSame = oneOf([value]);
  const isAmong = oneOf(values);
  const word = value.replaceAll('*', '').toLowerCase();
  const contains = (actual: string | undefined): boolean => actual?.toLowerCase().includes(word) === true;
  switch (operator) {
    case 'HAS_PROPERTY': return (actual) => actual !== undefined;
    case 'NOT_HAS_PROPERTY': return (actual) => actual === undefined;
    case 'EQ': return present(isSame);
    case 'NEQ': return present((actual) => !isSame(actual));
    case 'IN': return present(isAmong);
    case 'NOT_IN': return present((actual) => !isAmong(actual));
    case 'CONTAINS_TOKEN': return contains;
    case 'NOT_CONTAINS_TOKEN': return (actual) => !contains(actual);
    case 'LT': return ordered((order) => order < 0);
    case 'LTE': return ordered((order) => order <= 0);
    case 'GT': return ordered((order) => order > 0);
    case 'GTE': return ordered((order) => order >= 0);
    case 'BETWEEN': return present((actual) => compare(sortable(actual), wanted) >= 0 && compare(sortable(actual), highest) <= 0);
  }
}

/** A value with the number that it stands for, if it does: its size, or the instant of a time. */
interface Sortable { readonly text: string; readonly size: number | undefined }

function sortable(text: string): Sortable {
  return { text, size: sizeOf(text) };
}

function sizeOf(text: string): number | undefined {
  if (/^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return /^\d{4}-\d{2}-\d{2}(t|$)/i.test(text) ? timeOf(text.toUpperCase()) : undefined;
}

/** Numbers by size, times by instant (ISO text and epoch milliseconds alike), everything else as text. */
function compare(a: Sortable, b: Sortable): number {
  if (a.size !== undefined && b.size !== undefined) return a.size - b.size;
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}
