import { computeCredits, defaultParameters, type JourneyModel, type JourneyWideModel, journeyWideModels, JourneyTableBuilder } from '@crossdock/attribution-models';
import type { EntityManager } from 'typeorm';
import { apportion } from '../credit/apportion.ts';
import type { CreditSum } from './credit-sums.ts';
import type { Dimension, Period } from './report-query.ts';

/** All journeys of one way that ended alike. */
interface JourneyRow {
  readonly path: ReadonlyArray<string | null>;
  /** Null where the journeys came to nothing. */
  readonly currency: string | null;
  readonly journeys: string;
  readonly amount_minor: string | null;
}

/** What a touch without a campaign or product counts as, beside those with one: no name that a person can give. */
const none = '\u0000';

/**
 * What is credited by models that look at all journeys: those of the deals won within a period, and those of contacts whose touches
 * of the period led to no won deal. Conversions decide the parts; each currency's revenue is shared out by them.
 */
export async function journeyCredits(
  manager: EntityManager, by: Dimension,
  { period, models, order }: { readonly period: Period; readonly models: readonly JourneyModel[]; readonly order: number },
): Promise<CreditSum[]> {
  const wanted = journeyWideModels.filter((model) => models.includes(model));
  if (wanted.length === 0) return [];
  const journeys = [...await readWonJourneys(manager, by, period), ...await readLostJourneys(manager, by, period)];
  return wanted.flatMap((model) => creditsOf(journeys, model, order));
}

function creditsOf(journeys: readonly JourneyRow[], model: JourneyWideModel, order: number): CreditSum[] {
  const currencies = [...new Set(journeys.flatMap(({ currency }) => currency ?? []))].sort();
  return currencies.flatMap((currency) => {
    // A Markov chain is one for all currencies; by Shapley each journey's revenue stays with its own channels.
    const builder = new JourneyTableBuilder();
    for (const journey of journeys) {
      const isWon = journey.currency !== null;
      const isCounted = model === 'markov' || journey.currency === currency;
      builder.add(journey.path.map((key) => key ?? none), {
        conversions: isWon && isCounted ? Number(journey.journeys) : 0,
        nulls: isWon ? 0 : Number(journey.journeys),
        value: journey.currency === currency ? Number(journey.amount_minor) : 0,
      });
    }
    const table = builder.build();
    const { conversions, values } = computeCredits(table, model, { ...defaultParameters, order });
    const ofCurrency = journeys.filter((journey) => journey.currency === currency);
    const revenue = ofCurrency.reduce((total, { amount_minor }) => total + Number(amount_minor), 0);
    const won = ofCurrency.reduce((total, row) => total + Number(row.journeys), 0);
    const all = conversions.reduce((total, part) => total + part, 0);
    // Where refunds make parts negative, they are not weights; each journey's conversions are.
    const amounts = apportion(revenue, [...(values.every((value) => value >= 0) && revenue > 0 ? values : conversions)]);
    return table.channels.map((channel, index) => ({
      key: channel === none ? null : channel, model, currency, amountMinor: amounts[index] ?? 0,
      conversions: all === 0 ? 0 : ((conversions[index] ?? 0) * won) / all,
    })).filter(({ conversions: part, amountMinor }) => part > 0 || amountMinor !== 0);
  });
}

function readWonJourneys(manager: EntityManager, by: Dimension, period: Period): Promise<JourneyRow[]> {
  return manager.query(
    `SELECT path, currency, count(*) AS journeys, sum(amount_minor) AS amount_minor
     FROM (SELECT deal.currency, deal.amount_minor, array_agg(touch.${by} ORDER BY credit.touched_at, credit.touch_id) AS path
           FROM deal_credit AS credit JOIN touch USING (touch_id) JOIN deal USING (deal_id)
           WHERE credit.model = 'linear'
             AND coalesce(deal.closed_at, deal.modified_at) >= coalesce($1::timestamptz, '-infinity')
             AND coalesce(deal.closed_at, deal.modified_at) < coalesce($2::timestamptz, 'infinity')
           GROUP BY deal.deal_id) AS journey
     GROUP BY path, currency ORDER BY path, currency`,
    [period.from ?? null, period.to ?? null],
  );
}

function readLostJourneys(manager: EntityManager, by: Dimension, period: Period): Promise<JourneyRow[]> {
  return manager.query(
    `SELECT path, NULL AS currency, count(*) AS journeys, NULL AS amount_minor
     FROM (SELECT array_agg(touch.${by} ORDER BY touched_at, touch_id) AS path FROM touch
           WHERE touched_at >= coalesce($1::timestamptz, '-infinity') AND touched_at < coalesce($2::timestamptz, 'infinity')
             AND NOT EXISTS (SELECT FROM deal WHERE status = 'won' AND contact_emails @> ARRAY[touch.contact_email])
           GROUP BY contact_email) AS journey
     GROUP BY path ORDER BY path`,
    [period.from ?? null, period.to ?? null],
  );
}
