import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from '../connection.ts';
import { aVaultKey, ConnectionsWorld } from '../connections.fixture.ts';
import type { KeyEncryption } from './key-encryption.ts';
import { VaultKeys } from './vault-keys.ts';

let world: ConnectionsWorld;

beforeAll(async () => {
  world = await ConnectionsWorld.open();
});
afterAll(() => world.close());

function put(connection: Connection, secret: string, keys: KeyEncryption = world.keys): Promise<void> {
  return world.database.transaction(connection.tenantId, (manager) => world.connections({ keys }).vault.put(manager, connection, 'api_token', secret));
}
const read = ({ tenantId, id }: Connection, keys: KeyEncryption = world.keys): Promise<string> => world.connections({ keys }).vault.read(tenantId, id, 'api_token');

/** Stands for a key management service: it knows its keys by handle, and keys never leave it. */
class RemoteKeys implements KeyEncryption {
  readonly currentKeyId = 'arn:example:key/1';
  readonly #key = randomBytes(32);
  calls = 0;

  async wrap(dataKey: Buffer, { tenantId, dataKeyId }: { tenantId: string; dataKeyId: string }) {
    this.calls += 1;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(tenantId + dataKeyId));
    return { wrappingKeyId: this.currentKeyId, wrapped: Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]) };
  }

  async unwrap({ wrappingKeyId, wrapped }: { wrappingKeyId: string; wrapped: Buffer }, { tenantId, dataKeyId }: { tenantId: string; dataKeyId: string }) {
    this.calls += 1;
    if (wrappingKeyId !== this.currentKeyId) throw new Failure('unexpected', 'No such key.');
    const decipher = createDecipheriv('aes-256-gcm', this.#key, wrapped.subarray(0, 12)).setAAD(Buffer.from(tenantId + dataKeyId));
    decipher.setAuthTag(wrapped.subarray(-16));
    return Buffer.concat([decipher.update(wrapped.subarray(12, -16)), decipher.final()]);
  }
}

describe('the vault', () => {
  it('gives back what was put last, to the tenant only', async () => {
    const made = await world.connect();
    for (const secret of ['first', 'second']) await put(made, secret);
    expect(await read(made)).toBe('second');
    await expect(world.connections().vault.read(randomUUID(), made.id, 'api_token')).rejects.toMatchObject({ kind: 'unauthorised' });
    await expect(world.connections().vault.read(made.tenantId, made.id, 'other')).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('lets work that was refused with old keys go on with those that took their place, and asks for nobody else’s sake', async () => {
    const made = await world.connect();
    await put(made, 'old');
    const shown: string[] = [];
    const call = async ([key = '']: readonly string[]): Promise<string> => {
      shown.push(key);
      if (key === 'old') {
        await put(made, 'new');
        throw new Failure('unauthorised', 'refused');
      }
      return 'done';
    };
    expect(await world.connections().vault.use(made, ['api_token'], call)).toBe('done');
    expect(shown).toEqual(['old', 'new']);
    await expect(world.connections().vault.use(made, ['api_token'], async () => {
      throw new Failure('unauthorised', 'refused for good');
    })).rejects.toThrow('refused for good');
  });

  it('does not open a row that was moved to another connection, field or tenant', async () => {
    const [one, two] = [await world.connect(), await world.connect()];
    const sibling = await world.connect({ tenantId: one.tenantId });
    await put(one, 'canary');
    for (const [target, field] of [[two, 'api_token'], [sibling, 'api_token'], [one, 'other_token']] as const) {
      await world.admin.query(
        `INSERT INTO connections.credential SELECT $1, $2, $3, data_key_id, nonce, ciphertext, expires_at, updated_at
         FROM connections.credential WHERE connection_id = $4 AND field = 'api_token'`, [target.id, target.tenantId, field, one.id]);
      await expect(world.connections().vault.read(target.tenantId, target.id, field)).rejects.toThrow(/does not open/);
    }
  });

  it('stores nothing readable, and each tenant’s secrets under a key of its own', async () => {
    const [one, two] = [await world.connect(), await world.connect()];
    await put(one, 'canary-secret');
    await put(two, 'canary-secret');
    const rows = await world.admin.query<Array<{ stored: string; key: string }>>(
      `SELECT encode(ciphertext, 'escape') AS stored, data_key_id AS key FROM connections.credential WHERE connection_id IN ($1, $2)`, [one.id, two.id]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(2);
    expect(JSON.stringify(rows)).not.toContain('canary');
  });

  it('makes one data key for a tenant whose first secrets are stored at the same time', async () => {
    const tenantId = randomUUID();
    const made = await Promise.all(Array.from({ length: 6 }, () => world.connect({ tenantId })));
    await Promise.all(made.map((connection) => put(connection, connection.id)));
    expect(await Promise.all(made.map((connection) => read(connection)))).toEqual(made.map(({ id }) => id));
    expect(await world.admin.query('SELECT 1 FROM connections.data_key WHERE tenant_id = $1', [tenantId])).toHaveLength(1);
  });

  it('asks only one connection for a person when its key is lost, and takes new secrets for it', async () => {
    const [lost, other] = [await world.connect(), await world.connect()];
    const old = VaultKeys.parse(aVaultKey('lost'));
    await put(lost, 'old secret', old);
    await put(other, 'other secret');
    await expect(read(lost)).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(await read(other)).toBe('other secret');
    await put(lost, 'new secret');
    expect(await read(lost)).toBe('new secret');
  });

  it('works with a key management service in place of local keys, and asks it once a data key', async () => {
    const made = await world.connect();
    const remote = new RemoteKeys();
    const { vault } = world.connections({ keys: remote });
    await world.database.transaction(made.tenantId, (manager) => vault.put(manager, made, 'api_token', 'kept'));
    for (let round = 0; round < 5; round += 1) expect(await vault.read(made.tenantId, made.id, 'api_token')).toBe('kept');
    expect(remote.calls).toBe(1);
    expect(await read(made, remote)).toBe('kept');
    await expect(read(made)).rejects.toMatchObject({ kind: 'unauthorised' });
  });
});
