import type { FieldValue } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { Rules } from '../settings/settings.repository.ts';
import type { AttributionSettings } from '../settings/settings.ts';
import type { Touch } from '../touches/touch.ts';
import type { FactSelection } from './fact-selection.ts';
import { type Journey, stepsOf } from './journey.ts';
import { millisecondsOf, type ReachedTouch, reachedTouch, touchesOf } from './reached-touch.ts';

/** A deal with all touches that may count for it. */
export interface CreditableDeal {
  readonly dealId: string;
  readonly connectionId: string;
  /** By the settings that it was read with. */
  readonly isConverted: boolean;
  readonly owner: FieldValue | undefined;
  readonly revenue: { readonly amountMinor: number; readonly currency: string } | undefined;
  readonly closedAt: Date;
  readonly openedAt: Date;
  /** It is gone from its CRM, or it is an order that a deal of a CRM stands for. */
  readonly isCountedElsewhere: boolean;
  /** None where it gives no journey. */
  readonly touches: readonly Touch[];
}

/** The journey that a deal gives by these settings; undefined where it is not won, or by now is counted elsewhere. */
export function journeyOf(deal: CreditableDeal, settings: AttributionSettings): Journey | undefined {
  if (!deal.revenue || deal.isCountedElsewhere || !deal.isConverted) return undefined;
  return {
    convertedAt: deal.closedAt, openedAt: deal.openedAt, revenue: deal.revenue, account: deal.connectionId,
    owner: typeof deal.owner === 'string' || typeof deal.owner === 'number' ? String(deal.owner) : undefined,
    steps: stepsOf(deal.touches, { end: deal.closedAt, windowDays: settings.windowDays, touchKinds: settings.touchKinds }),
  };
}

interface DealRow {
  readonly deal_id: string;
  readonly connection_id: string;
  readonly external_key: string | null;
  readonly is_converted: boolean;
  readonly owner: FieldValue | null;
  readonly amount_minor: string | null;
  readonly currency: string | null;
  readonly closed_at_ms: string;
  readonly opened_at_ms: string;
  readonly elsewhere: boolean;
  readonly touches: readonly ReachedTouch[] | null;
}

/** Reads deals and the touches that may count for them; deals that are not there are left out. */
export async function readCreditableDeals(manager: EntityManager, dealIds: readonly string[], settings: AttributionSettings): Promise<CreditableDeal[]> {
  if (dealIds.length === 0) return [];
  const rows = await manager.query<DealRow[]>(dealsWithTouches('deal_id = ANY($6)'), [...valuesOf(settings), [...dealIds]]);
  return rows.map(creditableDealOf);
}

/**
 * Those of the deals that results may follow from: converted by these rules, or kept as won by them until now. Of any other nothing is given and nothing is taken back.
 */
export async function countingDeals(manager: EntityManager, dealIds: readonly string[], { rulesVersion, settings }: Rules): Promise<string[]> {
  if (dealIds.length === 0) return [];
  const rows = await manager.query<Array<{ deal_id: string }>>(
    `SELECT deal_id FROM deal WHERE tenant_id = $1 AND deal_id = ANY($2) AND (${isConverted('$3')}
       OR (SELECT is_won FROM journey WHERE journey.deal_id = deal.deal_id AND journey.rules_version = $4 AND superseded_at IS NULL))`,
    [tenantContext.require().tenantId, [...dealIds], JSON.stringify(settings.conversionStages), rulesVersion]);
  return rows.map(({ deal_id: id }) => id);
}

/** The deals that come after one, by their ids, with the touches that may count for them. */
export function creditableDealsAfter(after: string, atMost: number, settings: AttributionSettings): FactSelection<CreditableDeal> {
  return {
    statement: dealsWithTouches('deal_id > $6 ORDER BY deal_id LIMIT $7'), values: [...valuesOf(settings), after, atMost],
    factsOf: (rows: readonly DealRow[]) => rows.map(creditableDealOf),
  };
}

const shops = ['woocommerce'];

