import { Failure } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { TokenSet } from '../authorisation/token-set.ts';
import type { ConnectionSecrets } from '../authorisation/vendor-authorisation.ts';
import type { Connection } from '../connection.ts';
import type { ConnectionStore } from '../connection-store.ts';
import type { ConnectionHealth } from '../health/connection-health.ts';
import { SecretUnreadable, type CredentialVault, type StoredSecret } from '../vault/credential-vault.ts';
import { renewalTime } from './renewal-time.ts';

export const tokenFields = { access: 'access_token', refresh: 'refresh_token' } as const;

/** What a look at the stored tokens says: one to use, that a person must reconnect, or that it must be renewed. */
export type Standing =
  | { readonly outcome: 'usable'; readonly token: string }
  | { readonly outcome: 'refused'; readonly failure: Failure }
  | { readonly outcome: 'stale'; readonly connection: Connection; readonly refreshToken: string | undefined; readonly secrets: ConnectionSecrets };

/** Whether the stored access token must be renewed, for what it is asked for. */
export type StalenessTest = (current: StoredSecret) => boolean;

export interface StoredTokensOptions {
  readonly database: TenantDatabase;
  readonly store: ConnectionStore;
  readonly vault: CredentialVault;
  readonly health: ConnectionHealth;
  readonly now?: () => number;
}

/** The tokens of connections as they are kept, and whether they serve. */
export class StoredTokens {
  readonly #options: StoredTokensOptions;
  readonly #now: () => number;

  constructor(options: StoredTokensOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Keeps the tokens of a new or renewed authorisation, in the caller's tenant transaction. */
  async keep(manager: EntityManager, connection: Connection, tokens: TokenSet): Promise<void> {
    const { vault } = this.#options;
    const lifetimeMs = tokens.expiresInSeconds === undefined ? undefined : tokens.expiresInSeconds * 1_000;
    const [expiresAt, renewAt] = lifetimeMs === undefined
      ? [] : [new Date(this.#now() + lifetimeMs), renewalTime(this.#now(), lifetimeMs, Math.random())];
    if (tokens.refreshToken !== undefined) await vault.put(manager, connection, tokenFields.refresh, tokens.refreshToken);
    await vault.put(manager, connection, tokenFields.access, tokens.accessToken, expiresAt);
    await manager.query('UPDATE connections.connection SET renew_at = $2 WHERE id = $1', [connection.id, renewAt ?? null]);
  }

  /** Whether a token ends within so many milliseconds from now; one without an end never does. */
  runsOut(expiresAt: Date | undefined, withinMs: number): boolean {
    return expiresAt !== undefined && expiresAt.getTime() - this.#now() <= withinMs;
  }

  /** What is stored, and whether it serves. A secret that does not open asks for a person, and for this connection only. */
  async stand(connection: Connection, isStale: StalenessTest): Promise<Standing> {
    const { database, store, health } = this.#options;
    try {
      return await database.transaction(connection.tenantId, async (manager): Promise<Standing> => {
        const present = await store.findWithin(manager, connection.id);
        if (!present || present.state === 'needs_reconnect' || present.state === 'disconnected') {
          return { outcome: 'refused', failure: new Failure('unauthorised', present?.stateReason ?? 'The account is not connected; connect it again.') };
        }
        const current = await this.#options.vault.find(manager, connection, tokenFields.access);
        if (current && !isStale(current)) return { outcome: 'usable', token: current.secret };
        const secrets = await this.#options.vault.findAll(manager, connection);
        return { outcome: 'stale', connection: present, refreshToken: secrets[tokenFields.refresh], secrets };
      });
    } catch (thrown) {
      if (thrown instanceof SecretUnreadable) await health.observe(connection, thrown);
      throw thrown;
    }
  }

  /** Nobody else changes the connection until the transaction ends. */
  async lockPresent(manager: EntityManager, { id }: Connection): Promise<Connection | undefined> {
    await manager.query('SELECT 1 FROM connections.connection WHERE id = $1 FOR NO KEY UPDATE', [id]);
    return this.#options.store.findWithin(manager, id);
  }

  /** A secret that does not open counts as absent where another is about to take its place. */
  async find(manager: EntityManager, connection: Connection, field: string): Promise<StoredSecret | undefined> {
    try {
      return await this.#options.vault.find(manager, connection, field);
    } catch (thrown) {
      if (thrown instanceof SecretUnreadable) return undefined;
      throw thrown;
    }
  }
}
