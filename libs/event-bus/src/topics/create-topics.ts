import type { Admin, Kafka } from 'kafkajs';
import { eventCatalogue, type EventDefinition } from '@crossdock/contracts';
import { raisePartitions, type WaitingRaise } from './partition-raise.ts';
import { alignTopicSettings, topicSettings } from './topic-settings.ts';

const leaderDeadlineMs = 120_000;
const leaderPollMs = 100;

/** What a run of the topic job did, by topics' names, and what it left for a later one. */
export interface TopicChanges {
  readonly created: readonly string[];
  readonly configured: readonly string[];
  readonly raised: readonly string[];
  readonly waiting: readonly WaitingRaise[];
}

/**
 * Brings Kafka up to the catalogue: creates topics that are missing and waits until all can be used, changes settings that
 * differ, and adds partitions where nothing waits in the topic. No topic is ever removed or made smaller.
 */
export async function createTopics(kafka: Kafka, topicPrefix: string, catalogue: readonly EventDefinition[] = eventCatalogue): Promise<TopicChanges> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const existing = new Set(await admin.listTopics());
    const isThere = ({ type }: EventDefinition): boolean => existing.has(topicPrefix + type);
    const present = catalogue.filter(isThere);
    const created = await createMissing(admin, topicPrefix, catalogue.filter((definition) => !isThere(definition)));
    const configured = await alignTopicSettings(admin, new Map(present.map((definition) => [topicPrefix + definition.type, topicSettings(definition)])));
    const { raised, waiting } = await raisePartitions(admin, topicPrefix, present);
    await waitForLeaders(admin, [...created, ...raised]);
    return { created, configured, raised, waiting };
  } finally {
    await admin.disconnect();
  }
}

async function createMissing(admin: Admin, topicPrefix: string, missing: readonly EventDefinition[]): Promise<string[]> {
  if (missing.length === 0) return [];
  await admin.createTopics({
    waitForLeaders: false,
    topics: missing.map((definition) => ({
      topic: topicPrefix + definition.type,
      numPartitions: definition.partitions,
      configEntries: Object.entries(topicSettings(definition)).map(([name, value]) => ({ name, value })),
    })),
  });
  return missing.map(({ type }) => topicPrefix + type);
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
