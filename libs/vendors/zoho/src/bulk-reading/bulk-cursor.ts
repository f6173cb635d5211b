import { readOpaqueCursor, writeOpaqueCursor } from '@crossdock/contracts';
import { z } from 'zod';

const cursorSchema = z.strictObject({
  bulk: z.strictObject({
    jobId: z.string().regex(/^[0-9]+$/),
    /** Which 200,000 records the job reads, from 1 on. */
    page: z.int().positive(),
    /** So many records of the page were told. */
    told: z.int().nonnegative(),
    /** The job is done; whether there are further pages. */
    hasMore: z.boolean().optional(),
    startedAt: z.iso.datetime({ precision: 3 }),
  }),
});

/** Where a complete reading by jobs stands. */
export type BulkPosition = z.infer<typeof cursorSchema>['bulk'];

export function writeBulkCursor(bulk: BulkPosition): string {
  return writeOpaqueCursor({ bulk } satisfies z.infer<typeof cursorSchema>);
}

/** Undefined for a cursor of another kind. */
export function readBulkCursor(cursor: string | undefined): BulkPosition | undefined {
  return cursor === undefined ? undefined : readOpaqueCursor(cursorSchema, cursor)?.bulk;
}
