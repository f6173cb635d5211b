import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Failure } from '@crossdock/contracts';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, eventually, type TestDatabase } from '@crossdock/test-stack';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { AccessTokens } from './access-tokens.ts';
import type { TokenSet, VendorAuthorisation } from './authorisation/vendor-authorisation.ts';
import type { Connection } from './connection.ts';
import { ConnectionStore } from './connection-store.ts';
import { connectionsSchema } from './connections-schema.ts';
import { CredentialVault } from './credential-vault.ts';
import { VaultKeys } from './vault-keys.ts';

const keys = VaultKeys.parse(`k1:${randomBytes(32).toString('base64')}`);

let testDatabase: TestDatabase;
let admin: DataSource;
let pool: DataSource;
let database: TenantDatabase;
let store: ConnectionStore;
let vault: CredentialVault;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  const url = await testDatabase.migrateService('gateway', [connectionsSchema]);
  pool = await testDatabase.connect(url, 'public');
  admin = await testDatabase.connectAsAdmin('connections');
  database = new TenantDatabase(pool);
  store = new ConnectionStore(database);
  vault = new CredentialVault(database, keys);
});

afterAll(() => testDatabase.drop());

function connect(tenantId: string, more: { accountId?: string; state?: Connection['state'] } = {}): Promise<Connection> {
  return database.transaction(tenantId, (manager) =>
    store.create(manager, { tenantId, vendor: 'hubspot', accountId: randomUUID(), state: 'healthy', ...more }));
}

describe('connections', () => {
  it('are found by their tenant with everything they were made of', async () => {
    const tenantId = randomUUID();
    const made = await database.transaction(tenantId, (manager) => store.create(manager, {
      tenantId, vendor: 'woocommerce', accountId: `https://${tenantId}.example/`, settings: { crm: { vendor: 'hubspot' } },
    }));
    expect(made).toMatchObject({ tenantId, vendor: 'woocommerce', state: 'connecting', settings: { crm: { vendor: 'hubspot' } } });
    expect(await store.find(tenantId, made.id)).toEqual(made);
    expect(await store.list(tenantId)).toEqual([made]);
  });

  it('of another tenant are not found, listed or changed', async () => {
    const [owner, stranger] = [randomUUID(), randomUUID()];
    const made = await connect(owner);
    expect(await store.find(stranger, made.id)).toBeUndefined();
    expect(await store.list(stranger)).toEqual([]);
    expect(await database.transaction(stranger, (manager) => store.setState(manager, made.id, 'disconnected'))).toBe(false);
    expect(await pool.query('SELECT * FROM connections.connection')).toEqual([]);
  });

  it('cannot be written for another tenant', async () => {
    await expect(database.transaction(randomUUID(), (manager) =>
      store.create(manager, { tenantId: randomUUID(), vendor: 'shippo', accountId: randomUUID() }))).rejects.toThrow(/row-level security/);
  });

  it('are found for a webhook by id and by account, before the tenant is known, until they are disconnected', async () => {
    const made = await connect(randomUUID());
    expect(await store.findForIngest(made.id)).toEqual(made);
    expect(await store.findByAccount('hubspot', made.accountId)).toEqual(made);
    expect(await store.findByAccount('shippo', made.accountId)).toBeUndefined();
    expect(await store.findForIngest(randomUUID())).toBeUndefined();
    await database.transaction(made.tenantId, (manager) => store.setState(manager, made.id, 'disconnected'));
    expect(await store.findForIngest(made.id)).toBeUndefined();
    expect(await store.findByAccount('hubspot', made.accountId)).toBeUndefined();
  });

  it('take an account that another tenant holds only after it was disconnected there', async () => {
    const first = await connect(randomUUID());
    await expect(connect(randomUUID(), { accountId: first.accountId })).rejects.toMatchObject({ kind: 'conflict' });
    await database.transaction(first.tenantId, (manager) => store.setState(manager, first.id, 'disconnected'));
    const second = await connect(randomUUID(), { accountId: first.accountId });
    expect((await store.findByAccount('hubspot', first.accountId))?.id).toBe(second.id);
  });

  it('tell since when and why they are in a state; the same state again keeps the time', async () => {
    const made = await connect(randomUUID());
    const move = (reason: string) => database.transaction(made.tenantId, (manager) =>
      store.setState(manager, made.id, 'degraded', reason));
    expect(await move('one')).toBe(true);
    const before = await store.find(made.tenantId, made.id);
    expect(await move('two')).toBe(false);
    expect(await store.find(made.tenantId, made.id)).toEqual({ ...before, stateReason: 'two' });
  });
});

