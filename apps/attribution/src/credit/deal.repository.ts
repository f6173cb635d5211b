import { deterministicId, type Deal, type DealStatus } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { CreditableDeal } from './credit-allocation.ts';
import { contactKey } from '../touches/touch.ts';

/** A stored deal, ready for its credit to be worked out. */
export interface StoredDeal extends CreditableDeal {
  readonly dealId: string;
}

interface DealRow {
  readonly deal_id: string;
  readonly status: DealStatus;
  readonly amount_minor: string | null;
  readonly currency: string | null;
  readonly closed_at: Date;
  readonly contact_emails: string[];
}

const columns = 'deal_id, status, amount_minor, currency, coalesce(closed_at, modified_at) AS closed_at, contact_emails';

/** The e-mails of a deal's contacts that attribution joins on. */
export function contactsOf(deal: Deal): string[] {
  return [...new Set(deal.contacts.flatMap(({ email }) => (email === undefined ? [] : [contactKey(email)])))].sort();
}

/**
 * Stores a deal as the CRM tells it and locks it until the transaction ends.
 * @returns undefined where it is not newer than what is stored. With an equal time it counts where it differs, because
 *   in CRMs a contact joins or leaves a deal without a change of the deal's own time; a deal's events come in order.
 */
export async function storeDeal(manager: EntityManager, deal: Deal): Promise<StoredDeal | undefined> {
  const { tenantId } = tenantContext.require();
  const { vendor, connectionId, externalId } = deal.source;
  const [row] = await manager.query<DealRow[]>(
    `INSERT INTO deal (deal_id, tenant_id, vendor, connection_id, external_id, name, status, amount_minor, currency,
                       closed_at, modified_at, contact_emails)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (deal_id) DO UPDATE SET
       name = excluded.name, status = excluded.status, amount_minor = excluded.amount_minor, currency = excluded.currency,
       closed_at = excluded.closed_at, modified_at = excluded.modified_at, contact_emails = excluded.contact_emails
     WHERE excluded.modified_at > deal.modified_at
        OR (excluded.modified_at = deal.modified_at
            AND (excluded.name, excluded.status, excluded.amount_minor, excluded.currency, excluded.closed_at, excluded.contact_emails)
              IS DISTINCT FROM (deal.name, deal.status, deal.amount_minor, deal.currency, deal.closed_at, deal.contact_emails))
     RETURNING ${columns}`,
    [
      deterministicId('deal', tenantId, connectionId, externalId), tenantId, vendor, connectionId, externalId,
      deal.name, deal.status, deal.amount?.amountMinor ?? null, deal.amount?.currency ?? null,
      deal.closedAt ?? null, deal.modifiedAt, contactsOf(deal),
    ],
  );
  return row && storedDealOf(row);
}

/** The deals of these contacts, locked until the transaction ends. */
export async function claimDealsOf(manager: EntityManager, contactEmails: readonly string[]): Promise<StoredDeal[]> {
  const rows = await manager.query<DealRow[]>(
    `SELECT ${columns} FROM deal WHERE contact_emails && $1::text[] ORDER BY deal_id FOR UPDATE`, [[...contactEmails]],
  );
  return rows.map(storedDealOf);
}

function storedDealOf({ deal_id, status, amount_minor, currency, closed_at, contact_emails }: DealRow): StoredDeal {
  return {
    dealId: deal_id,
    status,
    revenue: amount_minor === null || currency === null ? undefined : { amountMinor: Number(amount_minor), currency },
    closedAt: closed_at,
    contactEmails: contact_emails,
  };
}
