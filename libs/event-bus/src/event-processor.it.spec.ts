import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { orderReceived, type Envelope } from '@crossdock/contracts';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { ConsumeStarts } from './consume-starts.ts';
import type { EventContext } from './event-context.ts';
import { EventInbox } from './event-inbox.ts';
import type { EventConcern } from './event-parser.ts';
import { EventProcessor } from './event-processor.ts';
import { keepInboxDays } from './inbox-days.ts';
import { orderEvent, tenantOf, type OrderReceived } from './order-received.fixture.ts';
import type { ReceivedMessage } from './received-message.ts';

const consumer = 'orders';
const { type } = orderReceived;
const topic = `installation.${type}`;
const logger = pino({ level: 'silent' });

let database: TestDatabase;
let admin: DataSource;
let tenants: TenantDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
  admin = await database.connectAsAdmin('orders');
  await admin.query('CREATE TABLE effect (position bigint GENERATED ALWAYS AS IDENTITY, event_id uuid NOT NULL, record text NOT NULL)');
  await admin.query('GRANT ALL ON effect TO PUBLIC');
  tenants = new TenantDatabase(await database.connect(url, 'orders'));
});

beforeEach(async () => {
  for (const table of ['effect', 'inbox', 'dead_letter', 'consume_start']) await admin.query(`DELETE FROM ${table}`);
});

afterAll(() => database.drop());

type Handler = (envelope: Envelope, context: EventContext) => Promise<void>;

function newProcessor(options: Partial<ConstructorParameters<typeof EventProcessor>[0]> = {}): EventProcessor {
  return new EventProcessor({
    database: tenants, inbox: new EventInbox(tenants, consumer), consumer, logger, metrics: new Registry(), isRetriedForever: () => false,
    handlerTimeoutMs: 5_000, ...options,
  });
}

const writeEffect: Handler = async ({ id, subject }, { manager }) => {
  await manager.query('INSERT INTO effect (event_id, record) VALUES ($1, $2)', [id, subject]);
};

function messagesOf(values: ReadonlyArray<Envelope | string>, handler: Handler, rest: Partial<ReceivedMessage> = {}): ReceivedMessage[] {
  return values.map((value, offset) => ({
    topic, type, partition: 0, offset: String(offset), isCancelled: () => false, handler,
    key: typeof value === 'string' ? '' : `${value.tenantid}/${value.subject}`,
    value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
    ...rest,
  }));
}

async function effects(): Promise<string[]> {
  const rows = await admin.query<Array<{ event_id: string }>>('SELECT event_id FROM effect ORDER BY position');
  return rows.map((row) => row.event_id);
}

/** As many orders of two tenants, of a few records each. */
function manyOrders(count: number): OrderReceived[] {
  return Array.from({ length: count }, (_, position) => orderEvent(`record/${position % 7}`, position, tenantOf(position % 2)));
}

async function notes(): Promise<Array<{ first: number; last: number; starts: number }>> {
  return admin.query('SELECT first_offset::int AS first, last_offset::int AS last, starts FROM consume_start');
}

async function deadLetters(): Promise<Array<{ offset: number; reason: string }>> {
  return admin.query('SELECT kafka_offset::int AS offset, reason FROM dead_letter ORDER BY kafka_offset');
}

const fiveOrders = (): ReturnType<typeof orderEvent>[] => ['a', 'b', 'a', 'c', 'b'].map((record, position) => orderEvent(record, position, tenantOf(position % 2)));

