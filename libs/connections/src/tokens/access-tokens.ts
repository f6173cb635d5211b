import { setTimeout as pause } from 'node:timers/promises';
import { asFailure, Failure, type Vendor } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import { Counter, type Registry } from 'prom-client';
import type { EntityManager } from 'typeorm';
import type { ConnectionSecrets, TokenSet, VendorAuthorisation } from '../authorisation/vendor-authorisation.ts';
import type { Connection } from '../connection.ts';
import type { ConnectionStore } from '../connection-store.ts';
import type { ConnectionHealth } from '../health/connection-health.ts';
import { SecretUnreadable, type CredentialVault, type StoredSecret } from '../vault/credential-vault.ts';
import { endRenewal, RenewalLease, type HeldLease } from './renewal-lease.ts';
import { renewalTime, renewBeforeExpiryMs } from './renewal-time.ts';

/** The part of a vendor's library that renews tokens. */
export type TokenRefresher = Pick<VendorAuthorisation, 'refresh'>;

export interface AccessTokensOptions {
  readonly database: TenantDatabase;
  readonly store: ConnectionStore;
  readonly vault: CredentialVault;
  readonly health: ConnectionHealth;
  readonly refreshers: Partial<Record<Vendor, TokenRefresher>>;
  readonly metrics: Registry;
  /** How long to wait for a renewal that another process has under way. Default 25 s. */
  readonly waitMs?: number;
  /** How long a vendor may take to give new tokens. Default 45 s. */
  readonly renewalTimeoutMs?: number;
  readonly now?: () => number;
}

const accessField = 'access_token';
const refreshField = 'refresh_token';
const defaultWaitMs = 25_000;
const defaultRenewalTimeoutMs = 45_000;
/** A lease lasts longer than a renewal by a third: the time to keep what came of it, also while the database restarts. */
const leaseMargin = 1 / 3;
const keepRetryMs = 250;
const lookEveryMs = 50;

/** What a look at the stored tokens says: one to use, that a person must reconnect, or that it must be renewed. */
type Standing =
  | { readonly outcome: 'usable'; readonly token: string }
  | { readonly outcome: 'refused'; readonly failure: Failure }
  | { readonly outcome: 'stale'; readonly connection: Connection; readonly refreshToken: string | undefined; readonly secrets: ConnectionSecrets };

type StalenessTest = (current: StoredSecret) => boolean;

/**
 * Access tokens that are valid when they are given. However many processes ask at once, one renewal is in flight per
 * connection, held by a lease in the database; whoever waited finds the new token there. No transaction is open while the
 * vendor is asked.
 */
export class AccessTokens {
  readonly #options: AccessTokensOptions;
  readonly #lease: RenewalLease;
  readonly #now: () => number;
  readonly #renewalTotal: Counter<'vendor' | 'outcome'>;
  /** Renewals of this process: its callers share one. */
  readonly #underWay = new Map<string, Promise<string>>();

