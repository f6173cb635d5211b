import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { anyModel, type unattributed } from '../credit/contributions.ts';
import type { Dimension, Period } from './report-query.ts';

/** What one key is credited with by one model on one day, in one currency. */
export interface DaySum {
  readonly key: string;
  readonly model: string;
  readonly day: string;
  readonly currency: string;
  readonly amountMinor: number;
  /** Billionths of conversions. */
  readonly parts: number;
}

/** Which sums answer for a dimension: months are those of all deals, wherever they are. */
function kept(by: Dimension | typeof unattributed): string {
  return by === 'month' ? 'account' : by;
}

/** The sums of a period by key, model, currency and day; of deals' own traits the one model `any`. */
export async function readDaySums(
  manager: EntityManager, rulesVersion: number,
  { by, period, models }: { readonly by: Dimension | typeof unattributed; readonly period: Period; readonly models: readonly string[] },
): Promise<DaySum[]> {
  const rows = await manager.query<Array<{ key: string; model: string; day: string; currency: string; amount_minor: string; parts: string }>>(
    `SELECT ${by === 'month' ? `to_char(day, 'YYYY-MM')` : 'key'} AS key, model, to_char(day, 'YYYY-MM-DD') AS day, currency, sum(amount_minor) AS amount_minor, sum(parts) AS parts
     FROM credit_sum
     WHERE tenant_id = $1 AND rules_version = $2 AND dimension = $3 AND model = ANY($4) AND (amount_minor <> 0 OR parts <> 0)
       AND day >= coalesce($5::date, '-infinity') AND day < coalesce($6::date, 'infinity')
     GROUP BY 1, 2, 3, 4 ORDER BY 3, 2, 1, 4`,
    [tenantContext.require().tenantId, rulesVersion, kept(by), [...models, anyModel], period.from ?? null, period.to ?? null]);
  return rows.map(({ amount_minor: amountMinor, parts, ...row }) => ({ ...row, amountMinor: Number(amountMinor), parts: Number(parts) }));
}

/** Touches of a period by key: how many, and what they cost by day and currency. */
export interface TouchSum {
  readonly key: string;
  readonly day: string;
  readonly touches: number;
  readonly cost: { readonly amountMinor: number; readonly currency: string } | undefined;
}

export async function readTouchSums(
  manager: EntityManager, { by, period, touchKinds }: { readonly by: Dimension; readonly period: Period; readonly touchKinds: readonly string[] },
): Promise<TouchSum[]> {
  if (by === 'account' || by === 'owner') return [];
  const key = by === 'month' ? `to_char(touched_at AT TIME ZONE 'UTC', 'YYYY-MM')` : `coalesce(${by}, '')`;
  const rows = await manager.query<Array<{ key: string; day: string; touches: string; cost_minor: string | null; cost_currency: string | null }>>(
    `SELECT ${key} AS key, to_char(touched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*) AS touches, sum(cost_minor) AS cost_minor, cost_currency
     FROM touch
     WHERE tenant_id = $1 AND kind = ANY($2)
       AND touched_at >= coalesce($3::timestamp, '-infinity') AT TIME ZONE 'UTC' AND touched_at < coalesce($4::timestamp, 'infinity') AT TIME ZONE 'UTC'
     GROUP BY 1, 2, 5 ORDER BY 1, 2, 5`,
    [tenantContext.require().tenantId, [...touchKinds], period.from ?? null, period.to ?? null]);
  return rows.map(({ cost_minor: costMinor, cost_currency: currency, touches, ...row }) => ({
    ...row, touches: Number(touches), cost: costMinor === null || currency === null ? undefined : { amountMinor: Number(costMinor), currency },
  }));
}
