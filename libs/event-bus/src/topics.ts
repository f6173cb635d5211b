import type { Admin, Kafka } from 'kafkajs';
import { eventCatalogue } from '@crossdock/contracts';

/** A webhook body of 1 MiB grows when it is put into an envelope; the broker must take the whole. */
const maxMessageBytes = 3_145_728;
const leaderDeadlineMs = 30_000;
const leaderPollMs = 100;

/** Creates the catalogue's topics that are missing and waits until all can be used. @returns how many were created. */
export async function createTopics(kafka: Kafka, topicPrefix: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const missing = eventCatalogue.filter(({ type }) => !existing.has(topicPrefix + type));
    if (missing.length === 0) return 0;
    await admin.createTopics({
      waitForLeaders: false,
      topics: missing.map(({ type, partitions, retentionHours }) => ({
        topic: topicPrefix + type,
        numPartitions: partitions,
        configEntries: [
          { name: 'retention.ms', value: String(retentionHours * 3_600_000) },
          { name: 'max.message.bytes', value: String(maxMessageBytes) },
        ],
      })),
    });
    await waitForLeaders(admin, missing.map(({ type }) => topicPrefix + type));
    return missing.length;
  } finally {
    await admin.disconnect();
  }
}

/**
 * A new topic is in the metadata before its leaders serve it. Asking each leader for its offsets shows that they do;
 * kafkajs' own `waitForLeaders` gives up at the first "unknown topic" that a KRaft broker answers until then.
 */
async function waitForLeaders(admin: Admin, topics: readonly string[]): Promise<void> {
  const deadline = Date.now() + leaderDeadlineMs;
  for (;;) {
    try {
      await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, leaderPollMs));
  }
}
