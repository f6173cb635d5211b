import { moneySchema } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { currentSettings } from '../settings/settings.repository.ts';
import type { Period } from './report-query.ts';

/** How far the samples of a period have come: each number is of those before it. */
export const sampleFunnelSchema = z.object({
  sent: z.int(),
  delivered: z.int(),
  withDeal: z.int().describe('With a deal that their delivery counts for or may count for once it is won.'),
  withWonDeal: z.int().describe('In the path of a won deal.'),
  wonDeals: z.int().describe(`Of these won deals, each once, whole: what share of it is the samples' says the report.`),
  revenue: z.array(moneySchema).readonly(),
}).meta({ id: 'SampleFunnel' });
export type SampleFunnel = z.infer<typeof sampleFunnelSchema>;

const revenueSchema = z.array(z.object({ currency: z.string(), amountMinor: z.coerce.number() })).nullable().transform((revenue) => revenue ?? []);
const countSchema = z.coerce.number();

/**
 * The journeys that hold, of each sample of a period, as `sampled`: by the settings' number in $2 and days in $3 and $4. A sample belongs to the day when it was sent, or delivered where
 * nobody told that it was sent.
 */
const sampledJourneys = `
  of_period AS (
    SELECT sample.shipment_id, sample.contact_key, coalesce(sample.sent_at, touch.touched_at) AS began_at, touch.touched_at AS delivered_at
    FROM sample LEFT JOIN touch ON touch.touch_id = sample.shipment_id
    WHERE sample.tenant_id = $1 AND coalesce(sample.sent_at, touch.touched_at) >= coalesce($3::timestamp, '-infinity') AT TIME ZONE 'UTC'
      AND coalesce(sample.sent_at, touch.touched_at) < coalesce($4::timestamp, 'infinity') AT TIME ZONE 'UTC'),
  reached AS (
    SELECT DISTINCT of_period.shipment_id, began_at, delivered_at, deal_party.deal_id
    FROM of_period
    JOIN identity AS known ON known.tenant_id = $1 AND known.key = of_period.contact_key
    JOIN identity AS member ON member.tenant_id = $1 AND member.identity_id = known.identity_id
    JOIN deal_party ON deal_party.tenant_id = $1 AND deal_party.key = member.key
    WHERE delivered_at IS NOT NULL),
  sampled AS (
    SELECT reached.shipment_id, began_at, delivered_at, journey.deal_id, journey.converted_at, journey.currency, journey.amount_minor
    FROM reached JOIN journey ON journey.deal_id = reached.deal_id AND journey.rules_version = $2 AND journey.superseded_at IS NULL AND journey.is_won
    WHERE journey.steps -> 'touchIds' @> to_jsonb(reached.shipment_id::text))`;

/** From sample to revenue. */
export async function readFunnel(manager: EntityManager, period: Period): Promise<SampleFunnel> {
  const { live } = await currentSettings(manager);
  const [row] = await manager.query<unknown[]>(
    `WITH ${sampledJourneys}, won AS (SELECT DISTINCT deal_id, currency, amount_minor FROM sampled)
     SELECT (SELECT count(*) FROM of_period) AS sent, (SELECT count(*) FROM of_period WHERE delivered_at IS NOT NULL) AS delivered,
            (SELECT count(DISTINCT shipment_id) FROM reached) AS with_deal, (SELECT count(DISTINCT shipment_id) FROM sampled) AS with_won_deal,
            (SELECT count(*) FROM won) AS won_deals,
            (SELECT json_agg(json_build_object('currency', currency, 'amountMinor', amount_minor) ORDER BY currency)
             FROM (SELECT currency, sum(amount_minor) AS amount_minor FROM won GROUP BY currency) AS sums) AS revenue`,
    [tenantContext.require().tenantId, live.rulesVersion, period.from ?? null, period.to ?? null]);
  const { sent, delivered, with_deal: withDeal, with_won_deal: withWonDeal, won_deals: wonDeals, revenue } = z.object({
    sent: countSchema, delivered: countSchema, with_deal: countSchema, with_won_deal: countSchema, won_deals: countSchema, revenue: revenueSchema,
  }).parse(row);
  return { sent, delivered, withDeal, withWonDeal, wonDeals, revenue };
}

