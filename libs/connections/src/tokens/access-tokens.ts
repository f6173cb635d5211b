import { setTimeout as pause } from 'node:timers/promises';
import { asFailure, Failure, type Vendor } from '@crossdock/contracts';
import { Counter, type Registry } from 'prom-client';
import type { EntityManager } from 'typeorm';
import type { TokenSet } from '../authorisation/token-set.ts';
import type { VendorAuthorisation } from '../authorisation/vendor-authorisation.ts';
import type { Connection } from '../connection.ts';
import { endRenewal, RenewalLease, type HeldLease } from './renewal-lease.ts';
import { RenewalSettlement } from './renewal-settlement.ts';
import { renewBeforeExpiryMs } from './renewal-time.ts';
import { StoredTokens, tokenFields, type StalenessTest, type Standing, type StoredTokensOptions } from './stored-tokens.ts';

/** The part of a vendor's library that renews tokens. */
export type TokenRefresher = Pick<VendorAuthorisation, 'refresh'>;

export interface AccessTokensOptions extends StoredTokensOptions {
  readonly refreshers: Partial<Record<Vendor, TokenRefresher>>;
  readonly metrics: Registry;
  /** How long to wait for a renewal that another process has under way. Default 25 s. */
  readonly waitMs?: number;
  /** How long a vendor may take to give new tokens. Default 45 s. */
  readonly renewalTimeoutMs?: number;
}

const defaultWaitMs = 25_000;
const defaultRenewalTimeoutMs = 45_000;
/** A lease lasts longer than a renewal by a third: the time to keep what came of it, also while the database restarts. */
const leaseMargin = 1 / 3;
const lookEveryMs = 50;

/**
 * Access tokens that are valid when they are given. However many processes ask at once, one renewal is in flight per
 * connection, held by a lease in the database; whoever waited finds the new token there. No transaction is open while the
 * vendor is asked.
 */
export class AccessTokens {
  readonly #options: AccessTokensOptions;
  readonly #lease: RenewalLease;
  readonly #stored: StoredTokens;
  readonly #settlement: RenewalSettlement;
  readonly #renewalTotal: Counter<'vendor' | 'outcome'>;
  /** Renewals of this process: its callers share one. */
  readonly #underWay = new Map<string, Promise<string>>();

  constructor(options: AccessTokensOptions) {
    this.#options = options;
    this.#stored = new StoredTokens(options);
    this.#settlement = new RenewalSettlement({ ...options, stored: this.#stored, keepWithinMs: this.#renewalTimeoutMs * leaseMargin });
    this.#lease = new RenewalLease(options.database, this.#renewalTimeoutMs * (1 + leaseMargin));
    this.#renewalTotal = new Counter({
      name: 'crossdock_token_refresh_total',
      help: 'Refreshes of access tokens by outcome.',
      labelNames: ['vendor', 'outcome'],
      registers: [options.metrics],
    });
  }

  /** Keeps the tokens of a new or renewed authorisation, in the caller's tenant transaction. */
  keep(manager: EntityManager, connection: Connection, tokens: TokenSet): Promise<void> {
    return this.#stored.keep(manager, connection, tokens);
  }

  /**
   * A token that stays valid for a while; renewed before where it is about to run out.
   * @throws Failure `unauthorised` where a person must reconnect; whatever kept the renewal from working otherwise.
   */
  async get(connection: Connection, usableForMs = renewBeforeExpiryMs): Promise<string> {
    const isStale: StalenessTest = (current) => this.#stored.runsOut(current.expiresAt, usableForMs);
    const stored = await this.#options.database.transaction(connection.tenantId, (manager) =>
      this.#stored.find(manager, connection, tokenFields.access));
    if (stored && !isStale(stored)) return stored.secret;
    try {
      return await this.#renewOnce(connection.id, connection, isStale);
    } catch (thrown) {
      // The token endpoint is away, but the old token still works for some time.
      const stillWorks = stored && !this.#stored.runsOut(stored.expiresAt, 0);
      if (stillWorks && asFailure(thrown).kind !== 'unauthorised') return stored.secret;
      throw thrown;
    }
  }

  /** Another token after the vendor refused this one; the one that a neighbour fetched meanwhile, where there is one. */
  refreshAfter401(connection: Connection, refusedToken: string): Promise<string> {
    return this.#renewOnce(`${connection.id} ${refusedToken}`, connection, (current) => current.secret === refusedToken);
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
      const standing = await this.#stored.stand(connection, isStale);
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
    const standing = await this.#stored.stand(connection, isStale);
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
      throw await this.#settlement.failed(connection, standing.refreshToken, lease, failure) ?? failure;
    }
    this.#renewalTotal.inc({ vendor: connection.vendor, outcome: 'success' });
    return this.#settlement.succeeded(connection, standing.refreshToken, lease, tokens);
  }

  #askVendor({ connection, refreshToken, secrets }: Extract<Standing, { outcome: 'stale' }>): Promise<TokenSet> {
    const refresher = this.#options.refreshers[connection.vendor];
    if (!refresher?.refresh) throw new Failure('unexpected', `No way to refresh tokens of ${connection.vendor} is set up.`);
    return refresher.refresh(connection, refreshToken, AbortSignal.timeout(this.#renewalTimeoutMs), secrets);
  }

  get #renewalTimeoutMs(): number {
    return this.#options.renewalTimeoutMs ?? defaultRenewalTimeoutMs;
  }
}
