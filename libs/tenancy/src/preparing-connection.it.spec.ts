import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import type { DataSource, EntityManager } from 'typeorm';
import { plannedEachTime, plannedForAnyLength } from './preparing-connection.ts';
import { TenantDatabase } from './tenant-database.ts';

let database: TestDatabase;
let admin: DataSource;
let url: string;
let tenants: TenantDatabase;
const tenantId = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
  url = await database.migrateService('orders', [{ name: 'orders', migrations: [] }]);
  admin = await database.connectAsAdmin('orders');
});
// Connections that have prepared nothing.
beforeEach(async () => {
  tenants = new TenantDatabase(await database.connect(url, 'orders'));
});
afterAll(() => database.drop());

async function preparedOf(manager: EntityManager): Promise<string[]> {
  return (await manager.query<Array<{ statement: string }>>('SELECT statement FROM pg_prepared_statements')).map(({ statement }) => statement);
}

async function repeat(manager: EntityManager, times: number, statement: string): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (let time = 1; time <= times; time += 1) answers.push(...await manager.query<unknown[]>(statement, [time]));
  return answers;
}

describe('a connection of transactions', () => {
  it('prepares a statement that comes again, also for the next transaction, and answers as before', async () => {
    const statement = 'SELECT $1::int AS number';
    await tenants.transaction(tenantId, async (manager) => {
      expect(await repeat(manager, 2, statement)).toEqual([{ number: 1 }, { number: 2 }]);
      expect(await preparedOf(manager)).toEqual([]);
    });
    await tenants.transaction(tenantId, async (manager) => {
      expect(await repeat(manager, 8, statement)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((number) => ({ number })));
      expect(await preparedOf(manager)).toEqual([statement]);
    });
  });

  it('tells how many rows a prepared statement changed', async () => {
    await tenants.transaction(tenantId, async (manager) => {
      await manager.query(`INSERT INTO tenant_standing (tenant_id, state, version) VALUES ($1, 'active', 1)`, [tenantId]);
      for (let version = 2; version <= 6; version += 1) {
        expect(await manager.query('UPDATE tenant_standing SET version = $1 WHERE tenant_id = $2 RETURNING version::int', [version, tenantId])).toEqual([[{ version }], 1]);
      }
    });
  });

  it('has a statement planned once whose list the database does not see when it plans, and each time where it does', async () => {
    const among = (list: string): string => `SELECT tenant_id FROM tenant_standing WHERE tenant_id = ANY (${list})`;
    const [seen, unseen] = [among('$1::uuid[]'), among(plannedForAnyLength('$1', 'uuid[]'))];
    await tenants.transaction(tenantId, async (manager) => {
      for (let time = 1; time <= 12; time += 1) for (const statement of [seen, unseen]) await manager.query(statement, [[tenantId]]);
      expect(await manager.query('SELECT statement, generic_plans > 0 AS "isKept" FROM pg_prepared_statements ORDER BY length(statement)')).toEqual([
        { statement: seen, isKept: false }, { statement: unseen, isKept: true },
      ]);
    });
  });

  it('leaves a statement alone that is planned each time', async () => {
    await tenants.transaction(tenantId, async (manager) => {
      await repeat(manager, 5, `${plannedEachTime} SELECT $1::int AS number`);
      expect(await preparedOf(manager)).toEqual([]);
    });
  });

  it('prepares no more statements than PostgreSQL should keep', async () => {
    await tenants.transaction(tenantId, async (manager) => {
      for (let number = 0; number < 300; number += 1) await repeat(manager, 3, `SELECT $1::int AS number_${number}`);
      expect(await preparedOf(manager)).toHaveLength(250);
      expect(await repeat(manager, 1, 'SELECT $1::int AS number_299')).toEqual([{ number_299: 1 }]);
    });
  });

  it('prepares a statement anew where its table has other columns than before', async () => {
    await admin.query('CREATE TABLE shape (one int)');
    await admin.query('GRANT SELECT ON shape TO PUBLIC');
    await admin.query('INSERT INTO shape VALUES (1)');
    const read = (): Promise<unknown[]> => tenants.transaction(tenantId, (manager) => manager.query<unknown[]>('SELECT * FROM shape WHERE one = $1', [1]));
    for (let time = 1; time <= 4; time += 1) expect(await read()).toEqual([{ one: 1 }]);
    await admin.query('ALTER TABLE shape ADD COLUMN two int');
    await expect(read()).rejects.toThrow('cached plan must not change result type');
    expect(await read()).toEqual([{ one: 1, two: null }]);
  });
});
