import { randomUUID } from 'node:crypto';
import type { CallRecord } from '@crossdock/outbound-http';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, eventually, type TestDatabase } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { connectionsSchema } from '../connections-schema.ts';
import { CallLog } from './call-log.ts';
import { callQuerySchema, listCalls, listCallsOfCauses, listUsage, type CallPage } from './call-log.reader.ts';

let testDatabase: TestDatabase;
let database: TenantDatabase;
let admin: DataSource;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = new TenantDatabase(await testDatabase.connect(await testDatabase.migrateService('gateway', [connectionsSchema]), 'connections'));
  admin = await testDatabase.connectAsAdmin('connections');
});

afterAll(() => testDatabase.drop());

const silent = pino({ level: 'silent' });

function openLog(metrics = new Registry(), bufferSize = 10_000): CallLog {
  return new CallLog({ database, logger: silent, metrics, retentionDays: 14, bufferSize });
}

class Account {
  readonly tenantId = randomUUID();
  readonly connectionId = randomUUID();

  call(more: Partial<CallRecord> = {}): CallRecord {
    return {
      tenantId: this.tenantId, connectionId: this.connectionId, vendor: 'hubspot', operation: 'contacts.get', method: 'GET',
      endpoint: '/crm/v3/objects/contacts/{…}', attempt: 1, startedAt: new Date(), durationMs: 12.4, outcome: 'success', status: 200, ...more,
    };
  }

  calls(query: object = {}): Promise<CallPage> {
    return database.transaction(this.tenantId, (manager) => listCalls(manager, callQuerySchema.parse(query), this.connectionId));
  }
}

