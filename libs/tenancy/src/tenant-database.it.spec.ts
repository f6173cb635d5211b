import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import type { DataSource, EntityManager } from 'typeorm';
import { GatheredInserts, GatheredRows } from './gathered-rows.ts';
import { afterCommit, narrowToTenant, runLater, TenantDatabase, turnToTenant, writeGathered } from './tenant-database.ts';

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

  it('begins with its first statement, also where several come at once, and is nothing where none comes', async () => {
    const tenantId = randomUUID();
    expect(await tenants.transaction(tenantId, (manager) => Promise.all([settings(manager), settings(manager)]))).toEqual([{ tenant: tenantId, scope: '' }, { tenant: tenantId, scope: '' }]);
    let told = 0;
    await tenants.transaction(tenantId, async (manager) => afterCommit(manager, () => (told += 1)));
    expect(told).toBe(1);
    await expect(tenants.transaction(tenantId, async () => {
      throw new Error('no');
    })).rejects.toThrow('no');
  });

  it('tells what the first of several statements failed for, and keeps nothing of those after it', async () => {
    const tenantId = randomUUID();
    const failing = tenants.transaction(tenantId, (manager) => Promise.all([manager.query('SELECT 1 / 0'), write(manager, tenantId)]));
    await expect(failing).rejects.toThrow('division by zero');
    expect(await standingOf(tenantId)).toEqual([]);
    expect(await tenants.transaction(tenantId, settings)).toEqual({ tenant: tenantId, scope: '' });
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

  it('tells the database whom it has turned to before the next statement, of several that come at once as well', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await tenants.systemTransaction(async (manager) => {
      await turnToTenant(manager, one);
      await turnToTenant(manager, other);
      expect(await Promise.all([settings(manager), settings(manager)])).toEqual([{ tenant: other, scope: '' }, { tenant: other, scope: '' }]);
      expect(await narrowToTenant(manager, one, () => settings(manager))).toEqual({ tenant: one, scope: '' });
      expect(await settings(manager)).toEqual({ tenant: '', scope: 'system' });
      // A connection that is given back in the midst of this is nobody's afterwards.
      await turnToTenant(manager, one);
    });
    await expect(tenants.systemTransaction(async (manager) => {
      await manager.query('SELECT 1 FROM a_table_that_is_not_there').catch(() => undefined);
      await turnToTenant(manager, one);
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await tenants.queryOutsideTenants(`SELECT coalesce(current_setting('crossdock.tenant_id', true), '') AS tenant`, [])).toEqual([{ tenant: '' }]);
  });

  it('writes no row of a tenant that it has turned away from', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await expect(tenants.systemTransaction(async (manager) => {
      await turnToTenant(manager, one);
      await write(manager, one);
      await turnToTenant(manager, other);
      await write(manager, one);
    })).rejects.toThrow('row-level security');
    expect(await standingOf(one)).toEqual([]);
  });

  it('begins with what it is to open with', async () => {
    const opened = await tenants.systemTransaction((manager) => manager.query<unknown[]>(`SELECT current_setting('synchronous_commit') AS commit`), 'SET LOCAL synchronous_commit = local');
    expect(opened).toEqual([{ commit: 'local' }]);
  });
});

const insertStandings = `INSERT INTO tenant_standing (tenant_id, state, version) SELECT tenant_id, 'active', 1 FROM unnest($1::uuid[]) AS tenant_id`;

interface GatheredStandings {
  readonly rows: GatheredRows<string>;
  readonly written: string[][];
}

function standingsBeforeCommit(): GatheredStandings {
  const written: string[][] = [];
  const rows = new GatheredRows<string>(async (manager, tenantIds) => {
    written.push([...tenantIds]);
    await manager.query(insertStandings, [tenantIds]);
  });
  return { rows, written };
}

function standingsWithCommit(): GatheredStandings {
  const written: string[][] = [];
  const rows = new GatheredInserts<string>((_, tenantIds) => {
    written.push([...tenantIds]);
    return { text: insertStandings, values: [tenantIds] };
  });
  return { rows, written };
}

