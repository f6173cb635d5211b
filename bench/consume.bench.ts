import { EventInbox, EventProcessor, EventPublisher, KafkaEventTransport, recordPartitioner, takesMany, type EventContext } from '@crossdock/event-bus';
import { orderReceived, type Envelope } from '@crossdock/contracts';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, eventually, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { Benchmark, Measurement } from './bench.ts';
import { fillInbox } from './bus/full-inbox.ts';
import { orderEvent } from './bus/order-events.ts';
import { ratioFigure } from './figures.ts';

const messagesPerSecond = 10_000;
const tenants = 10;
const sendRows = 1_000;
const deadlineMs = 120_000;
const topicType = orderReceived.type;
const insertEffects = 'INSERT INTO effect (event_id, record) SELECT * FROM unnest($1::uuid[], $2::text[])';

const inboxRows = 10_000_000;

interface Topic {
  readonly count: number;
  readonly topics: TestTopics;
}

interface Bench extends Topic {
  readonly database: TestDatabase;
  readonly admin: DataSource;
  readonly service: DataSource;
}

/** Messages through inbox and an effect row, in one transaction, beside a consumer that only inserts; and beside itself with a full inbox. */
export const benchmark: Benchmark = {
  name: 'consume',
  async run(context) {
    const topic: Topic = { count: context.seconds * messagesPerSecond, topics: await createTestTopics() };
    const [empty, full] = [await openBench(topic), await openBench(topic)];
    try {
      await Promise.all([fillTopic(topic), fillInbox(full.admin, inboxRows)]);
      context.say(`${topic.count} messages a repetition, ${tenants} tenants, ${orderReceived.partitions} partitions; the full inbox has ${inboxRows} rows of the same day`);
      const { bare, many, full: manyFull } = await context.measure({
        'bare': () => consumeBare(empty),
        'many': () => consume(empty, true),
        'full': () => consume(full, true),
        'one by one': () => consume(empty, false),
      });
      context.say('"many" is a handler that takes what came of one tenant together, "full" the same with a full inbox, "one by one" one that takes an event a call');
      return [
        ratioFigure({ name: 'consume-vs-bare', unit: 'messages/s', value: many.perSecond, baseline: bare.perSecond, goal: 0.5 }),
        ratioFigure({ name: 'consume-with-10m-inbox-rows-vs-empty', unit: 'messages/s', value: manyFull.perSecond, baseline: many.perSecond, goal: 0.8 }),
      ];
    } finally {
      await topic.topics.drop();
      await Promise.all([empty.database.drop(), full.database.drop()]);
    }
  },
};

async function openBench(topic: Topic): Promise<Bench> {
  const database = await createTestDatabase();
  const url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
  const admin = await database.connectAsAdmin('orders');
  await admin.query('CREATE TABLE effect (event_id uuid PRIMARY KEY, record text NOT NULL)');
  await admin.query('GRANT ALL ON effect TO PUBLIC');
  return { ...topic, database, admin, service: await database.connect(url, 'orders') };
}

async function fillTopic({ count, topics }: Topic): Promise<void> {
  const publisher = new EventPublisher('gateway', () => undefined);
  const producer = topics.kafka.producer({ createPartitioner: recordPartitioner });
  await producer.connect();
  for (let position = 0; position < count; position += sendRows) {
    await producer.send({
      topic: topics.prefix + topicType,
      messages: Array.from({ length: Math.min(sendRows, count - position) }, (_, index) => {
        const event = orderEvent(publisher, position + index, tenants);
        return { key: `${event.tenantid}/${event.subject}`, value: JSON.stringify(event) };
      }),
    });
  }
  await producer.disconnect();
}

/** The clock runs from the first message to the last effect: joining the group is not what is compared. */
async function timed(bench: Bench, run: (began: () => void, done: (messages: number) => void) => Promise<() => Promise<void>>): Promise<Measurement> {
  await bench.admin.query('TRUNCATE effect');
  let beganMs: number | undefined;
  let handled = 0;
  let endedMs: number | undefined;
  const stop = await run(() => {
    beganMs ??= performance.now();
  }, (messages) => {
    handled += messages;
    if (handled >= bench.count) endedMs = performance.now();
  });
  await eventually('all messages', () => endedMs, deadlineMs);
  await eventually('all effects', async () => {
    const [row] = await bench.admin.query<Array<{ rows: number }>>('SELECT count(*)::int AS rows FROM effect');
    return row?.rows === bench.count;
  }, deadlineMs);
  await stop();
  return { count: bench.count, seconds: ((endedMs ?? Number.NaN) - (beganMs ?? Number.NaN)) / 1_000 };
}

let consumers = 0;

/** Each repetition is a consumer of its own, which has had nothing yet. */
function nextConsumer(): string {
  consumers += 1;
  return `orders-${consumers}`;
}

/** The baseline: kafkajs as it comes, one insert a batch, no inbox. */
async function consumeBare(bench: Bench): Promise<Measurement> {
  return await timed(bench, async (began, done) => {
    const consumer = bench.topics.kafka.consumer({ groupId: bench.topics.prefix + nextConsumer(), maxWaitTimeInMs: 250 });
    await consumer.connect();
    await consumer.subscribe({ topics: [bench.topics.prefix + topicType], fromBeginning: true });
    await consumer.run({
      eachBatch: async ({ batch: { messages } }) => {
        began();
        const events = messages.map(({ value }) => JSON.parse(value?.toString() ?? '') as Envelope);
        await bench.service.query(insertEffects, [events.map(({ id }) => id), events.map(({ subject }) => subject)]);
        done(messages.length);
      },
    });
    return () => consumer.disconnect();
  });
}

async function consume(bench: Bench, isMany: boolean): Promise<Measurement> {
  return await timed(bench, async (began, done) => {
    const consumer = nextConsumer();
    const database = new TenantDatabase(bench.service);
    const logger = pino({ level: 'silent' });
    const processor = new EventProcessor({
      database, inbox: new EventInbox(database, consumer), consumer, logger, metrics: new Registry(), isRetriedForever: () => false,
    });
    const transport = new KafkaEventTransport({ kafka: bench.topics.kafka, group: bench.topics.prefix + consumer, topicPrefix: bench.topics.prefix, processor, logger });
    const write = async (events: readonly Envelope[], { manager }: EventContext): Promise<void> => {
      began();
      await manager.query(insertEffects, [events.map(({ id }) => id), events.map(({ subject }) => subject)]);
      done(events.length);
    };
    if (isMany) transport.addHandler(topicType, write, true, { ...takesMany });
    else transport.addHandler(topicType, (event: Envelope, context: EventContext) => write([event], context), true);
    transport.listen(() => undefined);
    return () => transport.close();
  });
}
