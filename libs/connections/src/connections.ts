import type { ServiceName, Vendor } from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { Registry } from 'prom-client';
import { ConnectionStore } from './connection-store.ts';
import { ConnectionHealth } from './health/connection-health.ts';
import { AccessTokens, type TokenRefresher } from './tokens/access-tokens.ts';
import { CredentialVault } from './vault/credential-vault.ts';
import type { KeyEncryption } from './vault/key-encryption.ts';

export interface ConnectionsOptions {
  readonly database: TenantDatabase;
  readonly publisher: EventPublisher;
  readonly service: ServiceName;
  readonly keys: KeyEncryption;
  readonly metrics: Registry;
  /** Ways to new tokens of the vendors that the service speaks with. */
  readonly refreshers?: Partial<Record<Vendor, TokenRefresher>>;
}

/** What a service needs to speak for tenants' accounts, put together. */
export class Connections {
  readonly store: ConnectionStore;
  readonly vault: CredentialVault;
  readonly health: ConnectionHealth;
  readonly tokens: AccessTokens;

  constructor({ database, publisher, service, keys, metrics, refreshers = {} }: ConnectionsOptions) {
    this.vault = new CredentialVault(database, keys);
    this.store = new ConnectionStore(database, this.vault);
    this.health = new ConnectionHealth(database, publisher, service);
    this.tokens = new AccessTokens({ database, metrics, refreshers, store: this.store, vault: this.vault, health: this.health });
  }
}