describe('a chunk of messages', () => {
  it('has all its effects and inbox notes in one transaction', async () => {
    const events = fiveOrders();
    expect(await newProcessor().processBatch(messagesOf(events, writeEffect))).toBe(5);
    expect((await effects()).sort()).toEqual(events.map(({ id }) => id).sort());
    const [row] = await admin.query<Array<{ transactions: number }>>(
      'SELECT count(DISTINCT transaction)::int AS transactions FROM (SELECT xmin::text AS transaction FROM effect UNION ALL SELECT xmin::text FROM inbox) AS written');
    expect(row?.transactions).toBe(1);
  });

  it('lets one that is refused harm no other, and keeps the order of each record', async () => {
    const events = fiveOrders();
    const refused = events[2];
    const handler: Handler = async (envelope, context) => {
      await writeEffect(envelope, context);
      if (envelope.id === refused?.id) throw new Error('this order cannot be understood');
    };
    expect(await newProcessor().processBatch(messagesOf([...events, 'not json'], handler))).toBe(6);
    const applied = await effects();
    expect([...applied].sort()).toEqual(events.filter((event) => event !== refused).map(({ id }) => id).sort());
    expect(await deadLetters()).toEqual([{ offset: 2, reason: 'unexpected' }, { offset: 5, reason: 'unparseable' }]);
  });

  it('has no effect a second time, within it, in a later one, or after midnight', async () => {
    const lateAtNight = { ...orderEvent('a', 0), time: '2026-01-01T23:59:59.999Z' };
    const processor = newProcessor();
    await processor.processBatch(messagesOf([lateAtNight, lateAtNight], writeEffect));
    await processor.processBatch(messagesOf([lateAtNight], writeEffect));
    await processor.processBatch(messagesOf([lateAtNight, 'not json'], writeEffect));
    expect(await effects()).toEqual([lateAtNight.id]);
    expect(await admin.query('SELECT event_day::text AS day FROM inbox')).toEqual([{ day: '2026-01-01' }]);
  });

  it('shows a handler its own event’s tenant only', async () => {
    const seen: unknown[] = [];
    await newProcessor().processBatch(messagesOf(fiveOrders(), async ({ tenantid }, { manager }) => {
      const rows = await manager.query<Array<{ tenant_id: string }>>('SELECT DISTINCT tenant_id FROM inbox');
      seen.push([tenantid, rows.map((row) => row.tenant_id)]);
    }));
    expect(seen).toHaveLength(5);
    for (const [own, visible] of seen as Array<[string, string[]]>) expect(visible).toEqual([own]);
  });

  it('is handed over together, tenant by tenant and in order, to a handler that takes many', async () => {
    const events = fiveOrders();
    const calls: Array<ReadonlyArray<[string, number]>> = [];
    const manyHandler: ReceivedMessage['manyHandler'] = async (envelopes, { manager }) => {
      calls.push(envelopes.map(({ tenantid, id }) => [tenantid, events.findIndex((event) => event.id === id)]));
      await manager.query('INSERT INTO effect (event_id, record) SELECT *, $2 FROM unnest($1::uuid[])', [envelopes.map(({ id }) => id), 'many']);
    };
    await newProcessor().processBatch(messagesOf(events, writeEffect, { manyHandler }));
    expect(calls).toEqual([[0, 2, 4].map((position) => [tenantOf(0), position]), [1, 3].map((position) => [tenantOf(1), position])]);
    expect(await effects()).toHaveLength(5);
  });

  it('is handed over with those of other types, to a handler that takes types together', async () => {
    const calls: string[][] = [];
    const takers = {
      one: async () => undefined, takesTypesTogether: true,
      many: async (envelopes: readonly Envelope[]) => void calls.push(envelopes.map((envelope) => envelope.type)),
    };
    const [order, refund, foreign] = [orderEvent('a', 0, tenantOf(0)), { ...orderEvent('a', 1, tenantOf(0)), type: 'commerce.refund' }, orderEvent('b', 2, tenantOf(1))];
    await new EventInbox(tenants, consumer).handleAll([{ envelopes: [order, foreign], takers }, { envelopes: [refund], takers: { ...takers } }], () => undefined);
    expect(calls).toEqual([[type, 'commerce.refund'], [type]]);
  });
});

