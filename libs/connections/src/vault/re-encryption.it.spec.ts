import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from '../connection.ts';
import { aVaultKey, ConnectionsWorld } from '../connections.fixture.ts';
import { ReEncryption } from './re-encryption.ts';
import { VaultKeys } from './vault-keys.ts';

let world: ConnectionsWorld;

beforeAll(async () => {
  world = await ConnectionsWorld.open();
});
afterAll(() => world.close());

/** The world's key with a new one before it, and the new one alone. */
function rotated(): { readonly both: VaultKeys; readonly newOnly: VaultKeys } {
  const entry = aVaultKey(`k-${randomUUID()}`);
  return { both: VaultKeys.parse(`${entry},${world.vaultKeys}`), newOnly: VaultKeys.parse(entry) };
}

async function tenantWithSecrets(count: number): Promise<Connection> {
  const connection = await world.connect();
  await world.database.transaction(connection.tenantId, async (manager) => {
    for (let index = 0; index < count; index += 1) await world.connections().vault.put(manager, connection, `field_${index}`, `secret ${index}`);
  });
  return connection;
}

const readAll = (connection: Connection, keys: VaultKeys) =>
  world.database.transaction(connection.tenantId, (manager) => world.connections({ keys }).vault.findAll(manager, connection));
const secrets = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`field_${index}`, `secret ${index}`]));

describe('secrets after a change of the vault key', () => {
  it('are sealed anew for every tenant, and open without the old key', async () => {
    const { both, newOnly } = rotated();
    const tenants = [await tenantWithSecrets(3), await tenantWithSecrets(1)];
    await expect(readAll(tenants[0] ?? (await world.connect()), newOnly)).rejects.toMatchObject({ kind: 'unauthorised' });
    const work = new ReEncryption(world.database, both);
    const found = await work.findTenants(1_000);
    expect(found).toEqual(expect.arrayContaining(tenants.map(({ tenantId }) => tenantId)));
    const results = [];
    for (const { tenantId } of tenants) results.push(await work.reseal(tenantId, AbortSignal.timeout(30_000)));
    expect(results).toEqual([{ resealed: 3, unreadable: 0 }, { resealed: 1, unreadable: 0 }]);
    expect(await readAll(tenants[0] ?? (await world.connect()), newOnly)).toEqual(secrets(3));
    expect(await work.reseal(tenants[0]?.tenantId ?? '', AbortSignal.timeout(30_000))).toEqual({ resealed: 0, unreadable: 0 });
  });

  it('are read and written without a fault while they are sealed anew', async () => {
    const { both, newOnly } = rotated();
    const connection = await tenantWithSecrets(120);
    const work = new ReEncryption(world.database, both);
    let isDone = false;
    const readers = Array.from({ length: 3 }, async () => {
      let reads = 0;
      while (!isDone) {
        expect(Object.keys(await readAll(connection, both))).toHaveLength(120);
        reads += 1;
      }
      return reads;
    });
    // A process that has not got the new key yet goes on with the old one.
    const writer = (async () => {
      for (let index = 0; index < 20; index += 1) {
        await world.database.transaction(connection.tenantId, (manager) =>
          world.connections({ keys: both }).vault.put(manager, connection, `field_${index}`, `secret ${index}`));
      }
    })();
    await work.reseal(connection.tenantId, AbortSignal.timeout(30_000));
    isDone = true;
    for (const reads of await Promise.all(readers)) expect(reads).toBeGreaterThan(0);
    await writer;
    await work.reseal(connection.tenantId, AbortSignal.timeout(30_000));
    expect(await readAll(connection, newOnly)).toEqual(secrets(120));
  });

  it('all open when the work is cut off half-way, and the next run ends it', async () => {
    const { both, newOnly } = rotated();
    const connection = await tenantWithSecrets(120);
    const work = new ReEncryption(world.database, both);
    let looks = 0;
    const cutOff = { throwIfAborted: () => { if (++looks > 2) throw new Error('cut off'); } } as AbortSignal;
    await expect(work.reseal(connection.tenantId, cutOff)).rejects.toThrow('cut off');
    expect(await readAll(connection, both)).toEqual(secrets(120));
    expect(await work.reseal(connection.tenantId, AbortSignal.timeout(30_000))).toEqual({ resealed: 20, unreadable: 0 });
    expect(await readAll(connection, newOnly)).toEqual(secrets(120));
  });

  it('that do not open are left as they are and hold nothing up', async () => {
    const { both } = rotated();
    const connection = await tenantWithSecrets(3);
    await world.admin.query(`UPDATE connections.credential SET ciphertext = '\\x00' WHERE connection_id = $1 AND field = 'field_1'`, [connection.id]);
    expect(await new ReEncryption(world.database, both).reseal(connection.tenantId, AbortSignal.timeout(30_000))).toEqual({ resealed: 2, unreadable: 1 });
  });
});
