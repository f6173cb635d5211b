import { connectionCreated, crmVendorSchema, Failure, type Vendor } from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import type { EntityManager } from 'typeorm';
import type { Connection } from '../connection.ts';
import type { ConnectionStore } from '../connection-store.ts';
import { auditConnection } from '../health/connection-audit.ts';
import type { ConnectionHealth } from '../health/connection-health.ts';
import type { AccessTokens } from '../tokens/access-tokens.ts';
import type { CredentialVault } from '../vault/credential-vault.ts';
import type { Grant, VendorScope } from './vendor-authorisation.ts';

/** For whom and by whom an account is connected. */
export interface ConnectionRequest {
  readonly tenantId: string;
  readonly vendor: Vendor;
  /** The connection that is connected again, or the id that a new one will have. */
  readonly connectionId: string;
  readonly actor: string;
}

/** Why a granted account is not connected. */
export type GrantRefusal = 'account_taken' | 'other_account';

export interface GrantedConnectionsOptions {
  readonly store: ConnectionStore;
  readonly vault: CredentialVault;
  readonly tokens: AccessTokens;
  readonly health: ConnectionHealth;
  readonly publisher: EventPublisher;
}

/** The permissions that were asked for, are not optional, and were not given. */
export function missingScopes(scopes: readonly VendorScope[], { grantedScopes }: Grant): string[] {
  if (!grantedScopes) return [];
  return scopes.filter(({ name, isOptional }) => isOptional !== true && !grantedScopes.includes(name)).map(({ name }) => name);
}

/** Makes connections of what vendors grant. */
export class GrantedConnections {
  readonly #options: GrantedConnectionsOptions;

  constructor(options: GrantedConnectionsOptions) {
    this.#options = options;
  }

  /**
   * Stores a grant in a transaction of its tenant. An account that the tenant has connected already keeps its connection,
   * with id, mappings and work that rests; so two administrators who connect at once end with one.
   * @returns why not, where the account is another tenant's or another one than the connection's.
   */
  async store(manager: EntityManager, request: ConnectionRequest, grant: Grant): Promise<Connection | GrantRefusal> {
    const { store } = this.#options;
    const named = await store.findWithin(manager, request.connectionId);
    if (named && named.accountId !== grant.accountId) return 'other_account';
    const present = named ?? await store.findAccountWithin(manager, request.vendor, grant.accountId);
    if (present) return this.#reconnect(manager, request, present, grant);
    try {
      return await this.#connect(manager, request, grant);
    } catch (thrown) {
      if (!(thrown instanceof Failure) || thrown.kind !== 'conflict') throw thrown;
      const justConnected = await store.findAccountWithin(manager, request.vendor, grant.accountId);
      return justConnected ? this.#reconnect(manager, request, justConnected, grant) : 'account_taken';
    }
  }

  async #connect(manager: EntityManager, { connectionId, tenantId, vendor, actor }: ConnectionRequest, grant: Grant): Promise<Connection> {
    const { accountId, accountName, endpoint, settings } = grant;
    const connection = await this.#options.store.create(manager, {
      id: connectionId, tenantId, vendor, accountId, settings: { ...settings }, state: firstStateOf(vendor),
      ...(accountName !== undefined && { accountName }), ...(endpoint !== undefined && { endpoint }),
    });
    await this.#keepSecrets(manager, connection, grant);
    await this.#options.publisher.publish(manager, connectionCreated, {
      subject: `connection/${connection.id}`, data: { connectionId: connection.id, vendor },
    });
    await auditConnection(manager, { tenantId, connectionId, vendor, actor, action: 'connection.created', outcome: connection.state });
    return connection;
  }

  async #reconnect(manager: EntityManager, { tenantId, vendor, actor }: ConnectionRequest, present: Connection, grant: Grant): Promise<Connection | GrantRefusal> {
    const { store, health } = this.#options;
    const isTaken = present.state === 'disconnected' && await isConnectedElsewhere(manager, vendor, grant.accountId);
    if (isTaken) return 'account_taken';
    const connection = await store.reauthorise(manager, present, grant);
    await this.#keepSecrets(manager, connection, grant);
    const isAtRest = present.state === 'needs_reconnect' || present.state === 'disconnected';
    if (isAtRest || present.state === 'degraded') await health.move(manager, connection, firstStateOf(vendor));
    await auditConnection(manager, { tenantId, connectionId: connection.id, vendor, actor, action: 'connection.reconnected', outcome: firstStateOf(vendor) });
    return await store.findWithin(manager, connection.id) ?? connection;
  }

  async #keepSecrets(manager: EntityManager, connection: Connection, { tokens, secrets = {} }: Grant): Promise<void> {
    // What another way of connecting left behind would be renewed, or shown to the vendor, in the place of what was granted now.
    const ofBefore = [...(tokens ? [] : ['access_token']), ...(tokens?.refreshToken === undefined ? ['refresh_token'] : [])];
    if (ofBefore.length > 0) await this.#options.vault.remove(manager, connection, ofBefore);
    if (tokens) await this.#options.tokens.keep(manager, connection, tokens);
    for (const [field, secret] of Object.entries(secrets)) await this.#options.vault.put(manager, connection, field, secret);
    // A renewal that was cut off has no say in what was granted after it.
    await manager.query(
      'UPDATE connections.connection SET renewal_unsettled = false, probe_failures = 0, probe_at = now() WHERE id = $1', [connection.id]);
  }
}

/** A CRM account has to be set up first; everything else works at once. */
function firstStateOf(vendor: Vendor): 'connecting' | 'healthy' {
  return crmVendorSchema.safeParse(vendor).success ? 'connecting' : 'healthy';
}

/**
 * Whether the account has a connection that this tenant does not see: tries what only the unique index, which knows all
 * tenants, can refuse, and takes it back.
 */
async function isConnectedElsewhere(manager: EntityManager, vendor: Vendor, accountId: string): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    `INSERT INTO connections.connection (id, tenant_id, vendor, account_id, state)
     SELECT gen_random_uuid(), nullif(current_setting('crossdock.tenant_id', true), '')::uuid, $1, $2, 'connecting'
     ON CONFLICT (vendor, account_id) WHERE state <> 'disconnected' DO NOTHING RETURNING id`,
    [vendor, accountId],
  );
  const [made] = rows as Array<{ id: string }>;
  if (!made) return true;
  await manager.query('DELETE FROM connections.connection WHERE id = $1', [made.id]);
  return false;
}