/** The samples of one month, and what became of them month by month after it. */
export const sampleCohortSchema = z.object({
  month: z.string().describe('`YYYY-MM`.'),
  samples: z.int(),
  months: z.array(z.object({
    after: z.int(),
    wonDeals: z.int(),
    revenue: z.array(moneySchema).readonly(),
  })).readonly().describe(`Won deals with one of these samples in their path, by how many months after the sample's they were won. A deal counts for its first sample.`),
}).meta({ id: 'SampleCohort' });
export type SampleCohort = z.infer<typeof sampleCohortSchema>;

/** Cohorts by the month of a sample. */
export async function readCohorts(manager: EntityManager, period: Period): Promise<SampleCohort[]> {
  const { live } = await currentSettings(manager);
  const rows = z.array(z.object({
    month: z.string(), samples: countSchema, months: z.array(z.object({ after: z.int(), wonDeals: countSchema, revenue: revenueSchema })).nullable(),
  })).parse(await manager.query(
    `WITH ${sampledJourneys},
     firsts AS (
       SELECT DISTINCT ON (deal_id) deal_id, began_at AT TIME ZONE 'UTC' AS began, converted_at AT TIME ZONE 'UTC' AS converted, currency, amount_minor
       FROM sampled ORDER BY deal_id, began_at, shipment_id),
     sums AS (
       SELECT to_char(began, 'YYYY-MM') AS month,
              ((extract(year FROM converted) - extract(year FROM began)) * 12 + extract(month FROM converted) - extract(month FROM began))::int AS after,
              currency, count(*) AS deals, sum(amount_minor) AS amount_minor
       FROM firsts GROUP BY 1, 2, 3),
     months AS (
       SELECT month, after, sum(deals) AS deals, json_agg(json_build_object('currency', currency, 'amountMinor', amount_minor) ORDER BY currency) AS revenue
       FROM sums GROUP BY 1, 2)
     SELECT cohort.month, cohort.samples,
            (SELECT json_agg(json_build_object('after', after, 'wonDeals', deals, 'revenue', revenue) ORDER BY after) FROM months WHERE months.month = cohort.month) AS months
     FROM (SELECT to_char(began_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, count(*) AS samples FROM of_period GROUP BY 1) AS cohort ORDER BY 1`,
    [tenantContext.require().tenantId, live.rulesVersion, period.from ?? null, period.to ?? null]));
  return rows.map(({ month, samples, months }) => ({ month, samples, months: months ?? [] }));
}

/** How long it took from the first touch to the close, over the deals won within a period. */
export const timeToRevenueSchema = z.object({
  deals: z.int(),
  meanDays: z.number().exactOptional().describe('Days, absent where no deal was touched.'),
  medianDays: z.number().exactOptional(),
  ninetiethDays: z.number().exactOptional(),
}).meta({ id: 'TimeToRevenue' });
export type TimeToRevenue = z.infer<typeof timeToRevenueSchema>;

export async function readTimeToRevenue(manager: EntityManager, period: Period): Promise<TimeToRevenue> {
  const { live } = await currentSettings(manager);
  const [row] = await manager.query<unknown[]>(
    `SELECT count(*) AS deals, avg(days)::float8 AS mean, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS median, percentile_cont(0.9) WITHIN GROUP (ORDER BY days) AS ninetieth
     FROM (SELECT ((extract(epoch FROM converted_at) * 1000 - (steps -> 'atMs' ->> 0)::numeric) / 86400000)::float8 AS days FROM journey
           WHERE tenant_id = $1 AND rules_version = $2 AND superseded_at IS NULL AND is_won AND steps -> 'atMs' <> '[]'
             AND converted_at >= coalesce($3::timestamp, '-infinity') AT TIME ZONE 'UTC' AND converted_at < coalesce($4::timestamp, 'infinity') AT TIME ZONE 'UTC') AS times`,
    [tenantContext.require().tenantId, live.rulesVersion, period.from ?? null, period.to ?? null]);
  const { deals, mean, median, ninetieth } = z.object({ deals: countSchema, mean: z.number().nullable(), median: z.number().nullable(), ninetieth: z.number().nullable() }).parse(row);
  return { deals, ...(mean !== null && { meanDays: mean }), ...(median !== null && { medianDays: median }), ...(ninetieth !== null && { ninetiethDays: ninetieth }) };
}
