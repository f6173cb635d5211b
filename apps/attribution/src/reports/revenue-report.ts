import { journeyModels, type JourneyModel } from '@crossdock/attribution-models';
import { moneySchema, timestampSchema, type Money } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { anyModel, unattributed } from '../credit/contributions.ts';
import { partsPerConversion } from '../credit/credits.ts';
import type { ResultTime } from '../credit/result-time.ts';
import { touchDimensions } from '../credit/touch-dimensions.ts';
import { CurrencyRates, missingRateSchema } from '../rates/currency-rates.ts';
import { currentSettings, readDataVersion } from '../settings/settings.repository.ts';
import { Converted } from './converted.ts';
import { markovSums } from './markov-sums.ts';
import { type DaySum, readDaySums, readTouchSums, type TouchSum } from './read-sums.ts';
import { reportDimensions, type ReportQuery, type Workspaces } from './report-query.ts';

/** What one key is credited with by one model. */
export const creditedSchema = z.object({
  model: z.enum([...journeyModels, anyModel]).describe('`any` where a deal’s own trait decides, so that all models come to the same.'),
  conversions: z.number().describe('Won deals, those shared with others in part.'),
  revenue: z.array(moneySchema).readonly()
    .describe('One entry a currency; with what is unattributed the sums over all rows are the revenue of the won deals to the minor unit.'),
  converted: moneySchema.exactOptional().describe('All of it in the report’s currency; absent without one, or where a rate is missing.'),
  returnOnInvestment: z.number().exactOptional().describe('Revenue less cost, as a part of the cost; absent where nothing is known to have been spent, or currencies differ.'),
  costPerConversionMinor: z.number().exactOptional().describe('In minor units of the currency of the cost.'),
});
export type Credited = z.infer<typeof creditedSchema>;

export const reportRowSchema = z.object({
  key: z.string().nullable().describe('Touches of no campaign or product, and deals of no owner, stand under null.'),
  touches: z.int(),
  cost: z.array(moneySchema).readonly(),
  convertedCost: moneySchema.exactOptional(),
  credits: z.array(creditedSchema).readonly(),
}).meta({ id: 'RevenueReportRow' });
export type ReportRow = z.infer<typeof reportRowSchema>;

export const revenueReportSchema = z.object({
  by: z.enum(reportDimensions),
  from: z.string().exactOptional(),
  to: z.string().exactOptional(),
  result: z.object({
    settingsVersion: z.int(),
    dataVersion: z.int(),
    changedAt: timestampSchema.exactOptional(),
    windowDays: z.number(),
    halfLifeDays: z.number(),
    markovOrder: z.int(),
  }).describe('What the numbers follow from: the same versions give the same numbers.'),
  rows: z.array(reportRowSchema).readonly(),
  nextCursor: z.string().exactOptional(),
  unattributed: z.object({
    conversions: z.int(),
    revenue: z.array(moneySchema).readonly(),
  }).describe('Won deals that nothing which counts had touched.'),
  missingRates: z.array(missingRateSchema).readonly().describe('Amounts that could not be converted; they are in no converted sum.'),
}).meta({ id: 'RevenueReport' });
export type RevenueReport = z.infer<typeof revenueReportSchema>;

/** What a report is made with beside its question. */
interface ReportMeans {
  readonly workspaces?: Workspaces;
  readonly time: ResultTime;
}

