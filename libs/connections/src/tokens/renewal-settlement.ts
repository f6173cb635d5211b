import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { TokenSet } from '../authorisation/token-set.ts';
import type { Connection } from '../connection.ts';
import type { ConnectionHealth } from '../health/connection-health.ts';
import { endRenewal, type HeldLease } from './renewal-lease.ts';
import { tokenFields, type StoredTokens } from './stored-tokens.ts';

const keepRetryMs = 250;

/** How a renewal ends in the database: its lease, the tokens and the connection's health in one transaction. */
export class RenewalSettlement {
  readonly #database: TenantDatabase;
  readonly #stored: StoredTokens;
  readonly #health: ConnectionHealth;
  readonly #keepWithinMs: number;

  /** @param parts.keepWithinMs how long keeping new tokens is tried while the database is away. */
  constructor(parts: {
    readonly database: TenantDatabase; readonly stored: StoredTokens; readonly health: ConnectionHealth; readonly keepWithinMs: number;
  }) {
    this.#database = parts.database;
    this.#stored = parts.stored;
    this.#health = parts.health;
    this.#keepWithinMs = parts.keepWithinMs;
  }

  /**
   * Keeps new tokens. A vendor that exchanges refresh tokens has ended the old one by now, so that this is tried again
   * while the database is away. Where the stored refresh token is another than the one that was used, somebody has connected
   * the account anew meanwhile, and that one stays.
   */
  async succeeded(connection: Connection, used: string | undefined, lease: HeldLease, tokens: TokenSet): Promise<string> {
    const deadlineMs = performance.now() + this.#keepWithinMs;
    for (;;) {
      try {
        return await this.#database.transaction(connection.tenantId, async (manager) => {
          const present = await this.#stored.lockPresent(manager, connection);
          const stored = await this.#stored.find(manager, connection, tokenFields.refresh);
          const isOurs = stored?.secret === used;
          if (isOurs) await this.#stored.keep(manager, connection, tokens);
          await endRenewal(manager, connection, lease, true);
          // Judged dead by a neighbour that came with the token which this renewal had just used up.
          const wasMisjudged = isOurs && present?.state === 'needs_reconnect' && present.stateCode !== 'secret_unreadable';
          if (wasMisjudged) await this.#health.move(manager, connection, 'healthy');
          return isOurs ? tokens.accessToken : (await this.#stored.find(manager, connection, tokenFields.access))?.secret ?? tokens.accessToken;
        });
      } catch (thrown) {
        if (performance.now() > deadlineMs) throw thrown;
        await pause(keepRetryMs);
      }
    }
  }

  /** @returns what to tell the caller instead of the vendor's own refusal. */
  async failed(connection: Connection, used: string | undefined, lease: HeldLease, failure: Failure): Promise<Failure | undefined> {
    return this.#database.transaction(connection.tenantId, async (manager) => {
      await this.#stored.lockPresent(manager, connection);
      // Without the vendor's own word nobody knows whether it has exchanged the token.
      const isKnown = failure.kind === 'unauthorised' || failure.kind === 'rate_limited' || failure.kind === 'quota_exhausted';
      await endRenewal(manager, connection, lease, (isKnown && !lease.followsLostOne) || used === undefined);
      if (failure.kind !== 'unauthorised') return undefined;
      const stored = await this.#stored.find(manager, connection, tokenFields.refresh);
      if (stored?.secret !== used) return new Failure('transient', 'The account was connected anew while its old authorisation was refused.');
      const reason = lease.followsLostOne
        ? { code: 'renewal_lost' as const, message: `A renewal of the ${connection.vendor} authorisation was cut off, and the vendor takes each refresh token only once; connect the account again.` }
        : { code: 'authorisation_refused' as const, message: `${connection.vendor} refuses the stored authorisation; connect the account again.` };
      await this.#health.move(manager, connection, 'needs_reconnect', reason);
      return new Failure('unauthorised', reason.message);
    });
  }
}
