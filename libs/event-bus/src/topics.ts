import type { Kafka } from 'kafkajs';
import { eventCatalogue } from '@crossdock/contracts';

/** A webhook body of 1 MiB grows when it is put into an envelope; the broker must take the whole. */
const maxMessageBytes = 3_145_728;

/** Creates the catalogue's topics that are missing. @returns how many were created. */
export async function createTopics(kafka: Kafka, topicPrefix: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = eventCatalogue.filter(({ type }) => !existing.has(topicPrefix + type));
    if (missing.length === 0) return 0;
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map(({ type, partitions, retentionHours }) => ({
        topic: topicPrefix + type,
        numPartitions: partitions,
        configEntries: [
          { name: 'retention.ms', value: String(retentionHours * 3_600_000) },
          { name: 'max.message.bytes', value: String(maxMessageBytes) },
        ],
      })),
    });
    return missing.length;
  } finally {
    await admin.disconnect();
  }
}
