import { z } from 'zod';
import { partitionRangeSchema } from './replay-range.ts';

const count = z.int().min(0).default(0);

/** How far a replay has come: what is left to read, and what became of what was read. */
export const replayCheckpointSchema = z.object({
  ranges: z.array(partitionRangeSchema),
  /** Offsets in the range at the start; some of them may hold nothing. */
  total: count,
  counts: z.object({
    applied: count,
    /** Older than what the service knows: nothing was done. */
    stale: count,
    /** Handled by this replay already, before it was interrupted. */
    repeated: count,
    /** Of other tenants. */
    skipped: count,
    /** Not an event this version can read; it is in the dead letters since it came. */
    unreadable: count,
    /** The handler refused; kept as a dead letter. */
    failed: count,
  }),
});
export type ReplayCheckpoint = z.infer<typeof replayCheckpointSchema>;
export type ReplayOutcome = keyof ReplayCheckpoint['counts'];

/** Where the replay stands after some more of a partition was read. */
export function advance(
  { ranges, total, counts }: ReplayCheckpoint, partition: number, next: string, outcomes: readonly ReplayOutcome[],
): ReplayCheckpoint {
  const counted = { ...counts };
  for (const outcome of outcomes) counted[outcome] += 1;
  return { total, counts: counted, ranges: ranges.map((range) => (range.partition === partition ? { ...range, next } : range)) };
}
