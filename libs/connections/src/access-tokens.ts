import { asFailure, Failure, type Vendor } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import { Counter, type Registry } from 'prom-client';
import { QueryFailedError, type EntityManager } from 'typeorm';
import type { TokenSet, VendorAuthorisation } from './authorisation/vendor-authorisation.ts';
import type { Connection } from './connection.ts';
import type { ConnectionStore } from './connection-store.ts';
import type { CredentialVault } from './credential-vault.ts';

/** The part of a vendor's library that renews tokens. */
type TokenRefresher = Pick<VendorAuthorisation, 'refresh'>;

export interface AccessTokensOptions {
  readonly database: TenantDatabase;
  readonly store: ConnectionStore;
  readonly vault: CredentialVault;
  readonly refreshers: Partial<Record<Vendor, TokenRefresher>>;
  readonly metrics: Registry;
  /** How long to wait for a refresh that another process has under way. Default 25 s. */
  readonly lockWaitMs?: number;
  readonly now?: () => number;
}

const accessField = 'access_token';
/** How long a vendor's token endpoint may take. */
const refreshTimeoutMs = 45_000;
const refreshField = 'refresh_token';
/** Below the statement timeout of the services, so that waiting ends as what it is. */
const defaultLockWaitMs = 25_000;
/** A token this close to its end is renewed first, so that it does not run out on the way. */
const renewBeforeExpiryMs = 120_000;

/**
 * Access tokens that are valid when they are given. However many processes ask at once, one refresh is in flight per
 * connection: it runs while the refresh token's row is locked, and whoever waited finds the new token there. Unlike a
 * lock with a time limit, the row lock cannot be outlived by a slow token endpoint.
 */
export class AccessTokens {
  readonly #options: AccessTokensOptions;
  readonly #now: () => number;
  readonly #refreshTotal: Counter<'vendor' | 'outcome'>;
  /** Refreshes of this process: its callers share one and hold one database connection, not one each. */
  readonly #underWay = new Map<string, Promise<string>>();

  constructor(options: AccessTokensOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#refreshTotal = new Counter({
      name: 'crossdock_token_refresh_total',
      help: 'Refreshes of access tokens by outcome.',
      labelNames: ['vendor', 'outcome'],
      registers: [options.metrics],
    });
  }

  /** Keeps the tokens of a new or renewed authorisation, in the caller's tenant transaction. */
  async keep(manager: EntityManager, connection: Connection, tokens: TokenSet): Promise<void> {
    const { vault } = this.#options;
    const expiresAt = tokens.expiresInSeconds === undefined
      ? undefined : new Date(this.#now() + tokens.expiresInSeconds * 1_000);
    if (tokens.refreshToken !== undefined) await vault.put(manager, connection, refreshField, tokens.refreshToken);
    await vault.put(manager, connection, accessField, tokens.accessToken, expiresAt);
  }

  /**
   * A token that stays valid for a while; refreshed before where it is about to run out.
   * @throws Failure `unauthorised` where a person must reconnect; whatever kept the refresh from working otherwise.
   */
  async get(connection: Connection): Promise<string> {
    const stored = await this.#options.database.transaction(connection.tenantId, (manager) =>
      this.#options.vault.find(manager, connection, accessField));
    if (stored && !this.#runsOut(stored.expiresAt, renewBeforeExpiryMs)) return stored.secret;
    const isStale: StalenessTest = (current) => this.#runsOut(current.expiresAt, renewBeforeExpiryMs);
    try {
      return await this.#refreshOnce(connection.id, connection, isStale);
    } catch (thrown) {
      // The token endpoint is away, but the old token still works for some time.
      const stillWorks = stored && !this.#runsOut(stored.expiresAt, 0);
      if (stillWorks && asFailure(thrown).kind !== 'unauthorised') return stored.secret;
      throw thrown;
    }
  }

  /** Another token after the vendor refused this one; the one that a neighbour fetched meanwhile, where there is one. */
  refreshAfter401(connection: Connection, refusedToken: string): Promise<string> {
    const key = `${connection.id} ${refusedToken}`;
    return this.#refreshOnce(key, connection, (current) => current.secret === refusedToken);
  }

  #runsOut(expiresAt: Date | undefined, withinMs: number): boolean {
    return expiresAt !== undefined && expiresAt.getTime() - this.#now() <= withinMs;
  }

  #refreshOnce(key: string, connection: Connection, isStale: StalenessTest): Promise<string> {
    const running = this.#underWay.get(key);
    if (running) return running;
    const refresh = this.#refreshUnderLock(connection, isStale).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, refresh);
    return refresh;
  }

  async #refreshUnderLock(connection: Connection, isStale: StalenessTest): Promise<string> {
    const { database, vault, store, refreshers } = this.#options;
    const refresher = refreshers[connection.vendor];
    const refresh = refresher?.refresh?.bind(refresher);
    if (!refresh) throw new Failure('unexpected', `No way to refresh tokens of ${connection.vendor} is set up.`);
    const result = await database.transaction(connection.tenantId, async (manager) => {
      await manager.query(`SELECT set_config('lock_timeout', $1, true)`, [`${this.#options.lockWaitMs ?? defaultLockWaitMs}ms`]);
      const refreshToken = await vault.findAndLock(manager, connection, refreshField).catch(asRefreshUnderWay);
      const present = await store.findWithin(manager, connection.id);
      if (!refreshToken || !present || present.state === 'needs_reconnect' || present.state === 'disconnected') {
        return reconnectNeeded(present?.stateReason ?? 'The account is not connected; connect it again.');
      }
      const current = await vault.find(manager, connection, accessField);
      if (current && !isStale(current)) return current.secret;
      try {
        const tokens = await refresh(present, refreshToken.secret, AbortSignal.timeout(refreshTimeoutMs));
        await this.keep(manager, connection, tokens);
        this.#refreshTotal.inc({ vendor: connection.vendor, outcome: 'success' });
        return tokens.accessToken;
      } catch (thrown) {
        const failure = asFailure(thrown);
        this.#refreshTotal.inc({ vendor: connection.vendor, outcome: failure.kind });
        if (failure.kind !== 'unauthorised') throw failure;
        const reason = `${connection.vendor} refuses the stored authorisation; connect the account again.`;
        await store.setState(manager, connection.id, 'needs_reconnect', reason);
        // Given back, not thrown: the new state must commit.
        return reconnectNeeded(reason);
      }
    });
    if (result instanceof Failure) throw result;
    return result;
  }
}

type StalenessTest = (current: { secret: string; expiresAt: Date | undefined }) => boolean;

/** PostgreSQL's 55P03, lock_not_available: the token endpoint keeps our neighbour waiting. */
function asRefreshUnderWay(thrown: unknown): never {
  if (thrown instanceof QueryFailedError && 'code' in thrown && thrown.code === '55P03') {
    throw new Failure('transient', 'Another refresh of this connection has been under way for long.', { cause: thrown });
  }
  throw thrown;
}

function reconnectNeeded(reason: string): Failure {
  return new Failure('unauthorised', reason);
}
