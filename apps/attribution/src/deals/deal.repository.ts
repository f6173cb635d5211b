import { type DealStatus, type FieldValue } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { newestOf } from '../newest-of.ts';

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
  /** The hub's key that the CRM kept on it before. */
  readonly formerKey: string | undefined;
  /** Whether anything is another now that results follow from; that the deal was touched again is nothing of the kind. */
  readonly hasChanged: boolean;
}

/**
 * Stores deals with their parties, however many by three statements. Of several words about one deal the last of the newest counts.
 * @returns what became of each word that counts; an older one is missing, unless it says that the deal was heard of earlier than was known. With an equal time a word
 *   counts where it differs, because in CRMs a contact joins or leaves a deal without a change of the deal's own time; a deal's events come in order.
 */
export async function storeDeals(manager: EntityManager, told: readonly ToldDeal[]): Promise<ReadonlyMap<ToldDeal, StoredDeal>> {
  if (told.length === 0) return new Map();
  const openings = earliestOf(told);
  const deals = [...newestOf(told, ({ dealId }) => dealId)].sort((a, b) => (a.dealId < b.dealId ? -1 : 1));
  const column = <Value>(of: (deal: ToldDeal) => Value): Value[] => deals.map(of);
  const rows = await manager.query<Array<{ deal_id: string; former_key: string | null; has_changed: boolean }>>(
    `INSERT INTO deal (tenant_id, deal_id, vendor, connection_id, external_id, external_key, name, status, stage, custom, amount_minor, currency, closed_at, modified_at, opened_at)
     SELECT $1::uuid, deal_id, vendor, connection_id, external_id, external_key, name, status, stage, custom::jsonb, amount_minor, currency, closed_at, modified_at, opened_at
     FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[], $12::text[], $13::timestamptz[], $14::timestamptz[], $15::timestamptz[])
       AS told (deal_id, vendor, connection_id, external_id, external_key, name, status, stage, custom, amount_minor, currency, closed_at, modified_at, opened_at)
     ORDER BY deal_id
     ON CONFLICT (deal_id) DO UPDATE SET
       external_key = excluded.external_key, name = excluded.name, status = excluded.status, stage = excluded.stage, custom = excluded.custom,
       amount_minor = excluded.amount_minor, currency = excluded.currency, closed_at = excluded.closed_at, modified_at = excluded.modified_at, opened_at = least(deal.opened_at, excluded.opened_at)
     WHERE excluded.modified_at >= deal.modified_at
     RETURNING new.deal_id, old.external_key AS former_key, (${followed('old')}) IS DISTINCT FROM (${followed('new')}) OR EXISTS (SELECT FROM gone_deal WHERE gone_deal.deal_id = new.deal_id) AS has_changed`,
    [
      tenantContext.require().tenantId, column(({ dealId }) => dealId), column(({ vendor }) => vendor), column(({ connectionId }) => connectionId), column(({ externalId }) => externalId),
      column(({ externalKey }) => externalKey ?? null), column(({ name }) => name), column(({ status }) => status), column(({ stage }) => stage ?? null),
      column(({ custom }) => JSON.stringify(custom)), column(({ amount }) => amount?.amountMinor ?? null), column(({ amount }) => amount?.currency ?? null),
      column(({ closedAt }) => closedAt ?? null), column(({ modifiedAt }) => modifiedAt), column(({ dealId }) => openings.get(dealId) ?? null),
    ]);
  const stored = new Map(rows.map((row) => [row.deal_id, row]));
  const [counting, older] = [deals.filter(({ dealId }) => stored.has(dealId)), deals.filter(({ dealId }) => !stored.has(dealId))];
  const moved = await moveParties(manager, counting);
  const opened = await storeOpenings(manager, older, openings);
  return new Map([
    ...counting.map((deal) => {
      const ofDeal = moved.get(deal.dealId) ?? [];
      const left = ofDeal.filter(({ has_left: hasLeft }) => hasLeft).map(({ key }) => key);
      const { former_key: formerKey = null, has_changed: isOther = false } = stored.get(deal.dealId) ?? {};
      return [deal, { keys: [...deal.parties, ...left], formerKey: formerKey ?? undefined, hasChanged: isOther || ofDeal.length > 0 }] as const;
    }),
    ...older.filter(({ dealId }) => opened.has(dealId)).map((deal) => [deal, { keys: deal.parties, formerKey: undefined, hasChanged: true }] as const),
  ]);
}

/** What results follow from, of the row before a write or after it; before a new one there is none. Of a deal that was gone, its time says whether it is back. */
const followed = (row: 'old' | 'new'): string =>
  ['deal_id', 'external_key', 'name', 'status', 'stage', 'custom', 'amount_minor', 'currency', 'closed_at', 'opened_at'].map((column) => `${row}.${column}`).join(', ');

interface MovedParty {
  readonly deal_id: string;
  readonly key: string;
  readonly has_left: boolean;
}

