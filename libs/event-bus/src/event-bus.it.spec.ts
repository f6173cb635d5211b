import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { orderReceived, type EventOf } from '@crossdock/contracts';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, eventually, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import type { DataSource } from 'typeorm';
import { EventInbox } from './event-inbox.ts';
import { EventProcessor } from './event-processor.ts';
import { EventPublisher } from './outbox/event-publisher.ts';
import { recordPartitioner } from './record-partitioner.ts';
import { KafkaEventTransport } from './kafka-event-transport.ts';
import { OutboxRelay } from './outbox/outbox-relay.ts';

const tenantId = '0198f000-0000-7000-8000-000000000001';
const otherTenantId = '0198f000-0000-7000-8000-000000000002';
const connectionId = '0198f000-0000-7000-8000-00000000000c';
const logger = pino({ level: 'silent' });

let database: TestDatabase;
let topics: TestTopics;
let admin: DataSource;
let tenants: TenantDatabase;

beforeAll(async () => {
  [database, topics] = await Promise.all([createTestDatabase(), createTestTopics()]);
  const url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
  admin = await database.connectAsAdmin('orders');
  await admin.query('CREATE TABLE effect (position bigint GENERATED ALWAYS AS IDENTITY, event_id uuid NOT NULL, record text NOT NULL)');
  await admin.query('GRANT ALL ON effect TO PUBLIC');
  tenants = new TenantDatabase(await database.connect(url, 'orders'));
});

afterAll(async () => {
  await topics.drop();
  await database.drop();
});

type OrderReceived = EventOf<typeof orderReceived>;

function newRelay(): OutboxRelay {
  const producer = topics.kafka.producer({ createPartitioner: recordPartitioner, allowAutoTopicCreation: false });
  return new OutboxRelay({ database: tenants, producer, topicPrefix: topics.prefix, logger, metrics: new Registry() });
}

function newTransport(group: string, handler: (event: OrderReceived, record: () => Promise<void>) => Promise<void>): KafkaEventTransport {
  const processor = new EventProcessor({
    database: tenants, inbox: new EventInbox(tenants, group), consumer: group, logger, metrics: new Registry(), isRetriedForever: () => false,
  });
  const transport = new KafkaEventTransport({ kafka: topics.kafka, group: topics.prefix + group, topicPrefix: topics.prefix, processor, logger });
  transport.addHandler(orderReceived.type, async (event: OrderReceived, context: { manager: { query(sql: string, values: unknown[]): Promise<unknown> } }) => {
    await handler(event, async () => {
      await context.manager.query('INSERT INTO effect (event_id, record) VALUES ($1, $2)', [event.id, event.subject]);
    });
  }, true);
  return transport;
}

function received(record: string, position: number): OrderReceived['data'] {
  return { vendor: 'woocommerce', connectionId, change: 'created', externalId: record, receivedAt: '2026-01-01T00:00:00.000Z', payload: { position } };
}

async function publishOrders(records: readonly string[], publisher = new EventPublisher('gateway', () => undefined)): Promise<void> {
  await tenantContext.run({ tenantId, correlationId: tenantId }, () => tenants.transaction(tenantId, async (manager) => {
    for (const [position, record] of records.entries()) {
      await publisher.publish(manager, orderReceived, { subject: record, data: received(record, position) });
    }
  }));
}

async function effectsOf(prefix: string): Promise<Array<{ event_id: string; record: string }>> {
  return admin.query(`SELECT event_id, record FROM effect WHERE record LIKE $1 ORDER BY position`, [`${prefix}%`]);
}