function valuesOf({ ownerField, reach, conversionStages }: AttributionSettings): unknown[] {
  return [tenantContext.require().tenantId, ownerField, shops, reach === 'company', JSON.stringify(conversionStages)];
}

/** @param stages the parameter with the stages that settings name, by connection */
const isConverted = (stages: `$${number}`): string =>
  `CASE WHEN ${stages}::jsonb ? connection_id::text THEN coalesce(${stages}::jsonb -> connection_id::text ? stage, false) ELSE status = 'won' END`;

/**
 * The touches of each deal's people by all their keys, of its companies' people where these count, and those that name the deal. Of a deal that gives no journey none
 * are read: a company may have thousands of open deals, with all that ever reached anybody there for each.
 */
const dealsWithTouches = (wanted: string): string => `
  WITH wanted AS MATERIALIZED (
    SELECT deal_id, connection_id, external_key, custom -> $2 AS owner,
           ${isConverted('$5')} AS is_converted, amount_minor, currency,
           ${millisecondsOf('coalesce(closed_at, modified_at)')} AS closed_at_ms, ${millisecondsOf('opened_at')} AS opened_at_ms,
           EXISTS (SELECT FROM gone_deal WHERE gone_deal.deal_id = deal.deal_id AND gone_deal.gone_at >= deal.modified_at)
             OR (vendor = ANY($3) AND EXISTS (
               SELECT FROM deal AS twin LEFT JOIN gone_deal AS gone ON gone.deal_id = twin.deal_id AND gone.gone_at >= twin.modified_at
               WHERE twin.tenant_id = $1 AND twin.external_key = deal.external_key AND twin.deal_id <> deal.deal_id AND gone.deal_id IS NULL)) AS elsewhere
    FROM deal WHERE tenant_id = $1 AND ${wanted}),
  counted AS (SELECT deal_id FROM wanted WHERE is_converted AND NOT elsewhere),
  reaching AS (
    SELECT DISTINCT party.deal_id, known.identity_id
    FROM counted
    JOIN deal_party AS party ON party.tenant_id = $1 AND party.deal_id = counted.deal_id
    JOIN identity AS known ON known.tenant_id = $1 AND known.key = party.key),
  member AS (
    SELECT reaching.deal_id, own.key FROM reaching JOIN identity AS own ON own.tenant_id = $1 AND own.identity_id = reaching.identity_id),
  reached AS (
    SELECT member.deal_id, ${reachedTouch} AS touch FROM member JOIN touch ON touch.tenant_id = $1 AND touch.contact_key = member.key
    UNION ALL
    SELECT member.deal_id, ${reachedTouch} FROM member JOIN touch ON touch.tenant_id = $1 AND touch.company_key = member.key
    WHERE member.key LIKE 'domain:%'
      AND ($4 OR touch.contact_key IS NULL
        OR NOT EXISTS (SELECT FROM deal_party AS party WHERE party.deal_id = member.deal_id AND party.key !~ '^(domain|company):'))
    UNION ALL
    SELECT counted.deal_id, ${reachedTouch} FROM counted JOIN touch ON touch.tenant_id = $1 AND touch.deal_id = counted.deal_id),
  way AS (SELECT deal_id, json_agg(touch) AS touches FROM reached GROUP BY deal_id)
  SELECT wanted.*, way.touches FROM wanted LEFT JOIN way USING (deal_id) ORDER BY deal_id`;

/** An order is no touch of the deal that stands for it, which has its id for a key. */
function creditableDealOf(deal: DealRow): CreditableDeal {
  return {
    dealId: deal.deal_id, connectionId: deal.connection_id, isConverted: deal.is_converted, owner: deal.owner ?? undefined,
    revenue: deal.amount_minor === null || deal.currency === null ? undefined : { amountMinor: Number(deal.amount_minor), currency: deal.currency },
    closedAt: new Date(Number(deal.closed_at_ms)), openedAt: new Date(Number(deal.opened_at_ms)), isCountedElsewhere: deal.elsewhere,
    touches: touchesOf(deal.touches).filter(({ kind, touchId }) => kind !== 'order' || touchId !== deal.external_key),
  };
}
