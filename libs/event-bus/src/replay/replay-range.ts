import type { Admin } from 'kafkajs';
import { z } from 'zod';
import { Failure } from '@crossdock/contracts';

const offsetSchema = z.string().regex(/^\d{1,18}$/);

/** A place in a topic: its oldest or newest end, a time (messages from then on), or an offset for each partition named. */
export const replayPositionSchema = z.union([
  z.literal('beginning'),
  z.literal('end'),
  z.strictObject({ time: z.iso.datetime() }),
  z.strictObject({ offsets: z.record(z.string().regex(/^\d{1,5}$/), offsetSchema) }),
]);
export type ReplayPosition = z.infer<typeof replayPositionSchema>;

/** What is still to be read of one partition: from `next` up to, not including, `end`. */
export const partitionRangeSchema = z.object({ partition: z.int().min(0), next: offsetSchema, end: offsetSchema });
export type PartitionRange = z.infer<typeof partitionRangeSchema>;

/**
 * Turns two positions into offsets, once: what is said after that is not part of the replay. Partitions that `from`
 * leaves out by naming others are not read.
 * @throws Failure `invalid` where a partition is named that the topic does not have.
 */
export async function resolveReplayRange(admin: Admin, topic: string, from: ReplayPosition, to: ReplayPosition): Promise<PartitionRange[]> {
  const bounds = await admin.fetchTopicOffsets(topic);
  const [first, last] = [await offsetsAt(admin, topic, from), await offsetsAt(admin, topic, to)];
  const unknown = [...first.named, ...last.named].find((named) => !bounds.some(({ partition }) => partition === named));
  if (unknown !== undefined) throw new Failure('invalid', `The topic ${topic} has no partition ${unknown}.`);
  return bounds.flatMap(({ partition, low, high }) => {
    if (first.named.length > 0 && !first.named.includes(partition)) return [];
    const next = greater(low, first.offsetOf(partition) ?? (from === 'end' ? high : low));
    const end = lesser(high, last.offsetOf(partition) ?? (to === 'beginning' ? low : high));
    return BigInt(next) < BigInt(end) ? [{ partition, next, end }] : [];
  });
}

/** Passes over what Kafka has deleted since the range was resolved. */
export async function withoutExpired(admin: Admin, topic: string, ranges: readonly PartitionRange[]): Promise<PartitionRange[]> {
  const low = new Map((await admin.fetchTopicOffsets(topic)).map((bound) => [bound.partition, bound.low]));
  return ranges.map((range) => ({ ...range, next: greater(range.next, low.get(range.partition) ?? '0') }));
}

export function isOpen({ next, end }: PartitionRange): boolean {
  return BigInt(next) < BigInt(end);
}

interface Offsets {
  /** Partitions that were asked for by their number. */
  readonly named: readonly number[];
  offsetOf(partition: number): string | undefined;
}

async function offsetsAt(admin: Admin, topic: string, position: ReplayPosition): Promise<Offsets> {
  if (typeof position === 'string') return { named: [], offsetOf: () => undefined };
  if ('offsets' in position) {
    const { offsets } = position;
    return { named: Object.keys(offsets).map(Number), offsetOf: (partition) => offsets[String(partition)] };
  }
  const found = await admin.fetchTopicOffsetsByTimestamp(topic, Date.parse(position.time));
  const byPartition = new Map(found.map(({ partition, offset }) => [partition, offset]));
  return { named: [], offsetOf: (partition) => byPartition.get(partition) };
}

function greater(left: string, right: string): string {
  return BigInt(left) > BigInt(right) ? left : right;
}

function lesser(left: string, right: string): string {
  return BigInt(left) < BigInt(right) ? left : right;
}
