import { dealFieldsSchema, Failure, moneySchema, recordSourceSchema, timestampSchema, type DealStatus, type RecordSource } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { creditTouches, dealModels, partsPerConversion, type DealModel } from '../credit/credits.ts';
import { readJourneys } from '../credit/journey.repository.ts';
import { currentSettings, type SettingsVersion } from '../settings/settings.repository.ts';
import type { Journey } from '../credit/journey.ts';

/** How revenue came about: the touches that count, in order, then the close. Times are ISO 8601 in UTC with milliseconds. */
const pathStepSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('touch'), touchId: z.string(), channel: z.string(), at: timestampSchema }),
  z.object({ kind: z.literal('deal_won'), dealId: z.string(), at: timestampSchema }),
]);
export type PathStep = z.infer<typeof pathStepSchema>;

export const sampleCreditSchema = moneySchema.extend({
  dealId: z.string(),
  source: recordSourceSchema,
  share: z.number().describe(`Part of the deal's revenue, above 0 and up to 1.`),
  path: z.array(pathStepSchema).readonly(),
});
export type SampleCredit = z.infer<typeof sampleCreditSchema>;

/** How much revenue a sample is credited with, deal by deal. */
export const sampleReportSchema = z.object({
  shipmentId: z.uuid(),
  model: z.enum(dealModels),
  settingsVersion: z.int(),
  campaign: z.string().exactOptional(),
  product: z.string().exactOptional(),
  sentAt: timestampSchema.exactOptional(),
  touchedAt: timestampSchema.exactOptional().describe('When the sample reached its contact; absent while it is on its way.'),
  credits: z.array(sampleCreditSchema).readonly().describe('Newest close first.'),
  totals: z.array(moneySchema).readonly(),
}).meta({ id: 'SampleCredits' });
export type SampleReport = z.infer<typeof sampleReportSchema>;

/** A deal and which touches share its revenue. */
export const dealReportSchema = z.object({
  dealId: z.string(),
  model: z.enum(dealModels),
  source: recordSourceSchema,
  name: z.string(),
  status: dealFieldsSchema.shape.status,
  revenue: moneySchema.exactOptional(),
  closedAt: timestampSchema.exactOptional(),
  modifiedAt: timestampSchema,
  result: z.object({
    settingsVersion: z.int(),
    dataVersion: z.int(),
    revision: z.int(),
    windowDays: z.number(),
    halfLifeDays: z.number(),
  }).exactOptional().describe('What the credits follow from; absent while the deal gives none. `revision` counts how often they were worked out to something else.'),
  credits: z.array(moneySchema.extend({
    touchId: z.string(),
    channel: z.string(),
    share: z.number(),
    touchedAt: timestampSchema,
  })).readonly().describe('Every touch that counts, in order: the path behind the numbers.'),
}).meta({ id: 'DealCredits' });
export type DealReport = z.infer<typeof dealReportSchema>;

interface DealRow {
  readonly deal_id: string;
  readonly vendor: RecordSource['vendor'];
  readonly connection_id: string;
  readonly external_id: string;
  readonly name: string;
  readonly status: DealStatus;
  readonly amount_minor: string | null;
  readonly currency: string | null;
  readonly closed_at: Date | null;
  readonly modified_at: Date;
}

/** The report of one sample; undefined where the tenant has no such sample. */
export async function reportSample(manager: EntityManager, shipmentId: string, asked?: DealModel): Promise<SampleReport | undefined> {
  const [sample] = await manager.query<Array<{ campaign: string | null; product: string | null; sent_at: Date | null; touched_at: Date | null }>>(
    `SELECT sample.campaign, sample.product, sample.sent_at, touch.touched_at
     FROM sample LEFT JOIN touch ON touch.touch_id = sample.shipment_id WHERE sample.shipment_id = $1`,
    [shipmentId],
  );
  if (!sample) return undefined;
  const { live } = await currentSettings(manager);
  const model = asked ?? live.settings.model;
  const deals = await readDealsTouchedBy(manager, shipmentId, live);
  const journeys = await readJourneys(manager, live.rulesVersion, deals.map(({ deal_id: id }) => id));
  const credits = deals.flatMap((deal): SampleCredit[] => {
    const kept = journeys.get(deal.deal_id);
    if (!kept?.isWon) return [];
    const { journey } = kept;
    const index = journey.steps.touchIds.indexOf(shipmentId);
    const { amountsMinor, parts } = creditTouches(journey, model, live.settings.halfLifeDays);
    if (index < 0 || (parts[index] ?? 0) === 0) return [];
    const path = [...stepsOf(journey), { kind: 'deal_won' as const, dealId: deal.deal_id, at: journey.convertedAt.toISOString() }];
    return [{
      dealId: deal.deal_id, source: sourceOf(deal), amountMinor: amountsMinor[index] ?? 0, currency: journey.revenue.currency, share: shareOf(parts[index]), path,
    }];
  });
  return {
    shipmentId, model, settingsVersion: live.version,
    ...(sample.campaign !== null && { campaign: sample.campaign }),
    ...(sample.product !== null && { product: sample.product }),
    ...(sample.sent_at && { sentAt: sample.sent_at.toISOString() }),
    ...(sample.touched_at && { touchedAt: sample.touched_at.toISOString() }),
    credits: credits.sort((a, b) => (closeOf(a) < closeOf(b) ? 1 : -1)),
    totals: [...Map.groupBy(credits, ({ currency }) => currency)].sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([currency, of]) => ({ currency, amountMinor: of.reduce((total, { amountMinor }) => total + amountMinor, 0) })),
  };
}

