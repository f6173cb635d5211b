import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { timestampSchema } from '@crossdock/contracts';
import { z } from 'zod';
import { creditTouches, dealModels, type DealModel } from '../credit/credits.ts';
import { causes, journeyColumns, keptJourneyOf, type Cause, type JourneyRow, type KeptJourney } from '../credit/journey.repository.ts';
import { currentSettings } from '../settings/settings.repository.ts';

/** A correction of what a deal's touches are credited with; of one deal all of them sum to what the touches are credited with now. */
export const ledgerEntrySchema = z.object({
  dealId: z.string(),
  revision: z.int(),
  recordedAt: timestampSchema,
  cause: z.enum(causes),
  dataVersion: z.int(),
  convertedAt: timestampSchema,
  corrections: z.array(z.object({
    touchId: z.string(),
    amountMinor: z.int(),
    currency: z.string(),
  })).readonly().describe(`What changed for each touch; negative where credit was taken back. Those of one currency sum to the change of the deal's revenue.`),
}).meta({ id: 'LedgerEntry' });
export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;

export const ledgerPageSchema = z.object({
  settingsVersion: z.int(),
  model: z.enum(dealModels),
  items: z.array(ledgerEntrySchema).readonly(),
  nextCursor: z.string().exactOptional(),
});
export type LedgerPage = z.infer<typeof ledgerPageSchema>;

interface EntryRow extends JourneyRow {
  readonly cause: Cause;
  readonly data_version: string;
  readonly recorded_at: Date;
}

/** The ledger of the settings that are live, the oldest entry first; of one deal where it is named. */
export async function readLedger(
  manager: EntityManager, { model: asked, dealId, cursor, limit }: { readonly model?: DealModel | undefined; readonly dealId?: string | undefined; readonly cursor?: string | undefined; readonly limit: number },
): Promise<LedgerPage> {
  const { live: { version, rulesVersion, settings } } = await currentSettings(manager);
  const model = asked ?? settings.model;
  const [time = null, deal = null, revision = null] = cursor === undefined ? [] : cursor.split('/');
  const rows = await manager.query<EntryRow[]>(
    `SELECT ${journeyColumns}, cause, data_version, recorded_at FROM journey
     WHERE tenant_id = $1 AND rules_version = $2 AND ($3::uuid IS NULL OR deal_id = $3)
       AND ($4::timestamptz IS NULL OR (recorded_at, deal_id, revision) > ($4::timestamptz, $5::uuid, $6::int))
     ORDER BY recorded_at, deal_id, revision LIMIT $7`,
    [tenantContext.require().tenantId, rulesVersion, dealId ?? null, time, deal, revision, limit + 1]);
  const page = rows.slice(0, limit);
  const before = await readBefore(manager, rulesVersion, page);
  const last = page.at(-1);
  return {
    settingsVersion: version, model,
    items: page.map((row) => ({
      dealId: row.deal_id, revision: row.revision, recordedAt: row.recorded_at.toISOString(), cause: row.cause, dataVersion: Number(row.data_version),
      convertedAt: row.converted_at.toISOString(),
      corrections: correctionsOf(before.get(`${row.deal_id}/${row.revision - 1}`), keptJourneyOf(row), { model, halfLifeDays: settings.halfLifeDays }),
    })),
    ...(rows.length > limit && last && { nextCursor: `${last.recorded_at.toISOString()}/${last.deal_id}/${last.revision}` }),
  };
}

async function readBefore(manager: EntityManager, rulesVersion: number, page: readonly EntryRow[]): Promise<Map<string, KeptJourney>> {
  const rows = await manager.query<JourneyRow[]>(
    `SELECT ${journeyColumns} FROM journey JOIN unnest($1::uuid[], $2::int[]) AS wanted(deal_id, of) ON journey.deal_id = wanted.deal_id AND revision = wanted.of - 1
     WHERE rules_version = $3`, [page.map((row) => row.deal_id), page.map((row) => row.revision), rulesVersion]);
  return new Map(rows.map((row) => [`${row.deal_id}/${row.revision}`, keptJourneyOf(row)]));
}

function correctionsOf(before: KeptJourney | undefined, after: KeptJourney, { model, halfLifeDays }: { readonly model: DealModel; readonly halfLifeDays: number }): LedgerEntry['corrections'] {
  const corrections = new Map<string, { touchId: string; amountMinor: number; currency: string }>();
  for (const [kept, sign] of [[before, -1], [after, 1]] as const) {
    if (!kept?.isWon) continue;
    const { journey: { steps, revenue } } = kept;
    const { amountsMinor } = creditTouches(kept.journey, model, halfLifeDays);
    steps.touchIds.forEach((touchId, index) => {
      const name = `${touchId}/${revenue.currency}`;
      const correction = corrections.get(name) ?? { touchId, amountMinor: 0, currency: revenue.currency };
      correction.amountMinor += sign * (amountsMinor[index] ?? 0);
      corrections.set(name, correction);
    });
  }
  return [...corrections.values()].filter(({ amountMinor }) => amountMinor !== 0);
}