describe('the record of calls to vendors', () => {
  it('is found by what led to the call, by each of several causes, and by no other tenant', async () => {
    const [account, other, log] = [new Account(), new Account(), openLog()];
    log.start();
    const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
    tenantContext.run({ tenantId: account.tenantId, correlationId: one, together: [one, two] }, () => log.record(account.call({ operation: 'deals.batch' })));
    tenantContext.run({ tenantId: account.tenantId, correlationId: two }, () => log.record(account.call({ operation: 'deals.get', startedAt: new Date(Date.now() + 1_000) })));
    await log.stop();
    const found = (tenantId: string, ...correlationIds: string[]): Promise<string[]> => database.transaction(tenantId, async (manager) =>
      (await listCallsOfCauses(manager, { correlationIds, limit: 10 })).map(({ operation }) => operation));
    expect(await found(account.tenantId, one)).toEqual(['deals.batch']);
    expect(await found(account.tenantId, two, one)).toEqual(['deals.batch', 'deals.get']);
    expect(await found(account.tenantId, three)).toEqual([]);
    expect(await found(other.tenantId, one, two)).toEqual([]);
  });

  it('is written beside the calls and tells each with what set it in motion', async () => {
    const account = new Account();
    const log = openLog();
    log.start();
    const correlationId = randomUUID();
    tenantContext.run({ tenantId: account.tenantId, correlationId }, () => log.record(account.call({ attempt: 2, outcome: 'rate_limited', status: 429 })));
    await eventually('the record', async () => (await account.calls()).items.length === 1);
    await log.stop();
    expect((await account.calls()).items[0]).toMatchObject({
      operation: 'contacts.get', method: 'GET', endpoint: '/crm/v3/objects/contacts/{…}', attempt: 2,
      outcome: 'rate_limited', status: 429, durationMs: 12, correlationId,
    });
  });

  it('is read newest first, page by page, by time, result and operation', async () => {
    const account = new Account();
    const log = openLog();
    const beginMs = Date.now() - 60_000;
    for (let i = 0; i < 5; i += 1) {
      log.record(account.call({ startedAt: new Date(beginMs + i * 1_000), operation: `op.${i}`, ...(i === 3 && { outcome: 'server_error', status: 500 }) }));
    }
    await log.stop();
    const operations = ({ items }: CallPage) => items.map(({ operation }) => operation);
    const first = await account.calls({ limit: 3 });
    expect(operations(first)).toEqual(['op.4', 'op.3', 'op.2']);
    expect(operations(await account.calls({ limit: 3, cursor: first.nextCursor }))).toEqual(['op.1', 'op.0']);
    expect(operations(await account.calls({ result: 'failed' }))).toEqual(['op.3']);
    expect(operations(await account.calls({ operation: 'op.1' }))).toEqual(['op.1']);
    const [since, until] = [1_000, 3_000].map((ms) => new Date(beginMs + ms).toISOString());
    expect(operations(await account.calls({ since, until }))).toEqual(['op.2', 'op.1']);
  });

  it('shows a tenant its own calls only', async () => {
    const [one, other] = [new Account(), new Account()];
    const log = openLog();
    log.record(one.call());
    log.record(other.call());
    await log.stop();
    expect((await one.calls()).items).toHaveLength(1);
    const seen = await database.transaction(one.tenantId, (manager) => listCalls(manager, callQuerySchema.parse({}), other.connectionId));
    expect(seen.items).toEqual([]);
    expect((await database.transaction(one.tenantId, (manager) => listUsage(manager, {}))).map(({ tenantId }) => tenantId)).toEqual([one.tenantId]);
  });

  it('drops and counts the oldest where the database does not keep up, yet loses no count of calls', async () => {
    const account = new Account();
    const metrics = new Registry();
    const log = openLog(metrics, 3);
    for (let i = 0; i < 5; i += 1) log.record(account.call({ operation: `op.${i}`, outcome: i === 0 ? 'timeout' : 'success' }));
    await log.stop();
    expect((await account.calls()).items.map(({ operation }) => operation)).toEqual(['op.4', 'op.3', 'op.2']);
    expect(await metrics.metrics()).toContain('crossdock_call_log_dropped_total 2');
    const [usage] = await database.transaction(account.tenantId, (manager) => listUsage(manager, {}));
    expect(usage).toMatchObject({ vendor: 'hubspot', calls: 5, failedCalls: 1 });
  });

  it('lets no record that the database refuses hold up those behind it', async () => {
    const account = new Account();
    const metrics = new Registry();
    const log = openLog(metrics);
    log.record(account.call({ connectionId: 'no id' }));
    log.start();
    await eventually('the record to be dropped', async () => (await metrics.metrics()).includes('crossdock_call_log_dropped_total 1'));
    log.record(account.call());
    await log.stop();
    expect((await account.calls()).items).toHaveLength(1);
  });

  it('sums up the calls of a day over processes', async () => {
    const account = new Account();
    for (let i = 0; i < 3; i += 1) {
      const log = openLog();
      log.record(account.call());
      log.record(account.call({ startedAt: new Date('2026-01-31T23:59:59.999Z') }));
      await log.stop();
    }
    const usage = await database.transaction(account.tenantId, (manager) => listUsage(manager, { from: '2026-01-01' }));
    expect(usage.map(({ day, calls }) => [day, calls])).toEqual([[new Date().toISOString().slice(0, 10), 3], ['2026-01-31', 3]]);
  });

  it('has a partition of its own for each of the next days, and forgets days that are too old', async () => {
    const dayOf = (offsetDays: number) => new Date(Date.now() + offsetDays * 86_400_000).toISOString().slice(0, 10);
    const name = (day: string) => `vendor_call_${day.replaceAll('-', '')}`;
    const account = new Account();
    await admin.query(`CREATE TABLE ${name(dayOf(-20))} PARTITION OF vendor_call FOR VALUES FROM ('${dayOf(-20)}') TO ('${dayOf(-19)}')`);
    const log = openLog();
    log.record(account.call({ startedAt: new Date(Date.now() - 20 * 86_400_000) }));
    log.record(account.call());
    await log.stop();
    await admin.query(`UPDATE vendor_call_upkeep SET done_at = '-infinity'`);
    const upkeep = openLog();
    upkeep.start();
    await eventually('the old day to be dropped', async () =>
      (await admin.query<unknown[]>('SELECT 1 FROM pg_class WHERE relname = $1', [name(dayOf(-20))])).length === 0);
    await upkeep.stop();
    const partitions = await admin.query<Array<{ name: string }>>(`SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'vendor_call'::regclass`);
    expect(partitions.map((row) => row.name)).toEqual(expect.arrayContaining([0, 1, 2].map((offset) => name(dayOf(offset)))));
    expect((await account.calls()).items).toHaveLength(1);
  });
});
