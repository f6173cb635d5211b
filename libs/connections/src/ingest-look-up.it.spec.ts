import { randomBytes, randomUUID } from 'node:crypto';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { ConnectionStore } from './connection-store.ts';
import { connectionsSchema } from './connections-schema.ts';
import { IngestLookUp } from './ingest-look-up.ts';
import { CredentialVault } from './vault/credential-vault.ts';
import { VaultKeys } from './vault/vault-keys.ts';

let database: TestDatabase;
let dataSource: DataSource;
let tenants: TenantDatabase;
let vault: CredentialVault;
let store: ConnectionStore;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await database.connect(await database.migrateService('gateway', [connectionsSchema]), 'connections');
  tenants = new TenantDatabase(dataSource);
  vault = new CredentialVault(tenants, VaultKeys.parse(`test:${randomBytes(32).toString('base64')}`));
  store = new ConnectionStore(tenants);
});

afterAll(() => database.drop());

async function connect(secrets: Record<string, Date | undefined> = {}): Promise<{ tenantId: string; id: string }> {
  const owner = { tenantId: randomUUID(), id: randomUUID() };
  await tenants.transaction(owner.tenantId, async (manager) => {
    await store.create(manager, { ...owner, vendor: 'woocommerce', accountId: owner.id, settings: { a: 1 } });
    for (const [field, expiresAt] of Object.entries(secrets)) await vault.put(manager, owner, field, `${field} of ${owner.id}`, expiresAt);
  });
  return owner;
}

const find = (id: string, fields = ['one', 'two'], keys = vault) => new IngestLookUp(tenants, keys).find(id, fields);

describe('the look-up of a connection for a webhook', () => {
  it('finds what the store finds, with the secrets that were asked for and hold', async () => {
    const { tenantId, id } = await connect({ one: undefined, two: new Date(Date.now() - 1), three: undefined });
    const found = await find(id);
    expect(found?.connection).toEqual(await store.findForIngest(id));
    expect(found?.connection.tenantId).toBe(tenantId);
    expect([...found?.secrets ?? []]).toEqual([['one', `one of ${id}`]]);
  });

  it('finds a connection that has no secret, and none that is unknown or disconnected', async () => {
    const { tenantId, id } = await connect();
    expect((await find(id))?.secrets.size).toBe(0);
    expect(await find(randomUUID())).toBeUndefined();
    await tenants.transaction(tenantId, (manager) => manager.query(`UPDATE connections.connection SET state = 'disconnected' WHERE id = $1`, [id]));
    expect(await find(id)).toBeUndefined();
  });

  it('leaves neither a tenant nor the system scope behind on the database connection', async () => {
    const { id } = await connect({ one: undefined });
    for (const wanted of [id, randomUUID()]) {
      await find(wanted);
      expect(await dataSource.query(`SELECT current_setting('crossdock.scope', true) IN ('system') AS system, coalesce(current_setting('crossdock.tenant_id', true), '') AS tenant`))
        .toEqual([{ system: false, tenant: '' }]);
      expect(await dataSource.query('SELECT 1 FROM connections.credential')).toEqual([]);
    }
  });

  it('says so where a secret does not open', async () => {
    const { id } = await connect({ one: undefined });
    const other = new CredentialVault(tenants, VaultKeys.parse(`other:${randomBytes(32).toString('base64')}`));
    await expect(find(id, ['one'], other)).rejects.toMatchObject({ kind: 'unauthorised' });
  });
});
