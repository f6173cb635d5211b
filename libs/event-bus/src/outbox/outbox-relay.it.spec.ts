import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { orderReceived } from '@crossdock/contracts';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTcpGate, createTestDatabase, createTestTopics, eventually, type TcpGate, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import type { Producer } from 'kafkajs';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource, EntityManager } from 'typeorm';
import { orderEvent, tenantOf } from '../order-received.fixture.ts';
import { recordPartitioner } from '../record-partitioner.ts';
import { EventPublisher } from './event-publisher.ts';
import { eventColumns, fromOutboxParameters, outboxColumns, outboxParameters } from './outbox-insert.ts';
import { OutboxFloor } from './outbox-floor.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { deleteRowsStatement, readRowsStatement } from './outbox-rows.ts';
import { outboxShards } from './outbox-shard.ts';
import { RelaySession } from './relay-session.ts';

const logger = pino({ level: 'silent' });
const leaseMs = 1_000;
const tenantId = tenantOf(1);

let database: TestDatabase;
let topics: TestTopics;
let admin: DataSource;
let url: string;
let tenants: TenantDatabase;
const gates: TcpGate[] = [];
let relays: OutboxRelay[] = [];

beforeAll(async () => {
  [database, topics] = await Promise.all([createTestDatabase(), createTestTopics()]);
  url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
  admin = await database.connectAsAdmin('orders');
  tenants = new TenantDatabase(await database.connect(url, 'orders'));
});

beforeEach(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  relays = [];
  await admin.query('DELETE FROM outbox_relay');
  await admin.query(`UPDATE outbox_shard SET holder = NULL, lease_until = '-infinity'`);
});

afterAll(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  await topics.drop();
  await database.drop();
  await Promise.all(gates.map((gate) => gate.dispose()));
});

function newProducer(): Producer {
  return topics.kafka.producer({ createPartitioner: recordPartitioner, allowAutoTopicCreation: false, maxInFlightRequests: 1 });
}

function startRelay(producer = newProducer(), ownDatabase = tenants): OutboxRelay {
  const relay = new OutboxRelay({ database: ownDatabase, producer, topicPrefix: topics.prefix, logger, metrics: new Registry(), leaseMs });
  relays.push(relay);
  relay.start();
  return relay;
}

/** A relay whose way to the database can be cut, after which it can give nothing back: dead for all others. */
async function startMortalRelay(): Promise<{ relay: OutboxRelay; kill: () => void }> {
  const { hostname, port } = new URL(url);
  const gate = await createTcpGate({ host: hostname, port: Number(port) }, true);
  gates.push(gate);
  const gated = Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(gate.port) }).toString();
  const dataSource = await database.connect(gated, 'orders');
  return { relay: startRelay(newProducer(), new TenantDatabase(dataSource)), kill: () => gate.close() };
}

/** Numbers of shards held by each living relay, the largest first. */
async function shares(): Promise<number[]> {
  const rows = await admin.query<Array<{ shards: number }>>(
    'SELECT count(*)::int AS shards FROM outbox_shard WHERE lease_until > now() GROUP BY holder ORDER BY 1 DESC');
  return rows.map((row) => row.shards);
}

async function untilShared(expected: readonly number[]): Promise<void> {
  await eventually(`shares of ${expected.join(', ')}`, async () => JSON.stringify(await shares()) === JSON.stringify(expected));
}

/** One transaction a record and round, as services write; each record's events have positions that rise. */
async function publishRounds(records: readonly string[], rounds: number, from = 0): Promise<void> {
  const publisher = new EventPublisher('gateway', (shards) => relays.at(-1)?.wake(shards));
  for (let round = from; round < from + rounds; round += 1) {
    await tenants.transaction(tenantId, (manager) =>
      publisher.append(manager, records.map((record) => orderEvent(record, round, tenantId, publisher))));
  }
}

/** A row that has its id long before its transaction commits. */
async function insertAtOnce(manager: EntityManager, record: string): Promise<void> {
  const { parameters } = outboxParameters([orderEvent(record, 0, tenantId, new EventPublisher('gateway', () => undefined))]);
  await manager.query(`INSERT INTO outbox (${outboxColumns}) SELECT ${eventColumns} FROM ${fromOutboxParameters(1)}`, [...parameters]);
}

async function untilEmpty(): Promise<void> {
  await eventually('an empty outbox', async () => (await admin.query<unknown[]>('SELECT 1 FROM outbox LIMIT 1')).length === 0);
}