/** The report of one deal; undefined where the tenant has no such deal. */
export async function reportDeal(manager: EntityManager, dealId: string, asked?: DealModel): Promise<DealReport | undefined> {
  const [deal] = await manager.query<DealRow[]>(
    'SELECT deal_id, vendor, connection_id, external_id, name, status, amount_minor, currency, closed_at, modified_at FROM deal WHERE deal_id = $1', [dealId]);
  if (!deal) return undefined;
  const { live } = await currentSettings(manager);
  const model = asked ?? live.settings.model;
  const kept = (await readJourneys(manager, live.rulesVersion, [dealId])).get(dealId);
  const { amount_minor: amountMinor, currency } = deal;
  const [{ data_version: dataVersion } = { data_version: '0' }] = await manager.query<Array<{ data_version: string }>>(
    'SELECT data_version FROM journey WHERE deal_id = $1 AND rules_version = $2 AND superseded_at IS NULL', [dealId, live.rulesVersion]);
  const { windowDays, halfLifeDays } = live.settings;
  return {
    dealId, model, source: sourceOf(deal), name: deal.name, status: deal.status,
    ...(amountMinor !== null && currency !== null && { revenue: { amountMinor: Number(amountMinor), currency } }),
    ...(deal.closed_at && { closedAt: deal.closed_at.toISOString() }),
    modifiedAt: deal.modified_at.toISOString(),
    ...(kept?.isWon && { result: { settingsVersion: live.version, dataVersion: Number(dataVersion), revision: kept.revision, windowDays, halfLifeDays } }),
    credits: kept?.isWon ? creditsOf(kept.journey, model, halfLifeDays) : [],
  };
}

/** The models that can be asked of a single deal. @throws Failure `invalid` for Markov, which looks at all journeys together. */
export function dealModelOf(name: DealModel | 'markov' | undefined): DealModel | undefined {
  if (name === 'markov') throw new Failure('invalid', 'A Markov chain looks at all journeys together: ask the report for it.');
  return name;
}

function creditsOf(journey: Journey, model: DealModel, halfLifeDays: number): DealReport['credits'] {
  const { amountsMinor, parts } = creditTouches(journey, model, halfLifeDays);
  return stepsOf(journey).map(({ touchId, channel, at }, index) => ({
    touchId, channel, currency: journey.revenue.currency, amountMinor: amountsMinor[index] ?? 0, share: shareOf(parts[index]), touchedAt: at,
  }));
}

function stepsOf({ steps }: Journey): Array<Extract<PathStep, { kind: 'touch' }>> {
  return steps.touchIds.map((touchId, index) =>
    ({ kind: 'touch', touchId, channel: steps.channels[index] ?? '', at: new Date(steps.atMs[index] ?? 0).toISOString() }));
}

/** The deals that may name the touch in their journeys: those of whom it reached, and the one that it names. */
async function readDealsTouchedBy(manager: EntityManager, touchId: string, { rulesVersion }: SettingsVersion): Promise<DealRow[]> {
  const { tenantId } = tenantContext.require();
  return manager.query<DealRow[]>(
    `SELECT deal_id, vendor, connection_id, external_id, name, status, amount_minor, currency, closed_at, modified_at FROM deal
     WHERE deal_id IN (
       SELECT deal_party.deal_id FROM touch
       JOIN identity AS known ON known.tenant_id = $2 AND known.key IN (touch.contact_key, touch.company_key)
       JOIN identity AS member ON member.tenant_id = $2 AND member.identity_id = known.identity_id
       JOIN deal_party ON deal_party.tenant_id = $2 AND deal_party.key = member.key
       WHERE touch.touch_id = $1
       UNION SELECT touch.deal_id FROM touch WHERE touch.touch_id = $1)
     AND EXISTS (SELECT FROM journey WHERE journey.deal_id = deal.deal_id AND rules_version = $3 AND superseded_at IS NULL AND is_won)`,
    [touchId, tenantId, rulesVersion]);
}

function closeOf({ path }: SampleCredit): string {
  return path.at(-1)?.at ?? '';
}

function shareOf(parts: number | undefined): number {
  return (parts ?? 0) / partsPerConversion;
}

function sourceOf(row: Pick<DealRow, 'vendor' | 'connection_id' | 'external_id'>): RecordSource {
  return { vendor: row.vendor, connectionId: row.connection_id, externalId: row.external_id };
}
