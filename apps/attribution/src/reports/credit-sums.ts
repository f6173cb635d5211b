import type { JourneyModel, TouchModel } from '@crossdock/attribution-models';
import type { Money } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import type { Dimension, Period } from './report-query.ts';

/** What one key is credited with by one model in one currency. */
export interface CreditSum extends Money {
  readonly key: string | null;
  readonly model: JourneyModel;
  readonly conversions: number;
}

interface SumRow {
  readonly model: TouchModel;
  readonly key: string | null;
  readonly currency: string;
  readonly amount_minor: string;
  /** Exact, so that it does not depend on the order in which rows are read. */
  readonly conversions: string;
}

/** What is credited by models that share out each deal among its own touches. */
export async function readCredits(
  manager: EntityManager, by: Dimension, { period, models }: { readonly period: Period; readonly models: readonly TouchModel[] },
): Promise<CreditSum[]> {
  if (models.length === 0) return [];
  const rows = await manager.query<SumRow[]>(
    `SELECT credit.model, touch.${by} AS key, credit.currency, sum(credit.amount_minor) AS amount_minor, sum(credit.share::numeric) AS conversions
     FROM deal_credit AS credit JOIN touch USING (touch_id) JOIN deal USING (deal_id)
     WHERE credit.model = ANY($1)
       AND coalesce(deal.closed_at, deal.modified_at) >= coalesce($2::timestamptz, '-infinity')
       AND coalesce(deal.closed_at, deal.modified_at) < coalesce($3::timestamptz, 'infinity')
     GROUP BY credit.model, touch.${by}, credit.currency`,
    [[...models], period.from ?? null, period.to ?? null],
  );
  return rows.map(({ model, key, currency, amount_minor, conversions }) => ({ model, key, currency, amountMinor: Number(amount_minor), conversions: Number(conversions) }));
}

/** How many touches there were within a period and what they cost. */
export async function readTouchCounts(manager: EntityManager, by: Dimension, period: Period): Promise<Map<string | null, { touches: number; cost: Money[] }>> {
  const rows = await manager.query<Array<{ key: string | null; touches: string; cost_minor: string | null; cost_currency: string | null }>>(
    `SELECT ${by} AS key, count(*) AS touches, sum(cost_minor) AS cost_minor, cost_currency FROM touch
     WHERE touched_at >= coalesce($1::timestamptz, '-infinity') AND touched_at < coalesce($2::timestamptz, 'infinity')
     GROUP BY ${by}, cost_currency ORDER BY cost_currency`,
    [period.from ?? null, period.to ?? null],
  );
  const counts = new Map<string | null, { touches: number; cost: Money[] }>();
  for (const { key, touches, cost_minor, cost_currency } of rows) {
    const count = counts.get(key) ?? { touches: 0, cost: [] };
    count.touches += Number(touches);
    if (cost_minor !== null && cost_currency !== null) count.cost.push({ amountMinor: Number(cost_minor), currency: cost_currency });
    counts.set(key, count);
  }
  return counts;
}