describe.each([['before the commit', standingsBeforeCommit], ['with the commit', standingsWithCommit]])('rows that a transaction gathers and writes %s', (_, newRows) => {
  it('are written together before it commits, those of all tenants that it turned to', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const { rows, written } = newRows();
    await tenants.systemTransaction(async (manager) => {
      for (const tenantId of [one, other]) {
        await turnToTenant(manager, tenantId);
        await rows.add(manager, tenantId, [tenantId]);
      }
      expect(written).toEqual([]);
    });
    expect(written).toEqual([[one, other]]);
    expect([await standingOf(one), await standingOf(other)]).toEqual([[{ state: 'active' }], [{ state: 'active' }]]);
  });

  it('are none of another tenant’s than the transaction is of', async () => {
    const { rows, written } = newRows();
    await expect(tenants.transaction(randomUUID(), (manager) => rows.add(manager, randomUUID(), ['']))).rejects.toThrow('no rows of another');
    expect(written).toEqual([]);
  });

  it('are written at once for who asks, of the tenant that the transaction is of, and the rest later', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const { rows, written } = newRows();
    await tenants.systemTransaction(async (manager) => {
      await turnToTenant(manager, one);
      await rows.add(manager, one, [one]);
      await turnToTenant(manager, other);
      await rows.add(manager, other, [other]);
      await rows.writeNow(manager);
      expect(written).toEqual([[other]]);
    });
    expect(written).toEqual([[other], [one]]);
  });

  it('fail the transaction where they cannot be written, and go with one that fails', async () => {
    const tenantId = randomUUID();
    const { rows, written } = newRows();
    let told = 0;
    await expect(tenants.transaction(tenantId, async (manager) => {
      afterCommit(manager, () => (told += 1));
      await rows.add(manager, tenantId, [tenantId, tenantId]);
    })).rejects.toThrow('duplicate key');
    await expect(tenants.transaction(tenantId, async (manager) => {
      await rows.add(manager, tenantId, [tenantId]);
      throw new Error('no');
    })).rejects.toThrow('no');
    expect({ told, written }).toEqual({ told: 0, written: [[tenantId, tenantId]] });
    expect(await standingOf(tenantId)).toEqual([]);
  });

});

