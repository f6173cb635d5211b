import { type DealStatus, type FieldValue } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';

/** A deal of a CRM or an order of a shop, as it was told. */
export interface ToldDeal {
  readonly dealId: string;
  readonly vendor: string;
  readonly connectionId: string;
  readonly externalId: string;
  /** The hub's key that the CRM keeps on it: of a deal that stands for an order, the order's id. */
  readonly externalKey: string | undefined;
  readonly name: string;
  readonly status: DealStatus;
  readonly stage: string | undefined;
  readonly custom: Readonly<Record<string, FieldValue>>;
  readonly amount: { readonly amountMinor: number; readonly currency: string } | undefined;
  readonly closedAt: string | undefined;
  readonly modifiedAt: string;
  /** Keys of the people and companies that it is with. */
  readonly parties: readonly string[];
}

/** What became of a deal that was told. */
export interface StoredDeal {
  /** Of all that it was or is with. */
  readonly keys: readonly string[];
  /** Whether anything is another now that results follow from; that the deal was touched again is nothing of the kind. */
  readonly hasChanged: boolean;
}

/**
 * Stores a deal with its parties.
 * @returns undefined for an older word, which counts only for when the deal was first heard of. With an equal time it counts where it differs,
 *   because in CRMs a contact joins or leaves a deal without a change of the deal's own time; a deal's events come in order.
 */
export async function storeDeal(manager: EntityManager, deal: ToldDeal): Promise<StoredDeal | undefined> {
  const { tenantId } = tenantContext.require();
  const [stored] = await manager.query<Array<{ has_changed: boolean }>>(
    `INSERT INTO deal (deal_id, tenant_id, vendor, connection_id, external_id, external_key, name, status, stage, custom, amount_minor, currency, closed_at, opened_at, modified_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
     ON CONFLICT (deal_id) DO UPDATE SET
       external_key = excluded.external_key, name = excluded.name, status = excluded.status, stage = excluded.stage, custom = excluded.custom,
       amount_minor = excluded.amount_minor, currency = excluded.currency, closed_at = excluded.closed_at, modified_at = excluded.modified_at
     WHERE excluded.modified_at >= deal.modified_at
     RETURNING (${followed('old')}) IS DISTINCT FROM (${followed('new')}) OR EXISTS (SELECT FROM gone_deal WHERE gone_deal.deal_id = $1) AS has_changed`,
    [
      deal.dealId, tenantId, deal.vendor, deal.connectionId, deal.externalId, deal.externalKey ?? null, deal.name, deal.status, deal.stage ?? null,
      JSON.stringify(deal.custom), deal.amount?.amountMinor ?? null, deal.amount?.currency ?? null, deal.closedAt ?? null, deal.modifiedAt,
    ]);
  if (!stored) return storeOpening(manager, deal);
  const moved = await manager.query<Array<{ key: string; has_left: boolean }>>(
    `WITH gone AS (DELETE FROM deal_party WHERE deal_id = $1 AND key <> ALL($2) RETURNING key),
       added AS (INSERT INTO deal_party (deal_id, key, tenant_id) SELECT $1, key, $3 FROM unnest($2::text[]) AS key ON CONFLICT DO NOTHING RETURNING key)
     SELECT key, true AS has_left FROM gone UNION ALL SELECT key, false FROM added`, [deal.dealId, deal.parties, tenantId]);
  const left = moved.filter(({ has_left: hasLeft }) => hasLeft).map(({ key }) => key);
  return { keys: [...deal.parties, ...left], hasChanged: stored.has_changed || moved.length > 0 };
}

/** What results follow from, of the row before a write or after it; before a new one there is none. Of a deal that was gone, its time says whether it is back. */
const followed = (row: 'old' | 'new'): string =>
  ['deal_id', 'external_key', 'name', 'status', 'stage', 'custom', 'amount_minor', 'currency', 'closed_at'].map((column) => `${row}.${column}`).join(', ');

async function storeOpening(manager: EntityManager, { dealId, modifiedAt, parties }: ToldDeal): Promise<StoredDeal | undefined> {
  const opened = await manager.query<[unknown[], number]>('UPDATE deal SET opened_at = $2 WHERE deal_id = $1 AND opened_at > $2', [dealId, modifiedAt]);
  return opened[1] > 0 ? { keys: parties, hasChanged: true } : undefined;
}

/** Remembers that a deal is no more; told of again with a later change, it is there again. @returns whether that is news. */
export async function storeGone(manager: EntityManager, dealId: string, goneAt: string): Promise<boolean> {
  const stored = await manager.query<unknown[]>(
    `INSERT INTO gone_deal (deal_id, tenant_id, gone_at) VALUES ($1, $2, $3)
     ON CONFLICT (deal_id) DO UPDATE SET gone_at = excluded.gone_at WHERE excluded.gone_at > gone_deal.gone_at RETURNING 1`,
    [dealId, tenantContext.require().tenantId, goneAt]);
  return stored.length > 0;
}

/** The deals with these people and companies. */
export async function dealsOfIdentities(manager: EntityManager, identityIds: readonly string[]): Promise<string[]> {
  const rows = await manager.query<Array<{ deal_id: string }>>(
    `SELECT DISTINCT deal_id FROM identity JOIN deal_party ON deal_party.tenant_id = $1 AND deal_party.key = identity.key
     WHERE identity.tenant_id = $1 AND identity_id = ANY($2)`, [tenantContext.require().tenantId, [...identityIds]]);
  return rows.map(({ deal_id: id }) => id);
}

/** The people and companies that these deals are with. */
export async function identitiesOfDeals(manager: EntityManager, dealIds: readonly string[]): Promise<string[]> {
  const rows = await manager.query<Array<{ identity_id: string }>>(
    `SELECT DISTINCT identity_id FROM deal_party JOIN identity ON identity.tenant_id = $1 AND identity.key = deal_party.key
     WHERE deal_party.deal_id = ANY($2)`, [tenantContext.require().tenantId, [...dealIds]]);
  return rows.map(({ identity_id: id }) => id);
}
