import { Failure } from '@crossdock/contracts';
import { TenantDatabase } from '@crossdock/tenancy';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import type { TokenSet } from '../authorisation/token-set.ts';
import type { Connection } from '../connection.ts';
import { aVaultKey, ConnectionsWorld } from '../connections.fixture.ts';
import { VaultKeys } from '../vault/vault-keys.ts';
import { AccessTokens, type AccessTokensOptions } from './access-tokens.ts';

let world: ConnectionsWorld;
let nowMs: number;
let calls: string[];
let answer: (refreshToken: string) => Promise<TokenSet>;

beforeAll(async () => {
  world = await ConnectionsWorld.open();
});
afterAll(() => world.close());

beforeEach(() => {
  nowMs = Date.now();
  calls = [];
  // Each refresh token works once, as at vendors that rotate them.
  answer = async (refreshToken) => ({
    accessToken: `access after ${refreshToken}`, refreshToken: `${refreshToken}+`, expiresInSeconds: 1_800,
  });
});

/** As another process would hold it: nothing shared but the database. */
function replica(more: Partial<AccessTokensOptions> = {}): AccessTokens {
  const { store, vault, health } = world.connections();
  const refresh = (_connection: Connection, refreshToken = 'none'): Promise<TokenSet> => {
    calls.push(refreshToken);
    return answer(refreshToken);
  };
  return new AccessTokens({
    database: world.database, store, vault, health, refreshers: { hubspot: { refresh } }, metrics: new Registry(), now: () => nowMs, ...more,
  });
}

async function authorised(tokens: TokenSet): Promise<Connection> {
  const made = await world.connect();
  await keep(made, tokens);
  return made;
}

const keep = (connection: Connection, tokens: TokenSet): Promise<void> =>
  world.database.transaction(connection.tenantId, (manager) => replica().keep(manager, connection, tokens));
const present = ({ tenantId, id }: Connection): Promise<Connection | undefined> => world.connections().store.find(tenantId, id);

