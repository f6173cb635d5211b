import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orderReceived, type Envelope } from '@crossdock/contracts';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, eventually, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import { KafkaJSNonRetriableError, type Kafka } from 'kafkajs';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { EventInbox } from './event-inbox.ts';
import { EventProcessor } from './event-processor.ts';
import { KafkaEventTransport } from './kafka-event-transport.ts';
import { orderEvent } from './order-received.fixture.ts';

const logger = pino({ level: 'silent' });
const consumer = 'orders';

let database: TestDatabase;
let topics: TestTopics;
let tenants: TenantDatabase;

beforeAll(async () => {
  [database, topics] = await Promise.all([createTestDatabase(), createTestTopics()]);
  tenants = new TenantDatabase(await database.connect(await database.migrateService('orders', [{ name: 'orders', migrations: [] }]), 'orders'));
});

afterAll(async () => {
  await topics.drop();
  await database.drop();
});

/** A client whose first consumer stops asking, without an error, once it has asked a first time. */
function firstConsumerFallsSilent(kafka: Kafka): Pick<Kafka, 'consumer'> {
  let made = 0;
  return {
    consumer: (config) => {
      const opened = kafka.consumer(config);
      made += 1;
      if (made === 1) opened.on(opened.events.FETCH, () => void opened.stop());
      return opened;
    },
  };
}

/** A client whose first consumer meets a fault after which it does not start anew. */
function firstConsumerEnds(kafka: Kafka): Pick<Kafka, 'consumer'> {
  let made = 0;
  return {
    consumer: (config) => {
      const opened = kafka.consumer(config);
      made += 1;
      if (made > 1) return opened;
      const eachBatch = async (): Promise<never> => {
        throw new KafkaJSNonRetriableError('The group has no coordinator.');
      };
      return { ...opened, run: (options) => opened.run({ ...options, eachBatch }) };
    },
  };
}

describe('a consumer that ends by a fault', () => {
  it('is replaced at once, and what waited is handled', async () => {
    const handled: string[] = [];
    const transport = new KafkaEventTransport({
      kafka: firstConsumerEnds(topics.kafka), group: `${topics.prefix}ends`, topicPrefix: topics.prefix, logger, stallMs: 600_000,
      processor: new EventProcessor({ database: tenants, inbox: new EventInbox(tenants, consumer), consumer, logger, metrics: new Registry(), isRetriedForever: () => false }),
    });
    transport.addHandler(orderReceived.type, async ({ id }: Envelope) => {
      handled.push(id);
    }, true);
    transport.listen(() => undefined);
    const event = orderEvent('ends/1', 0);
    const producer = topics.kafka.producer();
    await producer.connect();
    await producer.send({ topic: topics.prefix + orderReceived.type, messages: [{ key: event.subject, value: JSON.stringify(event) }] });
    await producer.disconnect();
    await eventually('the event', () => handled.includes(event.id));
    await transport.close();
  });
});

describe('a consumer that falls silent without an error', () => {
  it('is replaced once, and what waited is handled', async () => {
    const metrics = new Registry();
    const handled: string[] = [];
    const transport = new KafkaEventTransport({
      kafka: firstConsumerFallsSilent(topics.kafka), group: `${topics.prefix}silent`, topicPrefix: topics.prefix, logger, stallMs: 2_000,
      processor: new EventProcessor({ database: tenants, inbox: new EventInbox(tenants, consumer), consumer, logger, metrics, isRetriedForever: () => false }),
    });
    transport.addHandler(orderReceived.type, async ({ id }: Envelope) => {
      handled.push(id);
    }, true);
    transport.listen(() => undefined);
    const restarts = async (): Promise<number> =>
      (await metrics.getSingleMetric('crossdock_consumer_restarted_total')?.get())?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
    await eventually('a replacement', async () => await restarts() > 0);
    const event = orderEvent('silent/1', 0);
    const producer = topics.kafka.producer();
    await producer.connect();
    await producer.send({ topic: topics.prefix + orderReceived.type, messages: [{ key: event.subject, value: JSON.stringify(event) }] });
    await producer.disconnect();
    await eventually('the event', () => handled.includes(event.id));
    expect(await restarts()).toBe(1);
    await transport.close();
  });
});
