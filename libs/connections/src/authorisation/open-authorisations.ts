import type { Vendor } from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { Connections } from '../connections.ts';
import { DataKeys } from '../vault/data-keys.ts';
import type { KeyEncryption } from '../vault/key-encryption.ts';
import { AuthorisationStates } from './authorisation-state.ts';
import { Authorisations } from './authorisations.ts';
import { GrantedConnections } from './granted-connections.ts';
import { PendingAuthorisations } from './pending-authorisations.ts';
import type { VendorAuthorisation } from './vendor-authorisation.ts';

/** Puts together what the one service needs that connects accounts. */
export function openAuthorisations(options: {
  readonly database: TenantDatabase;
  readonly publisher: EventPublisher;
  readonly keys: KeyEncryption;
  readonly connections: Connections;
  readonly vendors: Partial<Record<Vendor, VendorAuthorisation>>;
  readonly redirectUri: string;
}): Authorisations {
  const { database, publisher, connections, vendors, redirectUri } = options;
  const keys = new DataKeys(options.keys);
  return new Authorisations({
    database, vendors, redirectUri,
    pending: new PendingAuthorisations(keys),
    states: new AuthorisationStates(database, keys),
    granted: new GrantedConnections({ store: connections.store, vault: connections.vault, tokens: connections.tokens, health: connections.health, publisher }),
  });
}
