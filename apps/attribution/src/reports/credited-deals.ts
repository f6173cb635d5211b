import { moneySchema, recordSourceSchema, timestampSchema, type RecordSource } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { apportion } from '../credit/apportion.ts';
import { creditTouches, dealModels, type DealModel, partsPerConversion } from '../credit/credits.ts';
import { journeyColumns, keptJourneyOf, type JourneyRow } from '../credit/journey.repository.ts';
import type { Journey } from '../credit/journey.ts';
import { keysOf, nameOf, type TouchDimension } from '../credit/touch-dimensions.ts';
import { currentSettings } from '../settings/settings.repository.ts';
import type { CreditedDealsQuery } from './report-query.ts';

/** A won deal, and what of its revenue is credited to a key of the report. */
const creditedDealSchema = moneySchema.extend({
  dealId: z.string(),
  source: recordSourceSchema,
  name: z.string(),
  closedAt: timestampSchema,
  revenue: moneySchema,
  share: z.number().describe(`Part of the deal's one conversion, above 0 and up to 1.`),
  touches: z.int().describe('How many touches its journey has, of whatever key.'),
}).meta({ id: 'CreditedDeal' });
type CreditedDeal = z.infer<typeof creditedDealSchema>;

export const creditedDealsSchema = z.object({
  settingsVersion: z.int(),
  model: z.enum(dealModels),
  items: z.array(creditedDealSchema).readonly().describe(`Newest close first. Over all pages the amounts sum to the report's number.`),
  nextCursor: z.string().exactOptional(),
});
export type CreditedDeals = z.infer<typeof creditedDealsSchema>;

interface CreditedRow extends JourneyRow {
  readonly vendor: RecordSource['vendor'];
  readonly connection_id: string;
  readonly external_id: string;
  readonly name: string;
}

/**
 * The won deals behind a number of the report: those with a touch of that key in their journey. A page may hold fewer than were asked for, since a model may credit
 * such a touch with nothing.
 */
export async function listCreditedDeals(
  manager: EntityManager, { by, key, from, to, cursor, limit }: CreditedDealsQuery, asked?: DealModel,
): Promise<CreditedDeals> {
  const { live: { version, rulesVersion, settings } } = await currentSettings(manager);
  const model = asked ?? settings.model;
  const [time = null, after = null] = cursor === undefined ? [] : cursor.split('/');
  const rows = await manager.query<CreditedRow[]>(
    `SELECT ${journeyColumns}, vendor, connection_id, external_id, name FROM journey JOIN deal ON deal.deal_id = journey.deal_id
     WHERE journey.tenant_id = $1 AND rules_version = $2 AND superseded_at IS NULL AND is_won
       AND converted_at >= coalesce($3::timestamp, '-infinity') AT TIME ZONE 'UTC' AND converted_at < coalesce($4::timestamp, 'infinity') AT TIME ZONE 'UTC'
       AND ($5::text IS NULL OR EXISTS (
         SELECT FROM jsonb_array_elements_text(steps -> ($5 || 's')) AS touch(key) WHERE replace(coalesce(touch.key, ''), E'\\n', ' ') = $6))
       AND ($7::timestamptz IS NULL OR (converted_at, journey.deal_id) < ($7::timestamptz, $8::uuid))
     ORDER BY converted_at DESC, journey.deal_id DESC LIMIT $9`,
    [tenantContext.require().tenantId, rulesVersion, from ?? null, to ?? null, by ?? null, nameOf(key ?? ''), time, after, limit + 1]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    settingsVersion: version, model,
    items: page.flatMap((row): CreditedDeal[] => {
      const { journey } = keptJourneyOf(row);
      const { amountMinor, parts } = by === undefined ? wholeOf(journey) : creditOf(journey, { by, key: nameOf(key ?? ''), model, halfLifeDays: settings.halfLifeDays });
      if (parts === 0 && amountMinor === 0) return [];
      return [{
        dealId: row.deal_id, source: { vendor: row.vendor, connectionId: row.connection_id, externalId: row.external_id }, name: row.name,
        closedAt: journey.convertedAt.toISOString(), revenue: journey.revenue, amountMinor, currency: journey.revenue.currency,
        share: parts / partsPerConversion, touches: journey.steps.touchIds.length,
      }];
    }),
    ...(rows.length > limit && last && { nextCursor: `${last.converted_at.toISOString()}/${last.deal_id}` }),
  };
}

interface Credit {
  readonly amountMinor: number;
  readonly parts: number;
}

function wholeOf({ revenue: { amountMinor } }: Journey): Credit {
  return { amountMinor, parts: partsPerConversion };
}

/** What a key is credited with of one journey, as `Contributions` adds it to the sums of reports. */
function creditOf(
  journey: Journey, { by, key, model, halfLifeDays }: { readonly by: TouchDimension; readonly key: string; readonly model: DealModel; readonly halfLifeDays: number },
): Credit {
  const keys = keysOf(journey.steps, by);
  const distinct = [...new Set(keys)].sort();
  if (distinct.length === 1) return wholeOf(journey);
  if (model === 'shapley') {
    const [place, alike] = [distinct.indexOf(key), distinct.map(() => 1)];
    return { amountMinor: apportion(journey.revenue.amountMinor, alike)[place] ?? 0, parts: apportion(partsPerConversion, alike)[place] ?? 0 };
  }
  const { amountsMinor, parts } = creditTouches(journey, model, halfLifeDays);
  const sumAtKey = (values: readonly number[]): number => values.reduce((sum, value, index) => (keys[index] === key ? sum + value : sum), 0);
  return { amountMinor: sumAtKey(amountsMinor), parts: sumAtKey(parts) };
}
