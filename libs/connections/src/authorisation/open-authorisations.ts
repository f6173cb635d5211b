import type { Vendor } from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { Connections } from '../connections.ts';
import { DataKeys } from '../vault/data-keys.ts';
import type { KeyEncryption } from '../vault/key-encryption.ts';
import { AuthorisationStates } from './authorisation-state.ts';
import { Authorisations } from './authorisations.ts';
import { GrantedConnections } from './granted-connections.ts';
import { KeyDeliveries } from './key-delivery.ts';
import { PendingAuthorisations } from './pending-authorisations.ts';
import type { VendorAuthorisation } from './vendor-authorisation.ts';
import { VendorDialogues } from './vendor-dialogues.ts';

/** Puts together what the one service needs that connects accounts: the authorisations, and what takes keys for them. */
export function openAuthorisations(options: {
  readonly database: TenantDatabase;
  readonly publisher: EventPublisher;
  readonly keys: KeyEncryption;
  readonly connections: Connections;
  readonly vendors: Partial<Record<Vendor, VendorAuthorisation>>;
  readonly redirectUri: string;
  readonly deliveryUriOf: (vendor: Vendor) => string;
}): { readonly authorisations: Authorisations; readonly deliveries: KeyDeliveries } {
  const { database, publisher, connections, vendors, redirectUri, deliveryUriOf } = options;
  const keys = new DataKeys(options.keys);
  const [pending, states] = [new PendingAuthorisations(keys), new AuthorisationStates(database, keys)];
  const granted = new GrantedConnections({ store: connections.store, vault: connections.vault, tokens: connections.tokens, health: connections.health, publisher });
  return {
    authorisations: new Authorisations({ database, pending, states, granted, vendors: new VendorDialogues({ vendors, redirectUri, deliveryUriOf }) }),
    deliveries: new KeyDeliveries({ database, vendors, pending, states }),
  };
}
