import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import type { DataSource, EntityManager } from 'typeorm';
import { afterCommit, TenantDatabase } from './tenant-database.ts';

let database: TestDatabase;
let admin: DataSource;
let tenants: TenantDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
  admin = await database.connectAsAdmin('orders');
  tenants = new TenantDatabase(await database.connect(url, 'orders'));
});

afterAll(() => database.drop());

const standingOf = (tenantId: string) => admin.query<unknown[]>('SELECT state FROM tenant_standing WHERE tenant_id = $1', [tenantId]);

async function write(manager: EntityManager, tenantId: string): Promise<void> {
  await manager.query(`INSERT INTO tenant_standing (tenant_id, state, version) VALUES ($1, 'active', 1)`, [tenantId]);
}

async function settings(manager: EntityManager): Promise<unknown> {
  const [row] = await manager.query<unknown[]>(
    `SELECT coalesce(current_setting('crossdock.tenant_id', true), '') AS tenant, coalesce(current_setting('crossdock.scope', true), '') AS scope`);
  return row;
}

describe('a transaction of a tenant', () => {
  it('says whose it is, and the connection is nobody’s afterwards', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    expect(await tenants.transaction(one, settings)).toEqual({ tenant: one, scope: '' });
    expect(await tenants.transaction(other, settings)).toEqual({ tenant: other, scope: '' });
    expect(await tenants.queryOutsideTenants(`SELECT coalesce(current_setting('crossdock.tenant_id', true), '') AS tenant`, [])).toEqual([{ tenant: '' }]);
  });

  it('leaves nothing of work that failed, and tells nobody of it', async () => {
    const tenantId = randomUUID();
    let told = 0;
    const failing = tenants.transaction(tenantId, async (manager) => {
      afterCommit(manager, () => (told += 1));
      await write(manager, tenantId);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await standingOf(tenantId)).toEqual([]);
    await tenants.transaction(tenantId, async (manager) => {
      afterCommit(manager, () => (told += 1));
      await write(manager, tenantId);
    });
    expect([await standingOf(tenantId), told]).toEqual([[{ state: 'active' }], 1]);
  });

  it('is refused to what is no tenant’s id', async () => {
    await expect(tenants.transaction(`${randomUUID()}', true); SELECT 1; --`, settings)).rejects.toThrow('is not a tenant’s id');
  });
});

describe('the system scope', () => {
  it('holds for statements in one message, all or none of which have their effect, and not beyond them', async () => {
    const tenantId = randomUUID();
    const insert = `INSERT INTO tenant_standing (tenant_id, state, version) VALUES ('${tenantId}', 'active', 1)`;
    await expect(tenants.runInSystemScope(`${insert}; SELECT 1 / 0`)).rejects.toThrow('division by zero');
    expect(await standingOf(tenantId)).toEqual([]);
    expect(await tenants.runInSystemScope(`${insert} RETURNING state`)).toEqual([{ state: 'active' }]);
    expect(await tenants.queryOutsideTenants('SELECT state FROM tenant_standing WHERE tenant_id = $1', [tenantId])).toEqual([]);
  });

  it('begins with what it is to open with', async () => {
    const opened = await tenants.systemTransaction((manager) => manager.query<unknown[]>(`SELECT current_setting('synchronous_commit') AS commit`), 'SET LOCAL synchronous_commit = off');
    expect(opened).toEqual([{ commit: 'off' }]);
  });
});
