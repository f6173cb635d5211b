import { EventInbox, EventProcessor, EventPublisher, KafkaEventTransport, recordPartitioner, takesMany, type EventContext } from '@crossdock/event-bus';
import { orderReceived, type Envelope } from '@crossdock/contracts';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, eventually, type TestTopics } from '@crossdock/test-stack';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { Benchmark, Measurement } from './bench.ts';
import { orderEvent } from './bus/order-events.ts';
import { ratioFigure } from './figures.ts';

const messagesPerSecond = 10_000;
const tenants = 10;
const sendRows = 1_000;
const deadlineMs = 120_000;
const topicType = orderReceived.type;
const insertEffects = 'INSERT INTO effect (event_id, record) SELECT * FROM unnest($1::uuid[], $2::text[])';

interface Bench {
  readonly count: number;
  readonly admin: DataSource;
  readonly service: DataSource;
  readonly topics: TestTopics;
}

/** Messages through inbox and an effect row, in one transaction, beside a consumer that only inserts. */
export const benchmark: Benchmark = {
  name: 'consume',
  async run(context) {
    const [database, topics] = [await createTestDatabase(), await createTestTopics()];
    try {
      const url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
      const admin = await database.connectAsAdmin('orders');
      await admin.query('CREATE TABLE effect (event_id uuid PRIMARY KEY, record text NOT NULL)');
      await admin.query('GRANT ALL ON effect TO PUBLIC');
      const bench: Bench = { count: context.seconds * messagesPerSecond, admin, topics, service: await database.connect(url, 'orders') };
      await fillTopic(bench);
      context.say(`${bench.count} messages a repetition, ${tenants} tenants, ${orderReceived.partitions} partitions; the inbox is emptied before each`);
      const { bare, many } = await context.measure({
        'bare': () => consumeBare(bench),
        'many': () => consume(bench, true),
        'one by one': () => consume(bench, false),
      });
      context.say('"many" is a handler that takes what came of one tenant together, "one by one" one that takes an event a call');
      return [ratioFigure({ name: 'consume-vs-bare', unit: 'messages/s', value: many.perSecond, baseline: bare.perSecond, goal: 0.5 })];
    } finally {
      await topics.drop();
      await database.drop();
    }
  },
};

async function fillTopic({ count, topics }: Bench): Promise<void> {
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

async function empty({ admin }: Bench): Promise<void> {
  await admin.query('TRUNCATE effect, inbox');
}

/** The clock runs from the first message to the last effect: joining the group is not what is compared. */
async function timed(bench: Bench, run: (began: () => void, done: (messages: number) => void) => Promise<() => Promise<void>>): Promise<Measurement> {
  await empty(bench);
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

let groups = 0;

function nextGroup({ topics }: Bench): string {
  groups += 1;
  return `${topics.prefix}bench-${groups}`;
}

/** The baseline: kafkajs as it comes, one insert a batch, no inbox. */
async function consumeBare(bench: Bench): Promise<Measurement> {
  return await timed(bench, async (began, done) => {
    const consumer = bench.topics.kafka.consumer({ groupId: nextGroup(bench), maxWaitTimeInMs: 250 });
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
    const group = nextGroup(bench);
    const database = new TenantDatabase(bench.service);
    const logger = pino({ level: 'silent' });
    const processor = new EventProcessor({
      database, inbox: new EventInbox(database, 'orders'), consumer: 'orders', logger, metrics: new Registry(), isRetriedForever: () => false,
    });
    const transport = new KafkaEventTransport({ kafka: bench.topics.kafka, group, topicPrefix: bench.topics.prefix, processor, logger });
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
