import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectionStore } from './connection-store.ts';
import { ConnectionsWorld } from './connections.fixture.ts';

let world: ConnectionsWorld;
let store: ConnectionStore;

beforeAll(async () => {
  world = await ConnectionsWorld.open();
  store = world.connections().store;
});
afterAll(() => world.close());

function disconnect(tenantId: string, id: string): Promise<unknown> {
  const { health } = world.connections();
  return world.database.transaction(tenantId, (manager) => health.move(manager, { id, tenantId, vendor: 'hubspot' }, 'disconnected'));
}

describe('connections', () => {
  it('are found by their tenant with everything they were made of', async () => {
    const tenantId = randomUUID();
    const made = await world.connect({
      tenantId, vendor: 'woocommerce', accountName: 'Shop', endpoint: 'https://shop.example.com', state: 'connecting', settings: { crm: { vendor: 'hubspot' } },
    });
    expect(made).toMatchObject({
      tenantId, vendor: 'woocommerce', accountName: 'Shop', endpoint: 'https://shop.example.com', state: 'connecting', settings: { crm: { vendor: 'hubspot' } },
    });
    expect(await store.find(tenantId, made.id)).toEqual(made);
    expect(await store.list(tenantId)).toEqual([made]);
  });

  it('keep the tenant’s own address sealed', async () => {
    const made = await world.connect({ endpoint: 'https://canary.example.com' });
    const rows = await world.admin.query<unknown[]>(
      `SELECT to_jsonb(connection) AS row, (SELECT jsonb_agg(to_jsonb(credential)) FROM connections.credential WHERE connection_id = connection.id) AS secrets
       FROM connections.connection WHERE id = $1`, [made.id]);
    expect(JSON.stringify(rows)).not.toContain('canary');
    expect(await new ConnectionStore(world.database).find(made.tenantId, made.id)).not.toHaveProperty('endpoint');
  });

  it('of another tenant are not found, listed or changed', async () => {
    const [made, stranger] = [await world.connect(), randomUUID()];
    expect(await store.find(stranger, made.id)).toBeUndefined();
    expect(await store.list(stranger)).toEqual([]);
    expect(await disconnect(stranger, made.id)).toBe(false);
    expect(await world.pool.query('SELECT * FROM connections.connection')).toEqual([]);
  });

  it('cannot be written for another tenant', async () => {
    await expect(world.database.transaction(randomUUID(), (manager) =>
      store.create(manager, { tenantId: randomUUID(), vendor: 'shippo', accountId: randomUUID() }))).rejects.toThrow(/row-level security/);
  });

  it('are found for a webhook by id and by account, before the tenant is known, until they are disconnected', async () => {
    const made = await world.connect();
    expect(await store.findForIngest(made.id)).toEqual(made);
    expect(await store.findByAccount('hubspot', made.accountId)).toEqual(made);
    expect(await store.findByAccount('shippo', made.accountId)).toBeUndefined();
    expect(await store.findForIngest(randomUUID())).toBeUndefined();
    await disconnect(made.tenantId, made.id);
    expect(await store.findForIngest(made.id)).toBeUndefined();
    expect(await store.findByAccount('hubspot', made.accountId)).toBeUndefined();
  });

  it('take an account that another tenant holds only after it was disconnected there', async () => {
    const first = await world.connect();
    await expect(world.connect({ accountId: first.accountId })).rejects.toMatchObject({ kind: 'conflict' });
    await disconnect(first.tenantId, first.id);
    const second = await world.connect({ accountId: first.accountId });
    expect((await store.findByAccount('hubspot', first.accountId))?.id).toBe(second.id);
  });
});