describe('rows that a transaction gathers', () => {
  it('are all written, those as well that come with the writing of others', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const { rows, written } = standingsBeforeCommit();
    const causes = new GatheredRows<string>(async (manager, tenantIds) => {
      for (const tenantId of tenantIds) await rows.add(manager, tenantId, [tenantId]);
    });
    await tenants.systemTransaction(async (manager) => {
      await rows.add(manager, first, [first]);
      await causes.add(manager, second, [second]);
    });
    expect(written).toEqual([[first], [second]]);
  });

  it('are held in memory up to a bound', async () => {
    const tenantId = randomUUID();
    const sizes: number[] = [];
    const rows = new GatheredRows<number>(async (_, some) => {
      sizes.push(some.length);
    });
    await tenants.transaction(tenantId, async (manager) => {
      for (let row = 0; row < 1_100; row += 1) await rows.add(manager, tenantId, [row]);
    });
    expect(sizes).toEqual([500, 500, 100]);
  });

  it('are written with the commit by one statement, those as well that come with the writing of others', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const { rows, written } = standingsWithCommit();
    const causes = new GatheredRows<string>(async (manager, tenantIds) => {
      for (const tenantId of tenantIds) await rows.add(manager, tenantId, [tenantId]);
    });
    await tenants.systemTransaction(async (manager) => {
      await rows.add(manager, first, [first]);
      await causes.add(manager, second, [second]);
    });
    expect(written).toEqual([[first, second]]);
    expect([await standingOf(first), await standingOf(second)]).toEqual([[{ state: 'active' }], [{ state: 'active' }]]);
  });

  it('are written at once for work that is to see all of them, of whom the transaction is of afterwards as well', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    const [before, withCommit] = [standingsBeforeCommit(), standingsWithCommit()];
    await tenants.systemTransaction(async (manager) => {
      await turnToTenant(manager, one);
      await before.rows.add(manager, one, [one]);
      await turnToTenant(manager, other);
      await withCommit.rows.add(manager, other, [other]);
      await writeGathered(manager);
      expect(await settings(manager)).toEqual({ tenant: other, scope: '' });
      await manager.query('DELETE FROM tenant_standing WHERE tenant_id = $1', [other]);
    });
    expect([before.written, withCommit.written]).toEqual([[[one]], [[other]]]);
    expect([await standingOf(one), await standingOf(other)]).toEqual([[{ state: 'active' }], []]);
  });

  it('leave nothing where one of the statements sent with the commit fails, whatever was done before and is sent after it', async () => {
    const [before, early, twice, late] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const [earlyRows, failingRows, lateRows] = [standingsWithCommit(), standingsWithCommit(), standingsWithCommit()];
    let told = 0;
    await expect(tenants.systemTransaction(async (manager) => {
      afterCommit(manager, () => (told += 1));
      await narrowToTenant(manager, before, () => write(manager, before));
      await earlyRows.rows.add(manager, early, [early]);
      await failingRows.rows.add(manager, twice, [twice, twice]);
      await lateRows.rows.add(manager, late, [late]);
    })).rejects.toThrow('duplicate key');
    expect(lateRows.written).toEqual([[late]]);
    for (const tenantId of [before, early, twice, late]) expect(await standingOf(tenantId)).toEqual([]);
    expect(told).toBe(0);
    expect(await tenants.queryOutsideTenants(`SELECT coalesce(current_setting('crossdock.scope', true), '') AS scope`, [])).toEqual([{ scope: '' }]);
  });

  it('leave nothing where the commit itself fails', async () => {
    await admin.query('CREATE TABLE deferred (id int UNIQUE DEFERRABLE INITIALLY DEFERRED)');
    await admin.query('GRANT SELECT, INSERT ON deferred TO PUBLIC');
    const rows = new GatheredInserts<number>((_, ids) => ({ text: 'INSERT INTO deferred SELECT unnest($1::int[])', values: [ids.map(String)] }));
    const tenantId = randomUUID();
    await expect(tenants.transaction(tenantId, (manager) => rows.add(manager, tenantId, [1, 1]))).rejects.toThrow('duplicate key');
    expect(await admin.query<unknown[]>('SELECT id FROM deferred')).toEqual([]);
  });
});

describe('a statement that is run later', () => {
  const standing = (tenantId: string): { text: string; values: string[] } => ({
    text: `INSERT INTO tenant_standing (tenant_id, state, version) VALUES ($1, 'active', 1)`, values: [tenantId],
  });

  it('runs for whom the transaction was of, is seen by the next one, and commits with it', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await tenants.systemTransaction(async (manager) => {
      for (const tenantId of [one, other]) {
        await turnToTenant(manager, tenantId);
        runLater(manager, standing(tenantId));
      }
      expect(await manager.query<unknown[]>('SELECT tenant_id AS id FROM tenant_standing')).toEqual([{ id: other }]);
    });
    expect([await standingOf(one), await standingOf(other)]).toEqual([[{ state: 'active' }], [{ state: 'active' }]]);
  });

  it('runs with the commit where no other follows', async () => {
    const tenantId = randomUUID();
    await tenants.transaction(tenantId, async (manager) => runLater(manager, standing(tenantId)));
    expect(await standingOf(tenantId)).toEqual([{ state: 'active' }]);
  });

  it('may write no row of another tenant, and fails the transaction then', async () => {
    const [one, other] = [randomUUID(), randomUUID()];
    await expect(tenants.systemTransaction(async (manager) => {
      await turnToTenant(manager, one);
      runLater(manager, standing(one));
      runLater(manager, standing(other));
      await turnToTenant(manager, other);
    })).rejects.toThrow('row-level security');
    expect([await standingOf(one), await standingOf(other)]).toEqual([[], []]);
  });

  it('tells what it failed for to the statement after it, and is not run where the work fails', async () => {
    const tenantId = randomUUID();
    await expect(tenants.transaction(tenantId, async (manager) => {
      runLater(manager, standing(tenantId));
      runLater(manager, standing(tenantId));
      await settings(manager);
    })).rejects.toThrow('duplicate key');
    await expect(tenants.transaction(tenantId, async (manager) => {
      runLater(manager, standing(tenantId));
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await standingOf(tenantId)).toEqual([]);
  });
});