/** Puts the parties of deals in the place of those before. @returns who left and who joined, by deal */
async function moveParties(manager: EntityManager, deals: readonly ToldDeal[]): Promise<ReadonlyMap<string, readonly MovedParty[]>> {
  if (deals.length === 0) return new Map();
  const parties = deals.flatMap(({ dealId, parties: keys }) => keys.map((key) => ({ dealId, key })));
  const moved = await manager.query<MovedParty[]>(
    `WITH wanted AS (SELECT * FROM unnest($3::uuid[], $4::text[]) AS wanted (deal_id, key)),
       gone AS (
         DELETE FROM deal_party WHERE deal_id = ANY($2) AND NOT EXISTS (
           SELECT FROM wanted WHERE wanted.deal_id = deal_party.deal_id AND wanted.key = deal_party.key) RETURNING deal_id, key),
       added AS (INSERT INTO deal_party (deal_id, key, tenant_id) SELECT deal_id, key, $1 FROM wanted ON CONFLICT DO NOTHING RETURNING deal_id, key)
     SELECT deal_id, key, true AS has_left FROM gone UNION ALL SELECT deal_id, key, false FROM added`,
    [tenantContext.require().tenantId, deals.map(({ dealId }) => dealId), parties.map(({ dealId }) => dealId), parties.map(({ key }) => key)]);
  return Map.groupBy(moved, ({ deal_id: dealId }) => dealId);
}

/** An older word counts only for when a deal was first heard of. @returns the deals of which it was earlier than known */
async function storeOpenings(manager: EntityManager, deals: readonly ToldDeal[], openings: ReadonlyMap<string, string>): Promise<ReadonlySet<string>> {
  if (deals.length === 0) return new Set();
  const [opened] = await manager.query<[Array<{ deal_id: string }>, number]>(
    `UPDATE deal SET opened_at = told.opened_at FROM unnest($1::uuid[], $2::timestamptz[]) AS told (deal_id, opened_at)
     WHERE deal.deal_id = told.deal_id AND deal.opened_at > told.opened_at RETURNING deal.deal_id`,
    [deals.map(({ dealId }) => dealId), deals.map(({ dealId }) => openings.get(dealId) ?? null)]);
  return new Set(opened.map(({ deal_id: id }) => id));
}

function earliestOf(told: readonly ToldDeal[]): Map<string, string> {
  const earliest = new Map<string, string>();
  for (const { dealId, modifiedAt } of told) {
    const known = earliest.get(dealId);
    if (known === undefined || modifiedAt < known) earliest.set(dealId, modifiedAt);
  }
  return earliest;
}

/** Remembers that a deal is no more; told of again with a later change, it is there again. @returns whether that is news. */
export async function storeGone(manager: EntityManager, dealId: string, goneAt: string): Promise<boolean> {
  const stored = await manager.query<unknown[]>(
    `INSERT INTO gone_deal (deal_id, tenant_id, gone_at) VALUES ($1, $2, $3)
     ON CONFLICT (deal_id) DO UPDATE SET gone_at = excluded.gone_at WHERE excluded.gone_at > gone_deal.gone_at RETURNING 1`,
    [dealId, tenantContext.require().tenantId, goneAt]);
  return stored.length > 0;
}

/** The deals with these people and companies, and those with others that were closed at a time or later, or are still open. */
export async function dealsOfIdentities(
  manager: EntityManager, identityIds: readonly string[], touched: { readonly identityIds: readonly string[]; readonly from: string | undefined },
): Promise<string[]> {
  if (identityIds.length + touched.identityIds.length === 0) return [];
  const rows = await manager.query<Array<{ deal_id: string }>>(
    `SELECT DISTINCT deal_id FROM identity JOIN deal_party ON deal_party.tenant_id = $1 AND deal_party.key = identity.key JOIN deal USING (deal_id)
     WHERE identity.tenant_id = $1 AND identity_id = ANY($2::uuid[] || $3::uuid[]) AND (identity_id = ANY($2::uuid[]) OR coalesce(closed_at, modified_at) >= $4::timestamptz)`,
    [tenantContext.require().tenantId, [...identityIds], [...touched.identityIds], touched.from ?? '-infinity']);
  return rows.map(({ deal_id: id }) => id);
}

/** The people and companies that these deals are with. */
export async function identitiesOfDeals(manager: EntityManager, dealIds: readonly string[]): Promise<string[]> {
  if (dealIds.length === 0) return [];
  const rows = await manager.query<Array<{ identity_id: string }>>(
    `SELECT DISTINCT identity_id FROM deal_party JOIN identity ON identity.tenant_id = $1 AND identity.key = deal_party.key
     WHERE deal_party.deal_id = ANY($2)`, [tenantContext.require().tenantId, [...dealIds]]);
  return rows.map(({ identity_id: id }) => id);
}
