import { EventPublisher, OutboxRelay, recordPartitioner } from '@crossdock/event-bus';
import { orderReceived } from '@crossdock/contracts';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, eventually } from '@crossdock/test-stack';
import { type ICustomPartitioner, Partitioners, type Producer } from 'kafkajs';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { BenchContext, Benchmark, Figure, Measurement } from './bench.ts';
import { orderEvent, tenantOf } from './bus/order-events.ts';
import { ratioFigure, valueFigure } from './figures.ts';
import { latencyOf } from './series.ts';

const batchRows = 500;
const rowsPerSecond = 10_000;
const appendRows = 1_000;
const tenants = 100;
const commitsPerSecond = 200;
const deadlineMs = 120_000;
const logger = pino({ level: 'silent' });

interface Bench {
  readonly context: BenchContext;
  readonly admin: DataSource;
  readonly database: TenantDatabase;
  readonly topicPrefix: string;
  newProducer(createPartitioner?: ICustomPartitioner): Producer;
}

/** The outbox relay: rows to acknowledgements, beside a producer that has its messages at hand; and from commit to acknowledgement. */
export const benchmark: Benchmark = {
  name: 'relay',
  async run(context) {
    const [database, topics] = [await createTestDatabase(), await createTestTopics()];
    try {
      const url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
      const bench: Bench = {
        context, topicPrefix: topics.prefix,
        admin: await database.connectAsAdmin('orders'),
        database: new TenantDatabase(await database.connect(url, 'orders')),
        newProducer: (createPartitioner = recordPartitioner) => topics.kafka.producer({
          createPartitioner, allowAutoTopicCreation: false, maxInFlightRequests: 1,
        }),
      };
      const rows = context.seconds * rowsPerSecond;
      await keepRows(bench, rows);
      context.say(`${rows} rows a repetition, ${tenants} tenants; latency at ${commitsPerSecond} commits a second`);
      const messages = await readMessages(bench);
      const { relay, producer, latency } = await context.measure({
        producer: () => sendAll(bench, messages),
        relay: () => relayAll(bench, rows),
        latency: () => commitToAcknowledgement(bench),
      });
      if (latency.p50Ms === undefined || latency.p99Ms === undefined) throw new Error('No latency was measured.');
      return [
        ratioFigure({ name: 'relay-vs-producer', unit: 'rows/s', value: relay.perSecond, baseline: producer.perSecond, goal: 0.6 }),
        valueFigure({ name: 'relay-commit-to-ack-p50-ms', unit: 'ms', value: latency.p50Ms, goal: 10, lowerIsBetter: true }),
        valueFigure({ name: 'relay-commit-to-ack-p99-ms', unit: 'ms', value: latency.p99Ms, goal: 50, lowerIsBetter: true }),
      ] satisfies Figure[];
    } finally {
      await topics.drop();
      await database.drop();
    }
  },
};

/** Writes the rows once as the hub writes them, and keeps a copy to fill the outbox from. */
async function keepRows({ admin, database }: Bench, count: number): Promise<void> {
  const publisher = new EventPublisher('gateway', () => undefined);
  for (let position = 0; position < count; position += appendRows) {
    const events = Array.from({ length: Math.min(appendRows, count - position) }, (_, index) => orderEvent(publisher, position + index, tenants));
    await database.systemTransaction((manager) => publisher.append(manager, events));
  }
  await admin.query('CREATE TABLE kept AS SELECT * FROM outbox ORDER BY id');
  await admin.query('TRUNCATE outbox');
}

async function readMessages({ admin }: Bench): Promise<ReadonlyArray<{ key: string; value: string; headers: Record<string, string> }>> {
  const rows = await admin.query<Array<{ key: string; value: string }>>('SELECT key, payload AS value FROM kept ORDER BY id');
  return rows.map((row) => ({ ...row, headers: { 'content-type': 'application/cloudevents+json' } }));
}

