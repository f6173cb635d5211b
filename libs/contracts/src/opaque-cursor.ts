import type { z } from 'zod';
import { parseJson } from './parse-json.ts';

/** A place in a list that is handed back as it was given: JSON in base64url, which is nobody's to read but the list's. */
export function writeOpaqueCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place that a cursor names, or undefined where no such list can have given it. */
export function readOpaqueCursor<Schema extends z.ZodType>(schema: Schema, cursor: string): z.infer<Schema> | undefined {
  return schema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString())).data;
}
