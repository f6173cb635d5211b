import { type DealStatus, type FieldValue } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { AttributionSettings } from '../settings/settings.ts';
import type { Touch } from '../touches/touch.ts';
import { type Journey, stepsOf } from './journey.ts';

/** A deal with all touches that may count for it. */
export interface CreditableDeal {
  readonly dealId: string;
  readonly connectionId: string;
  readonly status: DealStatus;
  readonly stage: string | undefined;
  readonly owner: FieldValue | undefined;
  readonly revenue: { readonly amountMinor: number; readonly currency: string } | undefined;
  readonly closedAt: Date;
  readonly openedAt: Date;
  /** It is gone from its CRM, or it is an order that a deal of a CRM stands for. */
  readonly isCountedElsewhere: boolean;
  readonly touches: readonly Touch[];
}

/** The journey that a deal gives by these settings; undefined where it is not won, or by now is counted elsewhere. */
export function journeyOf(deal: CreditableDeal, settings: AttributionSettings): Journey | undefined {
  if (!deal.revenue || deal.isCountedElsewhere || !isConverted(deal, settings)) return undefined;
  return {
    convertedAt: deal.closedAt, openedAt: deal.openedAt, revenue: deal.revenue, account: deal.connectionId,
    owner: typeof deal.owner === 'string' || typeof deal.owner === 'number' ? String(deal.owner) : undefined,
    steps: stepsOf(deal.touches, { end: deal.closedAt, windowDays: settings.windowDays, touchKinds: settings.touchKinds }),
  };
}

function isConverted({ connectionId, status, stage }: CreditableDeal, { conversionStages }: AttributionSettings): boolean {
  const stages = conversionStages[connectionId];
  return stages ? stage !== undefined && stages.includes(stage) : status === 'won';
}

interface DealRow {
  readonly deal_id: string;
  readonly connection_id: string;
  readonly external_key: string | null;
  readonly status: DealStatus;
  readonly stage: string | null;
  readonly owner: FieldValue | null;
  readonly amount_minor: string | null;
  readonly currency: string | null;
  readonly closed_at: Date;
  readonly opened_at: Date;
  readonly elsewhere: boolean;
  readonly has_contact: boolean;
}

interface TouchRow {
  readonly deal_id: string;
  readonly touch_id: string;
  readonly kind: Touch['kind'];
  readonly at_ms: number;
  readonly channel: string;
  readonly campaign: string | null;
  readonly product: string | null;
}

/** Reads deals and the touches that may count for them; deals that are not there are left out. */
export async function readCreditableDeals(manager: EntityManager, dealIds: readonly string[], settings: AttributionSettings): Promise<CreditableDeal[]> {
  if (dealIds.length === 0) return [];
  const { tenantId } = tenantContext.require();
  const deals = await manager.query<DealRow[]>(
    `SELECT deal_id, connection_id, external_key, status, stage, custom -> $3 AS owner, amount_minor, currency,
            coalesce(closed_at, modified_at) AS closed_at, opened_at,
            EXISTS (SELECT FROM gone_deal WHERE gone_deal.deal_id = deal.deal_id AND gone_deal.gone_at >= deal.modified_at)
              OR (vendor = ANY($4) AND EXISTS (
                SELECT FROM deal AS twin LEFT JOIN gone_deal AS gone ON gone.deal_id = twin.deal_id AND gone.gone_at >= twin.modified_at
                WHERE twin.tenant_id = $2 AND twin.external_key = deal.external_key AND twin.deal_id <> deal.deal_id AND gone.deal_id IS NULL)) AS elsewhere,
            EXISTS (SELECT FROM deal_party WHERE deal_party.deal_id = deal.deal_id AND key !~ '^(domain|company):') AS has_contact
     FROM deal WHERE tenant_id = $2 AND deal_id = ANY($1)`,
    [[...dealIds], tenantId, settings.ownerField, shops]);
  const touches = Map.groupBy(await readTouches(manager, deals, settings), ({ deal_id: id }) => id);
  return deals.map((deal) => ({
    dealId: deal.deal_id, connectionId: deal.connection_id, status: deal.status, stage: deal.stage ?? undefined, owner: deal.owner ?? undefined,
    revenue: deal.amount_minor === null || deal.currency === null ? undefined : { amountMinor: Number(deal.amount_minor), currency: deal.currency },
    closedAt: deal.closed_at, openedAt: deal.opened_at, isCountedElsewhere: deal.elsewhere,
    touches: (touches.get(deal.deal_id) ?? []).map(({ touch_id: touchId, kind, at_ms: atMs, channel, campaign, product }) =>
      ({ touchId, kind, touchedAt: new Date(atMs), channel, campaign, product })),
  }));
}

const shops = ['woocommerce'];

/**
 * The touches of each deal's people by all their keys, of its companies' people where these count, and those that name the deal.
 * An order is no touch of the deal that stands for it, which has its id for a key.
 */
async function readTouches(manager: EntityManager, deals: readonly DealRow[], { reach }: AttributionSettings): Promise<TouchRow[]> {
  const { tenantId } = tenantContext.require();
  const byCompany = deals.filter(({ has_contact: hasContact }) => reach === 'company' || !hasContact).map(({ deal_id: id }) => id);
  const orderIds = new Map(deals.map(({ deal_id: id, external_key: key }) => [id, key]));
  const rows = await manager.query<TouchRow[]>(
    `WITH member AS (
       SELECT DISTINCT party.deal_id, member.key
       FROM deal_party AS party
       JOIN identity AS known ON known.tenant_id = $2 AND known.key = party.key
       JOIN identity AS member ON member.tenant_id = $2 AND member.identity_id = known.identity_id
       WHERE party.tenant_id = $2 AND party.deal_id = ANY($1)),
     reached AS (
       SELECT member.deal_id, ${touchColumns} FROM member JOIN touch ON touch.tenant_id = $2 AND touch.contact_key = member.key
       UNION ALL
       SELECT member.deal_id, ${touchColumns} FROM member JOIN touch ON touch.tenant_id = $2 AND touch.company_key = member.key
       WHERE member.key LIKE 'domain:%' AND (member.deal_id = ANY($3) OR touch.contact_key IS NULL)
       UNION ALL
       SELECT touch.deal_id, ${touchColumns} FROM touch WHERE touch.tenant_id = $2 AND touch.deal_id = ANY($1))
     SELECT DISTINCT deal_id, touch_id, kind, (extract(epoch FROM touched_at) * 1000)::float8 AS at_ms, channel, campaign, product FROM reached`,
    [deals.map(({ deal_id: id }) => id), tenantId, byCompany]);
  return rows.filter(({ deal_id: dealId, touch_id: touchId, kind }) => kind !== 'order' || touchId !== orderIds.get(dealId));
}

const touchColumns = 'touch.touch_id, touch.kind, touch.touched_at, touch.channel, touch.campaign, touch.product';