/** The baseline: everything is in memory, a batch at a time. */
async function sendAll(bench: Bench, messages: Awaited<ReturnType<typeof readMessages>>): Promise<Measurement> {
  const producer = bench.newProducer(Partitioners.DefaultPartitioner);
  await producer.connect();
  const began = performance.now();
  for (let position = 0; position < messages.length; position += batchRows) {
    await producer.send({ topic: bench.topicPrefix + orderReceived.type, acks: -1, messages: messages.slice(position, position + batchRows) });
  }
  const seconds = (performance.now() - began) / 1_000;
  await producer.disconnect();
  return { count: messages.length, seconds };
}

async function relayAll(bench: Bench, rows: number): Promise<Measurement> {
  await bench.admin.query('INSERT INTO outbox (tenant_id, shard, topic, key, payload) SELECT tenant_id, shard, topic, key, payload FROM kept ORDER BY id');
  let acknowledged = 0;
  const all = Promise.withResolvers<number>();
  const producer = observed(bench.newProducer(), (ids) => {
    acknowledged += ids.length;
    if (acknowledged >= rows) all.resolve(performance.now());
  });
  await producer.connect();
  const relay = new OutboxRelay({ database: bench.database, producer, topicPrefix: bench.topicPrefix, logger, metrics: new Registry() });
  const began = performance.now();
  relay.start();
  const ended = await all.promise;
  await untilEmpty(bench.admin);
  await relay.stop();
  return { count: rows, seconds: (ended - began) / 1_000 };
}

/** One event a transaction, evenly in time; from the commit's return to the acknowledgement's. */
async function commitToAcknowledgement(bench: Bench): Promise<Measurement> {
  const committed = new Map<string, number>();
  const durationsMs: number[] = [];
  const { context, admin, database, topicPrefix } = bench;
  const producer = observed(bench.newProducer(), (ids) => {
    for (const id of ids) durationsMs.push(performance.now() - (committed.get(id) ?? Number.NaN));
  });
  await producer.connect();
  const relay = new OutboxRelay({ database, producer, topicPrefix, logger, metrics: new Registry() });
  relay.start();
  const holds = async (): Promise<boolean> => (await admin.query<unknown[]>('SELECT 1 FROM outbox_shard WHERE lease_until > now()')).length > 0;
  await eventually('the relay to hold its shards', holds, deadlineMs);
  const commits = context.seconds * commitsPerSecond;
  const began = performance.now();
  const open = Array.from({ length: commits }, async (_, position) => {
    await new Promise((resolve) => setTimeout(resolve, position * (1_000 / commitsPerSecond)));
    const tenantId = tenantOf(position % tenants);
    await tenantContext.run({ tenantId, correlationId: tenantId }, () => database.transaction(tenantId, async (manager) => {
      const publisher = new EventPublisher('gateway', (shards) => {
        committed.set(event.id, performance.now());
        relay.wake(shards);
      });
      const event = orderEvent(publisher, position, tenants);
      await publisher.append(manager, [event]);
    }));
  });
  await Promise.all(open);
  await eventually('every acknowledgement', () => durationsMs.length === commits, deadlineMs);
  const seconds = (performance.now() - began) / 1_000;
  await untilEmpty(admin);
  await relay.stop();
  return { count: commits, seconds, latency: latencyOf(durationsMs) };
}

async function untilEmpty(admin: DataSource): Promise<void> {
  await eventually('an empty outbox', async () => (await admin.query<unknown[]>('SELECT 1 FROM outbox LIMIT 1')).length === 0, deadlineMs);
}

/** Tells the ids of the events in each batch that Kafka has acknowledged. */
function observed(producer: Producer, onAcknowledged: (ids: readonly string[]) => void): Producer {
  return {
    ...producer,
    async sendBatch(batch) {
      const result = await producer.sendBatch(batch);
      onAcknowledged((batch.topicMessages ?? []).flatMap(({ messages }) => messages.map(({ value }) => idOf(value))));
      return result;
    },
  };
}

function idOf(value: Buffer | string | null): string {
  const { id } = JSON.parse(String(value)) as { id: string };
  return id;
}
