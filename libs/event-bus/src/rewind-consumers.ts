import type { Kafka } from 'kafkajs';
import { Failure } from '@crossdock/contracts';

/** How far one partition of a consumer group was taken back. */
export interface Rewound {
  readonly topic: string;
  readonly partition: number;
  readonly from: string;
  readonly to: string;
}

/**
 * Takes a consumer group back to the first messages from a time on, in all topics that it reads, and never forward. What it hears again is known to its
 * inbox, and has no effect, as far as that was not taken back with the database.
 * @param group with the topic prefix
 * @returns the partitions that were moved
 * @throws Failure `conflict` while a consumer of the group runs: it would overwrite the offsets with its own
 */
export async function rewindConsumers(kafka: Kafka, { group, to }: { readonly group: string; readonly to: Date }): Promise<Rewound[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { groups: [description] } = await admin.describeGroups([group]);
    if (description !== undefined && description.members.length > 0) {
      throw new Failure('conflict', `${description.members.length} consumers of ${group} run: stop the service first, and wait until its group is empty.`);
    }
    const moved: Rewound[] = [];
    for (const { topic, partitions } of await admin.fetchOffsets({ groupId: group })) {
      const atTime = new Map((await admin.fetchTopicOffsetsByTimestamp(topic, to.getTime())).map(({ partition, offset }) => [partition, offset]));
      const back = partitions.flatMap(({ partition, offset }) => {
        const target = atTime.get(partition);
        return target !== undefined && BigInt(offset) > BigInt(target) ? [{ topic, partition, from: offset, to: target }] : [];
      });
      if (back.length > 0) await admin.setOffsets({ groupId: group, topic, partitions: back.map(({ partition, to: offset }) => ({ partition, offset })) });
      moved.push(...back);
    }
    return moved;
  } finally {
    await admin.disconnect();
  }
}