  constructor(options: AccessTokensOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#lease = new RenewalLease(options.database, this.#renewalTimeoutMs * (1 + leaseMargin));
    this.#renewalTotal = new Counter({
      name: 'crossdock_token_refresh_total',
      help: 'Refreshes of access tokens by outcome.',
      labelNames: ['vendor', 'outcome'],
      registers: [options.metrics],
    });
  }

  /** Keeps the tokens of a new or renewed authorisation, in the caller's tenant transaction. */
  async keep(manager: EntityManager, connection: Connection, tokens: TokenSet): Promise<void> {
    const { vault } = this.#options;
    const lifetimeMs = tokens.expiresInSeconds === undefined ? undefined : tokens.expiresInSeconds * 1_000;
    const [expiresAt, renewAt] = lifetimeMs === undefined
      ? [] : [new Date(this.#now() + lifetimeMs), renewalTime(this.#now(), lifetimeMs, Math.random())];
    if (tokens.refreshToken !== undefined) await vault.put(manager, connection, refreshField, tokens.refreshToken);
    await vault.put(manager, connection, accessField, tokens.accessToken, expiresAt);
    await manager.query('UPDATE connections.connection SET renew_at = $2 WHERE id = $1', [connection.id, renewAt ?? null]);
  }

  /**
   * A token that stays valid for a while; renewed before where it is about to run out.
   * @throws Failure `unauthorised` where a person must reconnect; whatever kept the renewal from working otherwise.
   */
  async get(connection: Connection, usableForMs = renewBeforeExpiryMs): Promise<string> {
    const isStale: StalenessTest = (current) => this.#runsOut(current.expiresAt, usableForMs);
    const stored = await this.#options.database.transaction(connection.tenantId, (manager) =>
      this.#findStored(manager, connection, accessField));
    if (stored && !isStale(stored)) return stored.secret;
    try {
      return await this.#renewOnce(connection.id, connection, isStale);
    } catch (thrown) {
      // The token endpoint is away, but the old token still works for some time.
      const stillWorks = stored && !this.#runsOut(stored.expiresAt, 0);
      if (stillWorks && asFailure(thrown).kind !== 'unauthorised') return stored.secret;
      throw thrown;
    }
  }

  /** Another token after the vendor refused this one; the one that a neighbour fetched meanwhile, where there is one. */
  refreshAfter401(connection: Connection, refusedToken: string): Promise<string> {
    return this.#renewOnce(`${connection.id} ${refusedToken}`, connection, (current) => current.secret === refusedToken);
  }

  #runsOut(expiresAt: Date | undefined, withinMs: number): boolean {
    return expiresAt !== undefined && expiresAt.getTime() - this.#now() <= withinMs;
  }

  #renewOnce(key: string, connection: Connection, isStale: StalenessTest): Promise<string> {
    const running = this.#underWay.get(key);
    if (running) return running;
    const renewal = this.#renewInTurn(connection, isStale).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, renewal);
    return renewal;
  }

  async #renewInTurn(connection: Connection, isStale: StalenessTest): Promise<string> {
    const deadlineMs = performance.now() + (this.#options.waitMs ?? defaultWaitMs);
    for (;;) {
      const standing = await this.#stand(connection, isStale);
      if (standing.outcome === 'usable') return standing.token;
      if (standing.outcome === 'refused') throw standing.failure;
      const lease = await this.#lease.take(connection);
      if (lease) return this.#renew(connection, isStale, lease);
      if (performance.now() > deadlineMs) throw new Failure('transient', 'Another renewal of this connection has been under way for long.');
      await pause(lookEveryMs);
    }
  }

  /** The state of things is looked at again under the lease: a neighbour may have ended just before it was taken. */
  async #renew(connection: Connection, isStale: StalenessTest, lease: HeldLease): Promise<string> {
    const standing = await this.#stand(connection, isStale);
    if (standing.outcome !== 'stale') {
      await this.#options.database.transaction(connection.tenantId, (manager) => endRenewal(manager, connection, lease, !lease.followsLostOne));
      if (standing.outcome === 'refused') throw standing.failure;
      return standing.token;
    }
    let tokens: TokenSet;
    try {
      tokens = await this.#askVendor(standing);
    } catch (thrown) {
      const failure = asFailure(thrown);
      this.#renewalTotal.inc({ vendor: connection.vendor, outcome: failure.kind });
      throw await this.#settleFailure(connection, standing.refreshToken, lease, failure) ?? failure;
    }
    this.#renewalTotal.inc({ vendor: connection.vendor, outcome: 'success' });
    return this.#settleSuccess(connection, standing.refreshToken, lease, tokens);
  }

  #askVendor({ connection, refreshToken, secrets }: Extract<Standing, { outcome: 'stale' }>): Promise<TokenSet> {
    const refresher = this.#options.refreshers[connection.vendor];
    if (!refresher?.refresh) throw new Failure('unexpected', `No way to refresh tokens of ${connection.vendor} is set up.`);
    return refresher.refresh(connection, refreshToken, AbortSignal.timeout(this.#renewalTimeoutMs), secrets);
  }

  /**
   * Keeps new tokens. A vendor that exchanges refresh tokens has ended the old one by now, so that this is tried again
   * while the database is away. Where the stored refresh token is another than the one that was used, somebody has connected
   * the account anew meanwhile, and that one stays.
   */
  async #settleSuccess(connection: Connection, used: string | undefined, lease: HeldLease, tokens: TokenSet): Promise<string> {
    const deadlineMs = performance.now() + this.#renewalTimeoutMs * leaseMargin;
    for (;;) {
      try {
        return await this.#options.database.transaction(connection.tenantId, async (manager) => {
          const present = await this.#lockPresent(manager, connection);
          const stored = await this.#findStored(manager, connection, refreshField);
          const isOurs = stored?.secret === used;
          if (isOurs) await this.keep(manager, connection, tokens);
          await endRenewal(manager, connection, lease, true);
          // Judged dead by a neighbour that came with the token which this renewal had just used up.
          const wasMisjudged = isOurs && present?.state === 'needs_reconnect' && present.stateCode !== 'secret_unreadable';
          if (wasMisjudged) await this.#options.health.move(manager, connection, 'healthy');
          return isOurs ? tokens.accessToken : (await this.#findStored(manager, connection, accessField))?.secret ?? tokens.accessToken;
        });
      } catch (thrown) {
        if (performance.now() > deadlineMs) throw thrown;
        await pause(keepRetryMs);
      }
    }
  }

  /** @returns what to tell the caller instead of the vendor's own refusal. */
  async #settleFailure(connection: Connection, used: string | undefined, lease: HeldLease, failure: Failure): Promise<Failure | undefined> {
    return this.#options.database.transaction(connection.tenantId, async (manager) => {
      await this.#lockPresent(manager, connection);
      // Without the vendor's own word nobody knows whether it has exchanged the token.
      const isKnown = failure.kind === 'unauthorised' || failure.kind === 'rate_limited' || failure.kind === 'quota_exhausted';
      await endRenewal(manager, connection, lease, (isKnown && !lease.followsLostOne) || used === undefined);
      if (failure.kind !== 'unauthorised') return undefined;
      const stored = await this.#findStored(manager, connection, refreshField);
      if (stored?.secret !== used) return new Failure('transient', 'The account was connected anew while its old authorisation was refused.');
      const reason = lease.followsLostOne
        ? { code: 'renewal_lost' as const, message: `A renewal of the ${connection.vendor} authorisation was cut off, and the vendor takes each refresh token only once; connect the account again.` }
        : { code: 'authorisation_refused' as const, message: `${connection.vendor} refuses the stored authorisation; connect the account again.` };
      await this.#options.health.move(manager, connection, 'needs_reconnect', reason);
      return new Failure('unauthorised', reason.message);
    });
  }

  /** What is stored, and whether it serves. A secret that does not open asks for a person, and for this connection only. */
  async #stand(connection: Connection, isStale: StalenessTest): Promise<Standing> {
    const { database, store, health } = this.#options;
    try {
      return await database.transaction(connection.tenantId, async (manager): Promise<Standing> => {
        const present = await store.findWithin(manager, connection.id);
        if (!present || present.state === 'needs_reconnect' || present.state === 'disconnected') {
          return { outcome: 'refused', failure: new Failure('unauthorised', present?.stateReason ?? 'The account is not connected; connect it again.') };
        }
        const current = await this.#options.vault.find(manager, connection, accessField);
        if (current && !isStale(current)) return { outcome: 'usable', token: current.secret };
        const secrets = await this.#options.vault.findAll(manager, connection);
        return { outcome: 'stale', connection: present, refreshToken: secrets[refreshField], secrets };
      });
    } catch (thrown) {
      if (thrown instanceof SecretUnreadable) await health.observe(connection, thrown);
      throw thrown;
    }
  }

  /** Nobody else changes the connection until the transaction ends. */
  async #lockPresent(manager: EntityManager, { id }: Connection): Promise<Connection | undefined> {
    await manager.query('SELECT 1 FROM connections.connection WHERE id = $1 FOR NO KEY UPDATE', [id]);
    return this.#options.store.findWithin(manager, id);
  }

  /** A secret that does not open counts as absent where another is about to take its place. */
  async #findStored(manager: EntityManager, connection: Connection, field: string): Promise<StoredSecret | undefined> {
    try {
      return await this.#options.vault.find(manager, connection, field);
    } catch (thrown) {
      if (thrown instanceof SecretUnreadable) return undefined;
      throw thrown;
    }
  }

  get #renewalTimeoutMs(): number {
    return this.#options.renewalTimeoutMs ?? defaultRenewalTimeoutMs;
  }
}
