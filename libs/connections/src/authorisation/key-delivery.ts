import type { Vendor } from '@crossdock/contracts';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { auditConnection } from '../health/connection-audit.ts';
import { tokenHash, type AuthorisationStates } from './authorisation-state.ts';
import type { PendingAuthorisation, PendingAuthorisations } from './pending-authorisations.ts';
import type { VendorAuthorisation } from './vendor-authorisation.ts';

export interface KeyDeliveriesOptions {
  readonly database: TenantDatabase;
  readonly vendors: Partial<Record<Vendor, VendorAuthorisation>>;
  readonly pending: PendingAuthorisations;
  readonly states: AuthorisationStates;
}

/**
 * Takes keys that a vendor's server sends for an authorisation under way. They are kept sealed with it, and connect nothing
 * before the browser that began comes back. The first ones count: a second delivery is refused.
 */
export class KeyDeliveries {
  readonly #options: KeyDeliveriesOptions;

  constructor(options: KeyDeliveriesOptions) {
    this.#options = options;
  }

  /** @returns whether the keys were taken. A vendor that is told otherwise takes them back. */
  async receive(vendor: Vendor, body: unknown): Promise<boolean> {
    const { database, vendors, pending, states } = this.#options;
    const delivery = vendors[vendor]?.approval?.readDelivery(body);
    if (!delivery) return false;
    const isGenuine = await states.isGenuine(delivery.state);
    return database.systemTransaction(async (manager) => {
      const found = isGenuine ? await pending.findByState(manager, tokenHash(delivery.state)) : undefined;
      const refusal = !isGenuine ? 'forged' : await this.#refusalOf(manager, vendor, found);
      const about = found && { tenantId: found.tenantId, connectionId: found.connectionId };
      if (refusal !== undefined || !found) {
        await auditConnection(manager, { ...about, vendor, actor: found?.startedBy ?? 'unknown', action: 'authorisation.refused', outcome: refusal ?? 'unknown', detail: 'keys' });
        return false;
      }
      const { credentials, grantedScopes } = delivery;
      const details = await pending.details(manager, found);
      await pending.changeDetails(manager, found, { ...details, delivered: { credentials: { ...credentials }, grantedScopes: [...grantedScopes] } });
      await auditConnection(manager, { ...about, vendor, actor: found.startedBy, action: 'authorisation.keys_received', outcome: 'pending' });
      return true;
    });
  }

  async #refusalOf(manager: EntityManager, vendor: Vendor, found: PendingAuthorisation | undefined): Promise<'unknown' | 'used' | 'expired' | undefined> {
    if (found?.vendor !== vendor) return 'unknown';
    if (found.isUsed) return 'used';
    if (found.isExpired) return 'expired';
    return (await this.#options.pending.details(manager, found)).delivered ? 'used' : undefined;
  }
}
