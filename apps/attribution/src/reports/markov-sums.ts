import { JourneyTableBuilder, markovEffects, stepsEffects } from '@crossdock/attribution-models';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { apportion } from '../credit/apportion.ts';
import { chainStates, noAccount } from '../credit/step-sums.ts';
import { type TouchDimension, touchDimensions } from '../credit/touch-dimensions.ts';
import type { DaySum } from './read-sums.ts';
import type { Dimension, Period } from './report-query.ts';

interface Question {
  readonly by: Dimension;
  readonly period: Period;
  /** Journeys to deals of these connections alone, and those that have led to nothing. */
  readonly accounts: readonly string[] | undefined;
  readonly order: number;
}

/**
 * What keys are credited with by removal effects in a Markov chain of a period's journeys, won ones and those that led to nothing. Each day's
 * revenue in each currency is shared out by the effects of the whole period.
 * @param shared the sums of a model that shares out all of it, which tell how much there is
 */
export async function markovSums(manager: EntityManager, rulesVersion: number, { by, period, accounts, order }: Question, shared: readonly DaySum[]): Promise<DaySum[]> {
  const dimension = touchDimensions.find((each) => each === by);
  if (!dimension) return [];
  const effects = order === 1
    ? await effectsOfSums(manager, rulesVersion, dimension, { period, accounts })
    : await effectsOfJourneys(manager, rulesVersion, dimension, { period, accounts, order });
  const keys = [...effects.keys()].sort();
  const weights = keys.map((key) => effects.get(key) ?? 0);
  if (weights.every((weight) => weight === 0)) return [];
  return [...Map.groupBy(shared, ({ day, currency }) => `${day}\n${currency}`).values()].flatMap((sums) => {
    const [first] = sums;
    if (!first) return [];
    const amounts = apportion(sums.reduce((total, { amountMinor }) => total + amountMinor, 0), weights);
    const parts = apportion(sums.reduce((total, sum) => total + sum.parts, 0), weights);
    return keys.map((key, index) => ({ key, model: 'markov', day: first.day, currency: first.currency, amountMinor: amounts[index] ?? 0, parts: parts[index] ?? 0 }));
  });
}

/** Of order 1, from counted steps alone. */
async function effectsOfSums(manager: EntityManager, rulesVersion: number, dimension: TouchDimension, { period, accounts }: Pick<Question, 'period' | 'accounts'>): Promise<Map<string, number>> {
  const steps = await manager.query<Array<{ from_state: string; to_state: string; count: string }>>(
    `SELECT from_state, to_state, sum(count) AS count FROM step_sum
     WHERE tenant_id = $1 AND rules_version = $2 AND dimension = $3 AND count <> 0 AND day >= coalesce($4::date, '-infinity') AND day < coalesce($5::date, 'infinity')
       AND ($6::uuid[] IS NULL OR account = ANY($6 || '{${noAccount}}'::uuid[]))
     GROUP BY 1, 2 HAVING sum(count) > 0 ORDER BY 1, 2`,
    [tenantContext.require().tenantId, rulesVersion, dimension, period.from ?? null, period.to ?? null, accounts ?? null]);
  return stepsEffects(steps.map(({ from_state: from, to_state: to, count }) => ({
    from: from === chainStates.start ? undefined : from.slice(1),
    to: to === chainStates.conversion ? 'conversion' : to === chainStates.nothing ? 'nothing' : { channel: to.slice(1) },
    count: Number(count),
  })));
}

/** Of a higher order: the database counts equal journeys. */
async function effectsOfJourneys(
  manager: EntityManager, rulesVersion: number, dimension: TouchDimension, { period, accounts, order }: Pick<Question, 'period' | 'accounts' | 'order'>,
): Promise<Map<string, number>> {
  const column = `steps -> '${dimension}s'`;
  const rows = await manager.query<Array<{ path: ReadonlyArray<string | null>; is_won: boolean; journeys: string }>>(
    `SELECT path, is_won, count(*) AS journeys FROM (
       SELECT ${column} AS path, true AS is_won FROM journey
       WHERE tenant_id = $1 AND rules_version = $2 AND superseded_at IS NULL AND is_won
         AND converted_at >= coalesce($3::timestamp, '-infinity') AT TIME ZONE 'UTC' AND converted_at < coalesce($4::timestamp, 'infinity') AT TIME ZONE 'UTC'
         AND ($5::uuid[] IS NULL OR account = ANY($5))
       UNION ALL
       SELECT ${column}, false FROM open_journey
       WHERE tenant_id = $1 AND rules_version = $2
         AND ended_at >= coalesce($3::timestamp, '-infinity') AT TIME ZONE 'UTC' AND ended_at < coalesce($4::timestamp, 'infinity') AT TIME ZONE 'UTC') AS each
     WHERE path <> '[]' GROUP BY path, is_won ORDER BY path, is_won`,
    [tenantContext.require().tenantId, rulesVersion, period.from ?? null, period.to ?? null, accounts ?? null]);
  const builder = new JourneyTableBuilder();
  for (const { path, is_won: isWon, journeys } of rows) {
    builder.add(path.map((key) => key ?? ''), { conversions: isWon ? Number(journeys) : 0, nulls: isWon ? 0 : Number(journeys), value: 0 });
  }
  const table = builder.build();
  const effects = markovEffects(table, order);
  return new Map(table.channels.map((channel, index) => [channel, effects[index] ?? 0]));
}
