import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { findTouches } from '../touches/touch.repository.ts';
import { allocateCredit, type CreditRules } from './credit-allocation.ts';
import type { StoredDeal } from './deal.repository.ts';

/** What counts for every tenant: a quarter of a year before the close, a touch of a week ago half as much as one of today. */
const creditRules: CreditRules = { windowDays: 90, halfLifeDays: 7 };

/** Works out a deal's credits anew and stores them in place of the former ones. The deal must be locked. */
export async function creditDeal(manager: EntityManager, deal: StoredDeal): Promise<void> {
  const credits = allocateCredit(deal, await findTouches(manager, deal.contactEmails), creditRules);
  await manager.query('DELETE FROM deal_credit WHERE deal_id = $1', [deal.dealId]);
  if (credits.length === 0) return;
  await manager.query(
    `INSERT INTO deal_credit (deal_id, tenant_id, currency, model, touch_id, amount_minor, share, touched_at)
     SELECT $1::uuid, $2::uuid, $3::text, * FROM unnest($4::text[], $5::uuid[], $6::bigint[], $7::float8[], $8::timestamptz[])`,
    [
      deal.dealId, tenantContext.require().tenantId, deal.revenue?.currency ?? null, credits.map(({ model }) => model),
      credits.map(({ touchId }) => touchId), credits.map(({ amountMinor }) => amountMinor),
      credits.map(({ share }) => share), credits.map(({ touchedAt }) => touchedAt),
    ],
  );
}
