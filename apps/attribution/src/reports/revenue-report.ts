import { type JourneyModel, touchModels } from '@crossdock/attribution-models';
import type { Money } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { type CreditSum, readCredits, readTouchCounts } from './credit-sums.ts';
import { journeyCredits } from './journey-credits.ts';
import type { Dimension, ReportQuery } from './report-query.ts';

/** What one channel, campaign or product is credited with by one model. */
export interface Credited {
  readonly model: JourneyModel;
  /** Won deals, those shared with others in part. */
  readonly conversions: number;
  /** One entry a currency; the sums over all rows are the revenue of the won deals to the minor unit. */
  readonly revenue: readonly Money[];
}

export interface RevenueReport {
  readonly by: Dimension;
  readonly from?: string;
  readonly to?: string;
  /** By key; touches of no campaign or product stand under the key null. */
  readonly rows: ReadonlyArray<{
    readonly key: string | null;
    readonly touches: number;
    readonly cost: readonly Money[];
    readonly credits: readonly Credited[];
  }>;
}

/** Models side by side: what each channel, campaign or product brought, of the deals won within a period. */
export async function reportRevenue(manager: EntityManager, query: ReportQuery): Promise<RevenueReport> {
  const { by, from, to, models } = query;
  const period = { from, to };
  const counts = await readTouchCounts(manager, by, period);
  const credits = [
    ...await readCredits(manager, by, { period, models: touchModels.filter((model) => models.includes(model)) }),
    ...await journeyCredits(manager, by, { period, models, order: query.order }),
  ];
  const keys = [...new Set([...counts.keys(), ...credits.map(({ key }) => key)])].sort(byKey);
  return {
    by,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    rows: keys.map((key) => ({
      key,
      touches: counts.get(key)?.touches ?? 0,
      cost: counts.get(key)?.cost ?? [],
      credits: models.map((model) => ({ model, ...creditedOf(credits.filter((credit) => credit.key === key && credit.model === model)) })),
    })),
  };
}

function creditedOf(sums: readonly CreditSum[]): Omit<Credited, 'model'> {
  return {
    conversions: sums.reduce((total, { conversions }) => total + conversions, 0),
    revenue: sums.map(({ amountMinor, currency }) => ({ amountMinor, currency })).toSorted((a, b) => (a.currency < b.currency ? -1 : 1)),
  };
}

function byKey(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  return b === null || a < b ? -1 : 1;
}
