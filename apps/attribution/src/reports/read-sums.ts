import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { anyModel, type unattributed } from '../credit/contributions.ts';
import { noAccount } from '../credit/step-sums.ts';
import type { Dimension, Period, Workspaces } from './report-query.ts';

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

/** Which deals and touches a report is of. */
export interface Selection {
  readonly by: Dimension;
  readonly period: Period;
  /** Those of these connections alone. */
  readonly accounts: readonly string[] | undefined;
  /** The connections of each workspace. */
  readonly workspaces: Workspaces;
}

/** Which sums answer for a dimension: months and workspaces are those of all deals, wherever they are. */
function kept(by: Dimension | typeof unattributed): string {
  return by === 'month' || by === 'workspace' ? 'account' : by;
}

/** The sums of a period by key, model, currency and day; of deals' own traits the one model `any`. */
export async function readDaySums(
  manager: EntityManager, rulesVersion: number,
  { by, period, accounts, workspaces, models }: Omit<Selection, 'by'> & { readonly by: Dimension | typeof unattributed; readonly models: readonly string[] },
): Promise<DaySum[]> {
  const rows = await manager.query<Array<{ key: string; model: string; day: string; currency: string; amount_minor: string; parts: string }>>(
    `SELECT ${by === 'month' ? `to_char(day, 'YYYY-MM')` : by === 'workspace' ? workspaceOf('account', '$8') : 'key'} AS key, model, to_char(day, 'YYYY-MM-DD') AS day, currency, sum(amount_minor) AS amount_minor, sum(parts) AS parts
     FROM credit_sum
     WHERE tenant_id = $1 AND rules_version = $2 AND dimension = $3 AND model = ANY($4) AND (amount_minor <> 0 OR parts <> 0)
       AND day >= coalesce($5::date, '-infinity') AND day < coalesce($6::date, 'infinity') AND ($7::uuid[] IS NULL OR account = ANY($7))
       AND ${isTold('$8')}
     GROUP BY 1, 2, 3, 4 ORDER BY 3, 2, 1, 4`,
    [tenantContext.require().tenantId, rulesVersion, kept(by), [...models, anyModel], period.from ?? null, period.to ?? null, accounts ?? null, JSON.stringify(workspaces)]);
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
  manager: EntityManager, { by, period, accounts, workspaces, touchKinds }: Selection & { readonly touchKinds: readonly string[] },
): Promise<TouchSum[]> {
  if (by === 'owner') return [];
  const key = by === 'month' ? `to_char(day, 'YYYY-MM')` : by === 'workspace' ? workspaceOf('account', '$6') : by === 'account' ? `nullif(account, '${noAccount}')::text` : `replace(${by}, E'\\n', ' ')`;
  const rows = await manager.query<Array<{ key: string; day: string; touches: string; cost_minor: string; cost_currency: string }>>(
    `SELECT coalesce(${key}, '') AS key, to_char(day, 'YYYY-MM-DD') AS day, sum(touches) AS touches, sum(cost_minor) AS cost_minor, currency AS cost_currency
     FROM (SELECT ${counted} FROM touch_count WHERE tenant_id = $1 UNION ALL SELECT ${counted} FROM touch_change WHERE tenant_id = $1) AS counts
     WHERE kind = ANY($2) AND day >= coalesce($3::date, '-infinity') AND day < coalesce($4::date, 'infinity') AND ($5::uuid[] IS NULL OR account = ANY($5))
       AND ${isTold('$6')}
     GROUP BY 1, 2, 5 HAVING sum(touches) > 0 ORDER BY 1, 2, 5`,
    [tenantContext.require().tenantId, [...touchKinds], period.from ?? null, period.to ?? null, accounts ?? null, JSON.stringify(workspaces)]);
  return rows.map(({ cost_minor: costMinor, cost_currency: currency, touches, ...row }) => ({
    ...row, touches: Number(touches), cost: currency === '' ? undefined : { amountMinor: Number(costMinor), currency },
  }));
}

const counted = 'day, kind, account, channel, campaign, product, currency, touches, cost_minor';

/** That PostgreSQL knows the type of a parameter which only some dimensions ask for. */
const isTold = (parameter: string): string => `${parameter}::jsonb IS NOT NULL`;

/** The workspace that an account belongs to, of those that a parameter tells; empty where it belongs to none. */
function workspaceOf(account: string, parameter: string): string {
  return `coalesce((SELECT workspace.key FROM jsonb_each(${parameter}::jsonb) AS workspace WHERE workspace.value ? ${account}::text ORDER BY workspace.key LIMIT 1), '')`;
}