describe('access tokens', () => {
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

  it('come to the time of their renewal well before they run out, and not all at the same moment', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, () => authorised({ accessToken: 'a', refreshToken: 'r', expiresInSeconds: 1_000 })));
    const rows = await world.admin.query<Array<{ at: Date }>>('SELECT renew_at AS at FROM connections.connection WHERE id = ANY($1)', [made.map(({ id }) => id)]);
    const afterMs = rows.map(({ at }) => at.getTime() - nowMs);
    expect(Math.min(...afterMs)).toBeGreaterThanOrEqual(600_000);
    expect(Math.max(...afterMs)).toBeLessThanOrEqual(800_000);
    expect(new Set(afterMs).size).toBeGreaterThan(6);
  });

  it('are refreshed once, however many callers in however many replicas ask at the same time, and however slow the vendor is', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r', expiresInSeconds: 1_800 });
    nowMs += 1_800_000;
    const inner = answer;
    const allAsked = Promise.withResolvers<undefined>();
    answer = async (refreshToken) => { await allAsked.promise; return inner(refreshToken); };
    const asked = [replica(), replica(), replica()].flatMap((process) => Array.from({ length: 17 }, () => process.get(connection)));
    await eventually('the first replica to ask the vendor', () => calls.length === 1);
    allAsked.resolve(undefined);
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['access after r']));
    expect(calls).toEqual(['r']);
  });

  it('hold no transaction open while the vendor is asked', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r' });
    const slow = Promise.withResolvers<TokenSet>();
    answer = () => slow.promise;
    const renewal = replica().refreshAfter401(connection, 'a');
    await eventually('the vendor to be asked', () => calls.length === 1);
    await eventually('no transaction to be open', async () => {
      const open = await world.admin.query<unknown[]>(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`);
      return open.length === 0;
    });
    slow.resolve({ accessToken: 'b' });
    expect(await renewal).toBe('b');
  });

  it('make a caller come again later when another process waits for the token endpoint for very long', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r' });
    const slow = Promise.withResolvers<TokenSet>();
    answer = () => slow.promise;
    const first = replica().refreshAfter401(connection, 'a');
    await eventually('the first refresh to be under way', () => calls.length === 1);
    const impatient = replica({ waitMs: 50 });
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

  it('ask for a person when the vendor refuses the refresh token, say so once, and do not knock again', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r' });
    answer = async () => { throw new Failure('unauthorised', 'invalid_grant'); };
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(replica().refreshAfter401(connection, 'a')).rejects.toMatchObject({ kind: 'unauthorised' });
    }
    expect(await present(connection)).toMatchObject({
      state: 'needs_reconnect', stateCode: 'authorisation_refused', stateReason: expect.stringContaining('connect the account again'),
    });
    expect(await world.saidOf(connection.id)).toMatchObject([{ type: 'connection.health.changed.v1', data: { state: 'needs_reconnect' } }]);
    expect(calls).toEqual(['r']);
  });

  it('work again after the account was reconnected, under the same connection', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r' });
    answer = async () => { throw new Failure('unauthorised', 'invalid_grant'); };
    await expect(replica().refreshAfter401(connection, 'a')).rejects.toThrow();
    await keep(connection, { accessToken: 'new', refreshToken: 'new r', expiresInSeconds: 1_800 });
    await world.database.transaction(connection.tenantId, (manager) => world.connections().health.move(manager, connection, 'healthy'));
    expect(await replica().get(connection)).toBe('new');
  });

  it('outlive a token endpoint that is away, flag nobody, and fail as transient once they have run out', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r', expiresInSeconds: 1_800 });
    answer = async () => { throw new Failure('transient', 'away'); };
    nowMs += 1_750_000;
    expect(await replica().get(connection)).toBe('a');
    nowMs += 50_000;
    await expect(replica().get(connection)).rejects.toMatchObject({ kind: 'transient' });
    expect(await present(connection)).toMatchObject({ state: 'healthy' });
    answer = async () => ({ accessToken: 'back', expiresInSeconds: 1_800 });
    expect(await replica().get(connection)).toBe('back');
    expect(calls).toEqual(['r', 'r', 'r']);
  });

  it('are renewed without a refresh token where the vendor gives none', async () => {
    const connection = await authorised({ accessToken: 'a', expiresInSeconds: 3_600 });
    nowMs += 3_600_000;
    answer = async () => ({ accessToken: 'b', expiresInSeconds: 3_600 });
    expect(await replica().get(connection)).toBe('b');
    expect(calls).toEqual(['none']);
  });

  it('are kept although the database is away when the vendor has answered', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r' });
    let failures = 3;
    class Faltering extends TenantDatabase {
      override transaction: TenantDatabase['transaction'] = (tenantId, work) => {
        if (calls.length > 0 && failures > 0) {
          failures -= 1;
          return Promise.reject(new Error('Connection terminated'));
        }
        return super.transaction(tenantId, work);
      };
    }
    expect(await replica({ database: new Faltering(world.pool) }).refreshAfter401(connection, 'a')).toBe('access after r');
    expect(failures).toBe(0);
    expect(await replica().refreshAfter401(connection, 'access after r')).toBe('access after r+');
  });

  it('of an account that was connected anew while its old token was renewed are the new ones', async () => {
    const connection = await authorised({ accessToken: 'a', refreshToken: 'r' });
    const slow = Promise.withResolvers<TokenSet>();
    answer = () => slow.promise;
    const renewal = replica().refreshAfter401(connection, 'a');
    await eventually('the vendor to be asked', () => calls.length === 1);
    await keep(connection, { accessToken: 'granted', refreshToken: 'granted r' });
    slow.resolve({ accessToken: 'late', refreshToken: 'late r' });
    expect(await renewal).toBe('granted');
    expect(await replica().get(connection)).toBe('granted');
  });

  it('of one connection alone ask for a person when their key is lost', async () => {
    const [lost, other] = [await authorised({ accessToken: 'a', refreshToken: 'r' }), await authorised({ accessToken: 'a', refreshToken: 'r' })];
    const strangeKeys = world.connections({ keys: VaultKeys.parse(aVaultKey('k2')) });
    await expect(strangeKeys.tokens.get(lost)).rejects.toMatchObject({ kind: 'unauthorised' });
    expect(await present(lost)).toMatchObject({ state: 'needs_reconnect', stateCode: 'secret_unreadable' });
    expect(await replica().get(other)).toBe('a');
    expect(await present(other)).toMatchObject({ state: 'healthy' });
  });
});
