import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { eventCatalogue } from '@crossdock/contracts';
import { createKafkaClient, createTopics } from '@crossdock/event-bus';
import type { Kafka } from 'kafkajs';
import { requireTestServer } from './test-servers.ts';

/** Two show that keys of one topic go different ways; each one more costs the broker files, in every test file. */
const testPartitions = 2;

/** Topics and consumer groups of one test file, apart from all others by a prefix. */
export interface TestTopics {
  readonly prefix: string;
  readonly brokers: readonly string[];
  readonly kafka: Kafka;
  drop(): Promise<void>;
}

export async function createTestTopics(): Promise<TestTopics> {
  const prefix = `test-${randomBytes(6).toString('hex')}.`;
  const kafka = createTestKafka();
  await createTopics(kafka, prefix, eventCatalogue.map((definition) => ({ ...definition, partitions: Math.min(definition.partitions, testPartitions) })));
  return { prefix, brokers: brokerList(), kafka, drop: () => dropTopics(prefix) };
}

/** Deletes all topics whose names begin with the prefix. */
export async function dropTopics(prefix: string): Promise<void> {
  const admin = createTestKafka().admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  await admin.deleteTopics({ topics });
  await admin.disconnect();
}

/** A client of the tests' Kafka. */
export function createTestKafka(): Kafka {
  return createKafkaClient({ service: 'test', access: { kafkaBrokers: brokerList() }, logger: pino({ level: 'silent' }) });
}

function brokerList(): string[] {
  return requireTestServer('TEST_KAFKA_BROKERS').split(',');
}
