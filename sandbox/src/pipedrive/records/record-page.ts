import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { schemaFault } from '../pipedrive-refusals.ts';
import type { TableRecord } from './record-table.ts';

/** The parser of version 2 wants whole seconds: a fraction makes a time invalid. */
const time = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/, 'is not a valid datetime').transform(Date.parse);

const pageSchema = z.object({
  ids: z.string().regex(/^\d+(,\d+)*$/, 'must be a list of ids').transform((text) => new Set(text.split(',').map(Number)))
    .refine((ids) => ids.size <= 100, 'must hold at most 100 ids').optional(),
  updated_since: time.optional(),
  updated_until: time.optional(),
  sort_by: z.enum(['id', 'update_time', 'add_time']).default('id'),
  sort_direction: z.enum(['asc', 'desc']).default('asc'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().optional(),
});

/** One page of a list: the rows that are asked for, in their order, and where the next page begins. */
export function pageOf<Row extends TableRecord>(rows: readonly Row[], query: unknown): { rows: Row[]; nextCursor: string | null } {
  const asked = read(pageSchema, query, schemaFault);
  const { limit, sort_by: field } = asked;
  const sign = asked.sort_direction === 'asc' ? 1 : -1;
  const order = (one: Place, other: Place): number => sign * (compare(one.value, other.value) || one.id - other.id);
  const placeOf = (row: Row): Place => ({ value: row[field], id: row.id });
  const begin = asked.cursor === undefined ? undefined : placeIn(asked.cursor);
  const fitting = rows
    .filter((row) => asked.ids === undefined || asked.ids.has(row.id))
    .filter((row) => asked.updated_since === undefined || Date.parse(row.update_time) >= asked.updated_since)
    .filter((row) => asked.updated_until === undefined || Date.parse(row.update_time) < asked.updated_until)
    .filter((row) => begin === undefined || order(placeOf(row), begin) >= 0)
    .toSorted((one, other) => order(placeOf(one), placeOf(other)));
  const next = fitting[limit];
  return { rows: fitting.slice(0, limit), nextCursor: next === undefined ? null : encoded(placeOf(next)) };
}

/** Where the next page begins: at this value of the field that is sorted by, and at this id among those that share it. */
interface Place {
  value: string | number;
  id: number;
}

const encoded = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url');

function decoded<Schema extends z.ZodType>(cursor: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw schemaFault('cursor', 'is not valid');
  }
}

const placeIn = (cursor: string): Place => decoded(cursor, z.object({ value: z.union([z.string(), z.number()]), id: z.int() }));

/** A slice of what is sorted already. */
export function sliceOf<Row>(rows: readonly Row[], { limit, cursor }: { limit: number; cursor?: string | undefined }): { rows: Row[]; nextCursor: string | null } {
  const start = cursor === undefined ? 0 : decoded(cursor, z.object({ position: z.int().min(0) })).position;
  const end = start + limit;
  return { rows: rows.slice(start, end), nextCursor: end < rows.length ? encoded({ position: end }) : null };
}

function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