/** Models side by side, of the deals won within a period. Read in one transaction, all of it is of the same moment. */
export async function reportRevenue(manager: EntityManager, query: ReportQuery, { workspaces = {}, time }: ReportMeans): Promise<RevenueReport> {
  const { by, from, to, models, workspace } = query;
  const accounts = workspace === undefined ? undefined : workspaces[workspace] ?? [];
  const selection = { by, period: { from, to }, accounts, workspaces };
  const { live: { version, rulesVersion, settings } } = await currentSettings(manager);
  const order = query.order ?? settings.markovOrder;
  const isOfTouches = touchDimensions.some((dimension) => dimension === by);
  const shown: ReadonlyArray<JourneyModel | typeof anyModel> = isOfTouches ? models : [anyModel];
  const read = await readDaySums(manager, rulesVersion, { ...selection, models: [...models, 'linear'] });
  const sums = read.filter(({ model }) => shown.some((each) => each === model));
  if (models.includes('markov')) {
    const end = time.begin('markov');
    sums.push(...await markovSums(manager, rulesVersion, { ...selection, order }, read.filter(({ model }) => model === 'linear')));
    end();
  }
  const touches = await readTouchSums(manager, { ...selection, touchKinds: settings.touchKinds });
  const rest = await readDaySums(manager, rulesVersion, { ...selection, by: unattributed, models: [] });
  const rates = settings.reportCurrency === undefined ? undefined : await CurrencyRates.read(manager, settings.reportCurrency);
  const converted = rates && new Converted(rates, sums, touches);
  const { version: dataVersion, changedAt } = await readDataVersion(manager);
  const keys = [...new Set([...touches.map(({ key }) => key), ...sums.map(({ key }) => key)])].sort(byKey).filter((key) => query.cursor === undefined || byKey(key, query.cursor) > 0);
  const page = keys.slice(0, query.limit);
  const [sumsByKey, touchesByKey] = [Map.groupBy(sums, ({ key }) => key), Map.groupBy(touches, ({ key }) => key)];
  return {
    by, ...(from !== undefined && { from }), ...(to !== undefined && { to }),
    result: {
      settingsVersion: version, dataVersion, ...(changedAt !== undefined && { changedAt }),
      windowDays: settings.windowDays, halfLifeDays: settings.halfLifeDays, markovOrder: order,
    },
    rows: page.map((key) => rowOf(key, { shown, sums: sumsByKey.get(key) ?? [], touches: touchesByKey.get(key) ?? [], converted })),
    ...(keys.length > page.length && { nextCursor: page.at(-1) ?? '' }),
    unattributed: { conversions: conversionsOf(rest), revenue: moniesOf(rest) },
    missingRates: converted?.missing ?? [],
  };
}

function rowOf(key: string, { shown, sums, touches, converted }: {
  readonly shown: ReadonlyArray<JourneyModel | typeof anyModel>; readonly sums: readonly DaySum[]; readonly touches: readonly TouchSum[]; readonly converted: Converted | undefined;
}): ReportRow {
  const cost = moniesOf(touches.flatMap((touch) => touch.cost ?? []));
  const convertedCost = converted?.costOf(key);
  return {
    key: key === '' ? null : key, touches: touches.reduce((total, each) => total + each.touches, 0), cost, ...(convertedCost && { convertedCost }),
    credits: shown.map((model) => {
      const own = sums.filter((sum) => sum.model === model);
      const credited = { model, conversions: conversionsOf(own), revenue: moniesOf(own) };
      const inOne = converted?.revenueOf(key, model);
      return { ...credited, ...(inOne && { converted: inOne }), ...returnsOf(inOne ?? onlyOf(credited.revenue), { cost: convertedCost ?? onlyOf(cost), conversions: credited.conversions }) };
    }),
  };
}

function returnsOf(
  revenue: Money | undefined, { cost, conversions }: { readonly cost: Money | undefined; readonly conversions: number },
): Pick<Credited, 'returnOnInvestment' | 'costPerConversionMinor'> {
  if (!cost || cost.amountMinor === 0) return {};
  const isComparable = revenue === undefined || revenue.currency === cost.currency;
  return {
    ...(isComparable && { returnOnInvestment: ((revenue?.amountMinor ?? 0) - cost.amountMinor) / cost.amountMinor }),
    ...(conversions > 0 && { costPerConversionMinor: Math.round(cost.amountMinor / conversions) }),
  };
}

function onlyOf(monies: readonly Money[]): Money | undefined {
  return monies.length === 1 ? monies[0] : undefined;
}

function conversionsOf(sums: ReadonlyArray<{ readonly parts: number }>): number {
  return sums.reduce((total, { parts }) => total + parts, 0) / partsPerConversion;
}

function moniesOf(amounts: readonly Money[]): Money[] {
  const byCurrency = Map.groupBy(amounts, ({ currency }) => currency);
  return [...byCurrency].map(([currency, of]) => ({ amountMinor: of.reduce((total, { amountMinor }) => total + amountMinor, 0), currency }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}

/** By name; what has no name comes last. */
function byKey(a: string, b: string): number {
  if (a === b) return 0;
  if (a === '') return 1;
  return b === '' || a < b ? -1 : 1;
}