describe('the event bus', () => {
  it('brings each published event to its handler once, in order for each record', async () => {
    const positions = new Map<string, number[]>();
    const transport = newTransport('in-order', async (event, record) => {
      await record();
      positions.set(event.subject, [...positions.get(event.subject) ?? [], Number(event.data.payload['position'])]);
    });
    const relay = newRelay();
    transport.listen(() => undefined);
    relay.start();
    const records = Array.from({ length: 300 }, (_, index) => `ordered/${index % 7}`);
    await publishOrders(records);
    await eventually('300 effects', async () => (await effectsOf('ordered/')).length === 300);

    for (const seen of positions.values()) expect(seen).toEqual([...seen].sort((left, right) => left - right));
    await eventually('an empty outbox', async () => (await admin.query<unknown[]>('SELECT 1 FROM outbox')).length === 0);
    await relay.stop();
    await transport.close();
  });

  it('has no effect a second time when a relay repeats an event after a crash', async () => {
    await publishOrders(['repeated/1']);
    const [row] = await admin.query<Array<Record<string, unknown>>>('SELECT tenant_id, shard, topic, key, payload FROM outbox');
    await admin.query(
      `INSERT INTO outbox (tenant_id, shard, topic, key, payload) SELECT tenant_id, shard, topic, key, payload FROM outbox`);
    expect(row).toBeDefined();
    const relay = newRelay();
    const transport = newTransport('repeats', (event, record) => (event.subject.startsWith('repeated/') ? record() : Promise.resolve()));
    relay.start();
    transport.listen(() => undefined);
    await eventually('the effect', async () => (await effectsOf('repeated/')).length > 0);
    await publishOrders(['repeated/2']);
    await eventually('the later effect', async () => (await effectsOf('repeated/2')).length > 0);
    expect(await effectsOf('repeated/')).toHaveLength(2);
    await relay.stop();
    await transport.close();
  });

  it('puts a poison message into the dead letters with its bytes and lets the partition go on', async () => {
    const producer = topics.kafka.producer({ createPartitioner: recordPartitioner });
    await producer.connect();
    const key = `${tenantId}/poison`;
    await producer.send({ topic: topics.prefix + orderReceived.type, messages: [{ key, value: 'not json' }, { key, value: '{"specversion":"1.0"}' }] });
    await producer.disconnect();
    await publishOrders(['poison/next', 'poison/refused']);
    const relay = newRelay();
    const transport = newTransport('poison', async (event, record) => {
      if (event.subject === 'poison/refused') throw new Error('this order cannot be understood');
      if (event.subject.startsWith('poison/')) await record();
    });
    relay.start();
    transport.listen(() => undefined);
    const letters = await eventually('three dead letters', async () => {
      const rows = await admin.query<Array<{ reason: string; body: Buffer; tenant_id: string | null }>>('SELECT reason, body, tenant_id FROM dead_letter ORDER BY created_at');
      return rows.length === 3 && rows;
    });
    await eventually('the next message’s effect', async () => (await effectsOf('poison/next')).length === 1);

    expect(letters.map(({ reason }) => reason).sort()).toEqual(['schema_mismatch', 'unexpected', 'unparseable']);
    expect(letters.find(({ reason }) => reason === 'unparseable')?.body.toString()).toBe('not json');
    expect(letters.find(({ reason }) => reason === 'unexpected')?.tenant_id).toBe(tenantId);
    await relay.stop();
    await transport.close();
  });

  it('publishes nothing where the transaction rolls back', async () => {
    const publisher = new EventPublisher('gateway', () => { throw new Error('woken without a commit'); });
    const rolledBack = tenantContext.run({ tenantId, correlationId: tenantId }, () => tenants.transaction(tenantId, async (manager) => {
      await publisher.publish(manager, orderReceived, { subject: 'rolled-back/1', data: received('1', 0) });
      throw new Error('the state change failed');
    }));
    await expect(rolledBack).rejects.toThrow('the state change failed');
    expect(await admin.query(`SELECT 1 FROM outbox WHERE key LIKE '%rolled-back%'`)).toHaveLength(0);
  });

  it('refuses to publish data that does not fit the schema', async () => {
    const publisher = new EventPublisher('gateway', () => undefined);
    const data = { ...received('1', 0), externalId: '' };
    expect(() => publisher.envelope({ tenantId, correlationId: tenantId }, orderReceived, { subject: 'order/1', data }))
      .toThrow(/does not fit its schema/);
  });

  it('lets one of two relays take over when the other stops', async () => {
    const [first, second] = [newRelay(), newRelay()];
    const transport = newTransport('take-over', (event, record) => (event.subject.startsWith('taken/') ? record() : Promise.resolve()));
    transport.listen(() => undefined);
    first.start();
    await publishOrders(['taken/1']);
    await eventually('the first relay’s effect', async () => (await effectsOf('taken/1')).length === 1);
    second.start();
    await first.stop();
    await publishOrders(['taken/2']);
    await eventually('the second relay’s effect', async () => (await effectsOf('taken/2')).length === 1);
    await second.stop();
    await transport.close();
  });

  it('shows a tenant no other tenant’s outbox rows', async () => {
    await publishOrders(['hidden/1']);
    const seen = await tenants.transaction(otherTenantId, (manager) => manager.query<unknown[]>('SELECT 1 FROM outbox'));
    expect(seen).toHaveLength(0);
  });
});
