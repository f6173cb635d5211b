import type { Admin } from 'kafkajs';
import type { EventDefinition } from '@crossdock/contracts';

/** A topic that has fewer partitions than the catalogue says, and the consumers that must read it to its end first. */
export interface WaitingRaise {
  readonly topic: string;
  readonly partitions: number;
  readonly wanted: number;
  /** Messages not yet worked off, by consumer group. */
  readonly behind: Readonly<Record<string, number>>;
}

/**
 * Gives topics the partitions the catalogue says, where all their consumers have worked off what is in them.
 *
 * With more partitions many keys lead to another one. Events of a record that still wait in the old one would be overtaken
 * by its later ones in the new; so a topic is raised when nothing waits, and otherwise at a later run. What is said in that
 * very moment may still be overtaken, which handlers are made for: none lets an older state win.
 */
export async function raisePartitions(
  admin: Admin, topicPrefix: string, definitions: readonly EventDefinition[],
): Promise<{ readonly raised: readonly string[]; readonly waiting: readonly WaitingRaise[] }> {
  const { topics } = await admin.fetchTopicMetadata({ topics: definitions.map(({ type }) => topicPrefix + type) });
  const partitionsOf = new Map(topics.map(({ name, partitions }) => [name, partitions.length]));
  const raised: string[] = [];
  const waiting: WaitingRaise[] = [];
  for (const { type, partitions: wanted, consumers } of definitions) {
    const topic = topicPrefix + type;
    const partitions = partitionsOf.get(topic) ?? wanted;
    if (partitions >= wanted) continue;
    const behind = await lagsOf(admin, topic, consumers.map((consumer) => topicPrefix + consumer));
    if (Object.keys(behind).length > 0) {
      waiting.push({ topic, partitions, wanted, behind });
      continue;
    }
    await admin.createPartitions({ topicPartitions: [{ topic, count: wanted }] });
    raised.push(topic);
  }
  return { raised, waiting };
}

/** The groups that have not worked off a topic. One that has never committed reads it from its beginning whenever it comes, so nothing is kept in order for it. */
async function lagsOf(admin: Admin, topic: string, groups: readonly string[]): Promise<Record<string, number>> {
  const bounds = await admin.fetchTopicOffsets(topic);
  const lags: Record<string, number> = {};
  for (const groupId of groups) {
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const offsets = new Map(committed?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
    if ([...offsets.values()].every((offset) => offset < 0n)) continue;
    const lag = bounds.reduce((sum, { partition, low, high }) => {
      const next = offsets.get(partition) ?? -1n;
      return sum + Number(BigInt(high) - (next < BigInt(low) ? BigInt(low) : next));
    }, 0);
    if (lag > 0) lags[groupId] = lag;
  }
  return lags;
}