describe('a batch of many messages', () => {
  it('is worked off in few transactions although one of them is refused, and each record keeps its order', async () => {
    const events = manyOrders(240);
    const refused = events[131];
    let calls = 0;
    const handler: Handler = async (envelope, context) => {
      calls += 1;
      await writeEffect(envelope, context);
      if (envelope.id === refused?.id) throw new Error('this order cannot be understood');
    };
    expect(await newProcessor().processBatch(messagesOf(events, handler))).toBe(240);
    expect(await deadLetters()).toEqual([{ offset: 131, reason: 'unexpected' }]);
    expect(calls).toBeLessThan(480);
    const applied = await effects();
    for (let record = 0; record < 7; record += 1) {
      const ofRecord = events.filter((event) => event.subject === `record/${record}` && event !== refused).map(({ id }) => id);
      for (const tenant of [0, 1]) {
        const expected = ofRecord.filter((id) => events.find((event) => event.id === id)?.tenantid === tenantOf(tenant));
        expect(applied.filter((id) => expected.includes(id))).toEqual(expected);
      }
    }
  });

  it('is noted once as begun, and what is done is taken out of the note by and by', async () => {
    const seen: unknown[] = [];
    const handler: Handler = async ({ id }, { manager }) => {
      if (id === events[0]?.id || id === events.at(-1)?.id) seen.push(...await manager.query<unknown[]>(
        'SELECT first_offset::int AS first, last_offset::int AS last, starts FROM consume_start'));
    };
    const events = manyOrders(400);
    await newProcessor().processBatch(messagesOf(events, handler));
    // Inside a chunk’s own transaction the note is already of what comes after it.
    expect(seen).toMatchObject([{ first: 250, last: 399, starts: 1 }, { first: 400, last: 399, starts: 0 }]);
    expect(await notes()).toEqual([{ first: 400, last: 399, starts: 0 }]);
  });

  it('leaves nothing under suspicion where it was cancelled alive', async () => {
    let isCancelled = false;
    const handler: Handler = async () => {
      isCancelled = true;
    };
    const rest = { isCancelled: () => isCancelled };
    expect(await newProcessor().processBatch(messagesOf(manyOrders(400), handler, rest))).toBe(250);
    expect(await notes()).toMatchObject([{ starts: 0 }]);
  });

  it('is tried again as a whole, and puts nothing aside, while the database takes no work', async () => {
    let tries = 0;
    const handler: Handler = async (envelope, context) => {
      if (envelope.id === events[1]?.id && (tries += 1) < 6) throw new Error('the disk is full');
      await writeEffect(envelope, context);
    };
    const events = fiveOrders();
    const isRetriedForever = (error: unknown): boolean => error instanceof Error && error.message === 'the disk is full';
    expect(await newProcessor({ isRetriedForever }).processBatch(messagesOf(events, handler))).toBe(5);
    expect(await effects()).toHaveLength(5);
    expect(await deadLetters()).toEqual([]);
  });
});

describe('a dead letter', () => {
  it('is kept under its event’s type, whatever the installation’s topics are called, and told of once', async () => {
    const told: string[] = [];
    await newProcessor({ onDeadLetter: (reason) => told.push(reason) }).processBatch(messagesOf(['not json', ...fiveOrders()], async () => undefined));
    expect(await admin.query('SELECT kind, topic FROM dead_letter')).toEqual([{ kind: type, topic }]);
    expect(told).toEqual(['unparseable']);
  });
});

describe('a handler that never ends', () => {
  it('is given up, its event tried again and then put aside, while the others have their effects', async () => {
    const events = fiveOrders();
    let tries = 0;
    const handler: Handler = async (envelope, context) => {
      if (envelope.id !== events[1]?.id) return writeEffect(envelope, context);
      tries += 1;
      await new Promise(() => undefined);
    };
    expect(await newProcessor({ handlerTimeoutMs: 100 }).processBatch(messagesOf(events, handler))).toBe(5);
    expect(tries).toBe(4); // once with the others, three times alone
    expect(await effects()).toHaveLength(4);
    expect(await deadLetters()).toEqual([{ offset: 1, reason: 'transient' }]);
  });
});

describe('a message that ends its process', () => {
  const range = { topic, partition: 0, first: '0', last: '4' };

  it('is looked for one by one after the restart, and innocent ones have their effects', async () => {
    const events = fiveOrders();
    await new ConsumeStarts(tenants, consumer).beginAll([range]); // what a process leaves that died with the chunk
    expect(await newProcessor().processBatch(messagesOf(events, writeEffect))).toBe(5);
    expect(await effects()).toHaveLength(5);
    expect(await admin.query('SELECT starts FROM consume_start')).toEqual([{ starts: 0 }]);
  });

  it('is put aside once it was begun three times, and those before and after it go on', async () => {
    const events = fiveOrders();
    await new ConsumeStarts(tenants, consumer).count({ ...range, first: '2', last: '2' }, 3);
    let isReached = false;
    const handler: Handler = async (envelope, context) => {
      isReached ||= envelope.id === events[2]?.id;
      await writeEffect(envelope, context);
    };
    const processor = newProcessor();
    const messages = messagesOf(events, handler);
    expect(await processor.processBatch(messages)).toBe(5);
    expect(isReached).toBe(false);
    expect(await effects()).toHaveLength(4);
    expect(await deadLetters()).toEqual([{ offset: 2, reason: 'unexpected' }]);
  });
});