/** What the topic holds of the records with a prefix: positions in the order of their first coming, and how many came again. */
async function readTopic(prefix: string): Promise<{ positions: Map<string, number[]>; repeats: number }> {
  const consumer = topics.kafka.consumer({ groupId: `${topics.prefix}reader-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const seen = new Set<string>();
  const positions = new Map<string, number[]>();
  const read = new Map<number, bigint>();
  let repeats = 0;
  const kafkaAdmin = topics.kafka.admin();
  await kafkaAdmin.connect();
  const ends = await kafkaAdmin.fetchTopicOffsets(topics.prefix + orderReceived.type);
  await kafkaAdmin.disconnect();
  await consumer.connect();
  await consumer.subscribe({ topics: [topics.prefix + orderReceived.type], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      read.set(partition, BigInt(message.offset) + 1n);
      const event = JSON.parse(message.value?.toString() ?? '') as ReturnType<typeof orderEvent>;
      if (!event.subject.startsWith(prefix)) return;
      if (seen.has(event.id)) repeats += 1;
      else positions.set(event.subject, [...positions.get(event.subject) ?? [], Number(event.data.payload['position'])]);
      seen.add(event.id);
    },
  });
  await eventually('the end of the topic', () => ends.every(({ partition, offset }) => (read.get(partition) ?? 0n) >= BigInt(offset)));
  await consumer.disconnect();
  return { positions, repeats };
}

const ascending = (count: number): number[] => Array.from({ length: count }, (_, position) => position);

/** Looks that find nothing: each answers the floor after it. */
function looksAt(session: RelaySession): () => Promise<bigint> {
  const floor = new OutboxFloor(0);
  return async () => {
    await floor.beforeLook(session);
    floor.afterLook();
    return BigInt(floor.value);
  };
}

describe('outbox relays', () => {
  it('share the shards fairly when some come and go', async () => {
    const [first] = [startRelay()];
    await untilShared([64]);
    startRelay();
    await untilShared([32, 32]);
    startRelay();
    await untilShared([22, 22, 20]);
    await first.stop();
    await untilShared([32, 32]);
  });

  it('lose nothing and turn nothing round while one is killed and one comes to help under load', async () => {
    const records = Array.from({ length: 20 }, (_, index) => `killed/${index}`);
    const { kill } = await startMortalRelay();
    startRelay();
    await untilShared([32, 32]);
    await publishRounds(records, 40);
    kill();
    await publishRounds(records, 40, 40);
    startRelay();
    await publishRounds(records, 40, 80);
    await untilEmpty();
    await untilShared([32, 32]);

    const { positions } = await readTopic('killed/');
    expect(positions.size).toBe(records.length);
    for (const record of records) expect(positions.get(record)).toEqual(ascending(120));
  });

  it('keep the order of a record when one stands still for longer than its lease, in the middle of sending', async () => {
    const gate = Promise.withResolvers<undefined>();
    const producer = newProducer();
    let isHeld = false;
    const held: Producer = {
      ...producer,
      async sendBatch(batch) {
        if (!isHeld) {
          isHeld = true;
          await gate.promise;
        }
        return producer.sendBatch(batch);
      },
    };
    const { hostname, port } = new URL(url);
    const databaseGate = await createTcpGate({ host: hostname, port: Number(port) }, true);
    gates.push(databaseGate);
    const gated = Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(databaseGate.port) }).toString();
    startRelay(held, new TenantDatabase(await database.connect(gated, 'orders')));
    await untilShared([64]);
    await publishRounds(['stale/1', 'stale/2'], 3);
    await eventually('the first batch to be held back', () => isHeld);

    databaseGate.close(); // It stands still: its leases are not renewed either.
    startRelay();
    await publishRounds(['stale/1', 'stale/2'], 3, 3);
    await untilEmpty();
    gate.resolve(undefined);
    await eventually('what was held back to come as a repeat', async () => (await readTopic('stale/')).repeats > 0);

    const { positions } = await readTopic('stale/');
    expect(positions.get('stale/1')).toEqual(ascending(6));
    expect(positions.get('stale/2')).toEqual(ascending(6));
  });

  it('keep their shards while a batch is on its way for longer than a lease', async () => {
    const gate = Promise.withResolvers<undefined>();
    const producer = newProducer();
    let isHeld = false;
    startRelay({
      ...producer,
      async sendBatch(batch) {
        isHeld = true;
        await gate.promise;
        return producer.sendBatch(batch);
      },
    });
    await untilShared([64]);
    await publishRounds(['slow/1'], 1);
    await eventually('the batch to be held back', () => isHeld);
    const leases = async (): Promise<Array<{ holder: string; until: Date }>> =>
      admin.query('SELECT holder, min(lease_until) AS until FROM outbox_shard GROUP BY holder');
    const [before] = await leases();
    await eventually('two leases to pass', async () => (await leases()).some(({ until }) => until.getTime() > (before?.until.getTime() ?? 0) + 2 * leaseMs));
    expect((await leases()).map(({ holder }) => holder)).toEqual([before?.holder]);
    gate.resolve(undefined);
    await untilEmpty();
    expect((await readTopic('slow/')).repeats).toBe(0);
  });

  it('tell the relay that holds a shard of its new rows, outside of the writer’s transaction', async () => {
    startRelay();
    await untilShared([64]);
    const bystander = startRelay(newProducer());
    await untilShared([32, 32]);
    const heard: string[] = [];
    const session = await RelaySession.open(new TenantDatabase(await database.connect(url, 'orders')));
    session.notifier.on('notification', (message) => heard.push(JSON.stringify(message)));
    await session.query('LISTEN crossdock_outbox_orders');
    bystander.wake(new Set(ascending(outboxShards)));
    await eventually('a notice', () => heard.length > 0);
    const { payload } = JSON.parse(heard[0] ?? '') as { payload: string };
    expect(payload.split(',')).toHaveLength(32);
    await session.query('UNLISTEN *');
    await session.close();
  });

  it('publish a row that commits after later ones', async () => {
    startRelay();
    await untilShared([64]);
    const later = Promise.withResolvers<undefined>();
    const late = tenants.transaction(tenantId, async (manager) => {
      await insertAtOnce(manager, 'late/1');
      await later.promise;
    });
    await publishRounds(['late/2'], 5);
    await untilEmpty();
    later.resolve(undefined);
    await late;
    await untilEmpty();
    expect((await readTopic('late/')).positions.get('late/1')).toEqual([0]);
  });
});

describe('reading the outbox', () => {
  it('goes by the index, shard by shard, without sorting', async () => {
    const session = await RelaySession.open(tenants);
    const plan = JSON.stringify(await session.query(`EXPLAIN (FORMAT JSON) ${readRowsStatement.text}`, [ascending(outboxShards), ascending(outboxShards)]));
    await session.close();
    expect(plan).toContain('"Index Name":"outbox_pkey"');
    expect(plan).toContain('"Nested Loop"');
    expect(plan).not.toContain('"Sort"');
    expect(plan).not.toContain('"Seq Scan"');
  });

  it('deletes what was sent row by row, also where statistics from an idle hour take the outbox for empty', async () => {
    const session = await RelaySession.open(tenants);
    const records = Array.from({ length: 100 }, (_, index) => `sent/${index}`);
    await publishRounds(records, 20);
    await admin.query('DELETE FROM outbox');
    await admin.query('ANALYZE outbox');
    await publishRounds(records, 20);
    const sent = await session.query('SELECT shard, id FROM outbox ORDER BY shard, id LIMIT 500') as Array<{ shard: number; id: string }>;
    const [plan] = await session.query(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${deleteRowsStatement.text}`, [sent.map(({ shard }) => shard), sent.map(({ id }) => id)]) as Array<{ 'QUERY PLAN': unknown }>;
    await session.close();
    expect(await admin.query('SELECT count(*)::int AS rows FROM outbox')).toEqual([{ rows: 1_500 }]);
    // Each node's rows, as often as it ran: with all that waits for each row that was sent it would be 750,000.
    const handled = [...JSON.stringify(plan).matchAll(/"Actual Rows":([\d.]+),"Actual Loops":(\d+)/g)].map(([, rows, loops]) => Number(rows) * Number(loops));
    expect(Math.max(...handled)).toBe(500);
    await admin.query('DELETE FROM outbox');
  });

  it('never begins behind an id whose transaction is still open, though none has ended since that began', async () => {
    const session = await RelaySession.open(tenants);
    const look = looksAt(session);
    await tenants.transaction(tenantId, async (manager) => {
      await insertAtOnce(manager, 'long/1');
      const [row] = await manager.query<Array<{ id: string }>>('SELECT max(id) AS id FROM outbox');
      for (let round = 0; round < 5; round += 1) expect(await look()).toBeLessThan(BigInt(row?.id ?? 0));
    });
    await session.close();
    await admin.query('DELETE FROM outbox');
  });

  it('never begins behind an id whose transaction is still open', async () => {
    const session = await RelaySession.open(tenants);
    const look = looksAt(session);
    const later = Promise.withResolvers<undefined>();
    const inserted = Promise.withResolvers<bigint>();
    const open = tenants.transaction(tenantId, async (manager) => {
      await insertAtOnce(manager, 'open/1');
      const [row] = await manager.query<Array<{ id: string }>>('SELECT max(id) AS id FROM outbox');
      inserted.resolve(BigInt(row?.id ?? 0));
      await later.promise;
    });
    const openId = await inserted.promise;
    await publishRounds(['open/2'], 3);
    for (let round = 0; round < 5; round += 1) expect(await look()).toBeLessThan(openId);
    later.resolve(undefined);
    await open;
    await eventually('the floor to rise', async () => await look() > openId);
    await session.close();
    await admin.query('DELETE FROM outbox');
  });
});
