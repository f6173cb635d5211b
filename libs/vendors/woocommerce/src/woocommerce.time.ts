import { z } from 'zod';

/** A time of a field whose name says GMT, which is why it has no offset; ISO 8601 in UTC with milliseconds afterwards. */
export const gmtSchema = z.iso.datetime({ local: true }).transform((time) => new Date(`${time.replace(/Z$/, '')}Z`).toISOString());

/** A time as the interface's parameters take it: in whole seconds. */
export function toSeconds(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19);
}