describe('the inbox’s days', () => {
  it('are made ahead, dropped when nothing of them can come again, by one replica in an hour', async () => {
    await admin.query(`CREATE TABLE inbox_20200101 PARTITION OF inbox FOR VALUES FROM ('2020-01-01') TO ('2020-01-02')`);
    await admin.query(`UPDATE inbox_upkeep SET done_at = '-infinity'`);
    const done = await Promise.all([keepInboxDays(tenants, 14), keepInboxDays(tenants, 14), keepInboxDays(tenants, 14)]);
    expect(done.filter(Boolean)).toHaveLength(1);
    const partitions = await admin.query<Array<{ name: string; isAhead: boolean }>>(`
      SELECT c.relname AS name, to_date(right(c.relname, 8), 'YYYYMMDD') >= (now() AT TIME ZONE 'UTC')::date AS "isAhead"
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'inbox'::regclass AND c.relname ~ '[0-9]{8}$'`);
    expect(partitions).toHaveLength(4);
    expect(partitions.every(({ isAhead }) => isAhead)).toBe(true);
  });

  it('take today’s events out of the partition that all other days share', async () => {
    await newProcessor().processBatch(messagesOf(fiveOrders(), writeEffect));
    expect(await admin.query('SELECT 1 FROM inbox_other_days')).toHaveLength(0);
    expect(await admin.query('SELECT 1 FROM inbox')).toHaveLength(5);
  });
});

describe('events that do not concern a service', () => {
  const even: EventConcern = ({ data }) => evenOrders.has(JSON.stringify(data));
  const evenOrders = new Set<string>();
  const written = async () => admin.query<Array<{ rows: number }>>(
    'SELECT (SELECT count(*) FROM inbox)::int + (SELECT count(*) FROM effect)::int + (SELECT count(*) FROM consume_start)::int AS rows');

  it('pass without a row, a note or a call of the handler', async () => {
    const metrics = new Registry();
    const progress: number[] = [];
    const processor = newProcessor({ concerns: () => false, metrics });
    expect(await processor.processBatch(messagesOf(manyOrders(40), async () => { throw new Error('nobody asked for it'); }), (done) => progress.push(done))).toBe(40);
    expect(await written()).toEqual([{ rows: 0 }]);
    expect(progress).toEqual([40]);
    expect(await metrics.metrics()).toContain(`crossdock_event_handled_total{consumer="orders",type="${type}",outcome="unconcerned"} 40`);
  });

  it('let the others have their effect in order, and offsets go on over all of them', async () => {
    const events = manyOrders(41);
    for (const [position, { data }] of events.entries()) if (position % 2 === 0) evenOrders.add(JSON.stringify(data));
    const progress: number[] = [];
    expect(await newProcessor({ concerns: even }).processBatch(messagesOf(events, writeEffect), (done) => progress.push(done))).toBe(41);
    expect((await effects()).toSorted()).toEqual(events.filter(even).map(({ id }) => id).toSorted());
    expect(progress.at(-1)).toBe(41);
  });

  it('do not hide what cannot be read', async () => {
    expect(await newProcessor({ concerns: () => false }).processBatch(messagesOf([orderEvent('a', 0), 'not json', orderEvent('a', 1)], writeEffect))).toBe(3);
    expect(await deadLetters()).toEqual([{ offset: 1, reason: 'unparseable' }]);
    expect(await effects()).toEqual([]);
  });

  it('are not checked, and what names another type than its topic is', async () => {
    const [unchecked, other] = [{ type, data: {} }, { type: 'order.changed.v1', data: {} }].map((event) => JSON.stringify(event));
    expect(await newProcessor({ concerns: () => false }).processBatch(messagesOf([unchecked ?? '', other ?? '', 'null', '{}'], writeEffect))).toBe(4);
    expect(await deadLetters()).toEqual([1, 2, 3].map((offset) => ({ offset, reason: 'schema_mismatch' })));
  });

  it('are not passed over where what comes before them has not come to its end', async () => {
    const events = manyOrders(6);
    evenOrders.clear();
    for (const position of [1, 4]) evenOrders.add(JSON.stringify(events[position]?.data));
    let handled = 0;
    const handler: Handler = async (envelope, context) => {
      await writeEffect(envelope, context);
      handled += 1;
    };
    const cancelled = messagesOf(events, handler, { isCancelled: () => true });
    expect(await newProcessor({ concerns: even }).processBatch(cancelled)).toBe(1);
    expect(handled).toBe(0);
  });
});