describe('the vault', () => {
  it('gives back what was put last, to the tenant only', async () => {
    const made = await connect(randomUUID());
    for (const secret of ['first', 'second']) {
      await database.transaction(made.tenantId, (manager) => vault.put(manager, made, 'api_token', secret));
    }
    expect(await vault.read(made.tenantId, made.id, 'api_token')).toBe('second');
    await expect(vault.read(randomUUID(), made.id, 'api_token')).rejects.toMatchObject({ kind: 'unauthorised' });
    await expect(vault.read(made.tenantId, made.id, 'other')).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('does not open a row that was moved to another connection', async () => {
    const [one, two] = [await connect(randomUUID()), await connect(randomUUID())];
    await database.transaction(one.tenantId, (manager) => vault.put(manager, one, 'api_token', 'canary'));
    await admin.query(
      `INSERT INTO connections.credential SELECT $1, $2, field, key_id, nonce, ciphertext, expires_at, updated_at
       FROM connections.credential WHERE connection_id = $3`, [two.id, two.tenantId, one.id]);
    await expect(vault.read(two.tenantId, two.id, 'api_token')).rejects.toThrow(/does not open/);
  });

  it('stores nothing readable', async () => {
    const made = await connect(randomUUID());
    await database.transaction(made.tenantId, (manager) => vault.put(manager, made, 'api_token', 'canary-secret'));
    const rows = await admin.query<unknown[]>(
      `SELECT encode(ciphertext, 'escape') AS stored FROM connections.credential WHERE connection_id = $1`, [made.id]);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('canary');
  });
});

describe('access tokens', () => {
  let nowMs: number;
  let calls: string[];
  let answer: (refreshToken: string) => Promise<TokenSet>;
  const refresher: Pick<VendorAuthorisation, 'refresh'> = {
    refresh: (_connection, refreshToken = 'none') => {
      calls.push(refreshToken);
      return answer(refreshToken);
    },
  };

  /** As another process would hold it: nothing shared but the database. */
  const replica = () => new AccessTokens({
    database, store, vault, refreshers: { hubspot: refresher }, metrics: new Registry(), now: () => nowMs,
  });

  async function authorised(tokens: TokenSet): Promise<Connection> {
    const made = await connect(randomUUID());
    await database.transaction(made.tenantId, (manager) => replica().keep(manager, made, tokens));
    return made;
  }

  /** Resolves once so many sessions of this test's database stand before a locked row. */
  async function othersWaitForTheLock(sessions: number): Promise<void> {
    await eventually(`${sessions} sessions waiting for the lock`, async () => {
      const [row] = await admin.query<Array<{ count: number }>>(
        `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      return row !== undefined && row.count >= sessions;
    });
  }

  beforeEach(() => {
    nowMs = Date.now();
    calls = [];
    // Each refresh token works once, as at vendors that rotate them.
    answer = async (refreshToken) => ({
      accessToken: `access after ${refreshToken}`, refreshToken: `${refreshToken}+`, expiresInSeconds: 1_800,
    });
  });

  it('are given without a refresh while they are valid', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r', expiresInSeconds: 1_800 });
    expect(await replica().get(connection)).toBe('a');
    expect(calls).toEqual([]);
  });

  it('are refreshed shortly before they run out, and the rotated refresh token is used next', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r', expiresInSeconds: 1_800 });
    nowMs += 1_700_000;
    expect(await replica().get(connection)).toBe('access after r');
    nowMs += 1_700_000;
    expect(await replica().get(connection)).toBe('access after r+');
    expect(calls).toEqual(['r', 'r+']);
  });

  it('are refreshed once, however many callers in however many processes ask at the same time', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r', expiresInSeconds: 1_800 });
    nowMs += 1_800_000;
    const inner = answer;
    const allAsked = Promise.withResolvers<undefined>();
    answer = async (refreshToken) => { await allAsked.promise; return inner(refreshToken); };
    const asked = [replica(), replica(), replica()].flatMap((process) => Array.from({ length: 17 }, () => process.get(connection)));
    await othersWaitForTheLock(2);
    allAsked.resolve(undefined);
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['access after r']));
    expect(calls).toEqual(['r']);
  });

  it('make a caller come again later when another process waits for the token endpoint for very long', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r' });
    const slow = Promise.withResolvers<TokenSet>();
    answer = () => slow.promise;
    const first = replica().refreshAfter401(connection, 'a');
    await eventually('the first refresh to hold the lock', () => calls.length === 1);
    const impatient = new AccessTokens({
      database, store, vault, refreshers: { hubspot: refresher }, metrics: new Registry(), lockWaitMs: 50,
    });
    await expect(impatient.refreshAfter401(connection, 'a')).rejects.toMatchObject({ kind: 'transient' });
    slow.resolve({ accessToken: 'b' });
    expect(await first).toBe('b');
    expect(await impatient.refreshAfter401(connection, 'a')).toBe('b');
    expect(calls).toEqual(['r']);
  });

  it('are refreshed once after several callers were refused with the same token', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r' });
    const [one, two] = [replica(), replica()];
    const given = await Promise.all([one.refreshAfter401(connection, 'a'), two.refreshAfter401(connection, 'a'), one.refreshAfter401(connection, 'a')]);
    expect(given).toEqual(Array(3).fill('access after r'));
    expect(calls).toEqual(['r']);
  });

  it('ask for a person when the vendor refuses the refresh token, and do not knock again', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r' });
    answer = async () => { throw new Failure('unauthorised', 'invalid_grant'); };
    await expect(replica().refreshAfter401(connection, 'a')).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(await store.find(connection.tenantId, connection.id)).toMatchObject({
      state: 'needs_reconnect', stateReason: expect.stringContaining('connect the account again'),
    });
    await expect(replica().refreshAfter401(connection, 'a')).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(calls).toEqual(['r']);
  });

  it('work again after the account was reconnected, under the same connection', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r' });
    answer = async () => { throw new Failure('unauthorised', 'invalid_grant'); };
    await expect(replica().refreshAfter401(connection, 'a')).rejects.toThrow();
    await database.transaction(connection.tenantId, async (manager) => {
      await replica().keep(manager, connection, { accessToken: 'new', refreshToken: 'new r', expiresInSeconds: 1_800 });
      await store.setState(manager, connection.id, 'healthy');
    });
    expect(await replica().get(connection)).toBe('new');
  });

  it('outlive a token endpoint that is away, flag nobody, and fail as transient once they have run out', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r', expiresInSeconds: 1_800 });
    answer = async () => { throw new Failure('transient', 'away'); };
    nowMs += 1_750_000;
    expect(await replica().get(connection)).toBe('a');
    nowMs += 50_000;
    await expect(replica().get(connection)).rejects.toMatchObject({ kind: 'transient' });
    expect(await store.find(connection.tenantId, connection.id)).toMatchObject({ state: 'healthy' });
    answer = async () => ({ accessToken: 'back', expiresInSeconds: 1_800 });
    expect(await replica().get(connection)).toBe('back');
    expect(calls).toEqual(['r', 'r', 'r']);
  });
});
