import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { dealChanged, orderReceived, type EventDefinition } from '@crossdock/contracts';
import { createTestKafka, dropTopics, eventually } from '@crossdock/test-stack';
import { ConfigResourceTypes, type Consumer, type Kafka, type Message } from 'kafkajs';
import { createTopics } from './create-topics.ts';

const fact: EventDefinition = { ...orderReceived, partitions: 2 };
const state: EventDefinition = { ...dealChanged, partitions: 2 };
const [group = ''] = fact.consumers;

let kafka: Kafka;
let prefix: string;

beforeEach(() => {
  kafka = createTestKafka();
  prefix = `test-${randomBytes(6).toString('hex')}.`;
});

afterEach(() => dropTopics(prefix));

async function settingsOf(type: string): Promise<Record<string, string>> {
  const admin = kafka.admin();
  await admin.connect();
  const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: ConfigResourceTypes.TOPIC, name: prefix + type }] });
  await admin.disconnect();
  return Object.fromEntries(resources.flatMap(({ configEntries }) => configEntries.map(({ configName, configValue }) => [configName, configValue])));
}

async function partitionsOf(type: string): Promise<number> {
  const admin = kafka.admin();
  await admin.connect();
  const { topics } = await admin.fetchTopicMetadata({ topics: [prefix + type] });
  await admin.disconnect();
  return topics[0]?.partitions.length ?? 0;
}

async function send(messages: readonly Message[]): Promise<void> {
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({ topic: prefix + fact.type, messages: [...messages] });
  await producer.disconnect();
}

/** The topic's consumer; it works off what comes. */
async function consume(seen: string[]): Promise<Consumer> {
  const consumer = kafka.consumer({ groupId: prefix + group, metadataMaxAge: 500, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [prefix + fact.type], fromBeginning: true });
  await consumer.run({ eachMessage: async ({ partition, message }) => void seen.push(`${partition}:${message.value?.toString()}`), autoCommitThreshold: 1 });
  return consumer;
}

describe('the topic job', () => {
  it('creates what is missing: events that are facts kept for their days, states as the last of each record within them', async () => {
    const { created } = await createTopics(kafka, prefix, [fact, state]);
    expect(created).toEqual([prefix + fact.type, prefix + state.type]);
    const retention = String(fact.retentionHours * 3_600_000);
    expect(await settingsOf(fact.type)).toMatchObject({ 'cleanup.policy': 'delete', 'retention.ms': retention });
    expect(await settingsOf(state.type)).toMatchObject({
      'cleanup.policy': 'compact,delete', 'retention.ms': retention, 'min.compaction.lag.ms': '86400000',
    });
    expect(await partitionsOf(state.type)).toBe(2);
    expect(await createTopics(kafka, prefix, [fact, state])).toEqual({ created: [], configured: [], raised: [], waiting: [] });
  });

  it('changes settings that the catalogue has changed, and leaves what an operator has set', async () => {
    await createTopics(kafka, prefix, [fact]);
    const admin = kafka.admin();
    await admin.connect();
    const name = prefix + fact.type;
    const set = { ...await settingsOf(fact.type) };
    await admin.alterConfigs({ validateOnly: false, resources: [{ type: ConfigResourceTypes.TOPIC, name, configEntries: [
      { name: 'retention.ms', value: set['retention.ms'] ?? '' }, { name: 'flush.messages', value: '1000' },
    ] }] });
    await admin.disconnect();
    const { configured } = await createTopics(kafka, prefix, [{ ...fact, retentionHours: 24 }]);
    expect(configured).toEqual([name]);
    expect(await settingsOf(fact.type)).toMatchObject({ 'retention.ms': '86400000', 'flush.messages': '1000', 'max.message.bytes': '3145728' });
  });

  it('adds partitions when all consumers have worked the topic off, and they then read the new ones too', async () => {
    await createTopics(kafka, prefix, [fact]);
    await send([{ partition: 0, value: 'old' }]);
    const seen: string[] = [];
    const consumer = await consume(seen);
    const raised = await eventually('more partitions', async () => {
      const changes = await createTopics(kafka, prefix, [{ ...fact, partitions: 4 }]);
      return changes.raised.length > 0 && changes;
    });
    expect(raised).toMatchObject({ raised: [prefix + fact.type], waiting: [] });
    expect(seen).toEqual(['0:old']);
    expect(await partitionsOf(fact.type)).toBe(4);
    await send([{ partition: 3, value: 'new' }]);
    await eventually('the event in the new partition', () => seen.includes('3:new'));
    await consumer.disconnect();
  });

  it('waits with more partitions while a consumer is behind, and says which', async () => {
    await createTopics(kafka, prefix, [fact]);
    await send([{ partition: 0, value: '1' }]);
    const seen: string[] = [];
    const consumer = await consume(seen);
    await eventually('the first event', () => seen.length === 1);
    await consumer.disconnect(); // commits
    await send([{ partition: 0, value: '2' }, { partition: 0, value: '3' }, { partition: 1, value: '4' }]);
    const { raised, waiting } = await createTopics(kafka, prefix, [{ ...fact, partitions: 4 }]);
    expect(raised).toEqual([]);
    expect(waiting).toEqual([{ topic: prefix + fact.type, partitions: 2, wanted: 4, behind: { [prefix + group]: 3 } }]);
    expect(await partitionsOf(fact.type)).toBe(2);
  });

  it('never takes a partition away', async () => {
    await createTopics(kafka, prefix, [fact]);
    expect(await createTopics(kafka, prefix, [{ ...fact, partitions: 1 }])).toMatchObject({ raised: [], waiting: [] });
    expect(await partitionsOf(fact.type)).toBe(2);
  });
});
