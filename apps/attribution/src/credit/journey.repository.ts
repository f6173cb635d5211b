import { textArray, uuidArray } from '@crossdock/event-bus';
import { runLater, tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { type Journey, type JourneySteps, pathSchema } from './journey.ts';

/** Why a journey got another revision. */
export const causes = ['won', 'taken_back', 'shrunk', 'grown', 'moved', 'touches'] as const;
export type Cause = (typeof causes)[number];

/** A revision of a deal's journey. */
export interface KeptJourney {
  readonly dealId: string;
  readonly revision: number;
  readonly isWon: boolean;
  readonly journey: Journey;
}

/** The next revision of a journey. */
export interface NewRevision extends KeptJourney {
  readonly cause: Cause;
}

export interface JourneyRow {
  readonly deal_id: string;
  readonly revision: number;
  readonly is_won: boolean;
  readonly converted_at: Date;
  readonly opened_at: Date;
  readonly amount_minor: string;
  readonly currency: string;
  readonly account: string;
  readonly owner: string | null;
  readonly steps: unknown;
}

export const journeyColumns = 'journey.deal_id, revision, is_won, converted_at, journey.opened_at, journey.amount_minor, journey.currency, account, owner, steps';

/** The revisions that hold, of these deals, by deal. */
export async function readJourneys(manager: EntityManager, rulesVersion: number, dealIds: readonly string[]): Promise<Map<string, KeptJourney>> {
  const rows = await manager.query<JourneyRow[]>(
    `SELECT ${journeyColumns} FROM journey WHERE deal_id = ANY($1) AND rules_version = $2 AND superseded_at IS NULL`, [[...dealIds], rulesVersion]);
  return new Map(rows.map((row) => [row.deal_id, keptJourneyOf(row)]));
}

export function keptJourneyOf(row: JourneyRow): KeptJourney {
  return {
    dealId: row.deal_id, revision: row.revision, isWon: row.is_won,
    journey: {
      convertedAt: row.converted_at, openedAt: row.opened_at, revenue: { amountMinor: Number(row.amount_minor), currency: row.currency },
      account: row.account, owner: row.owner ?? undefined, steps: pathSchema.parse(row.steps),
    },
  };
}

/** Adds revisions, each in the place of the one before. */
export async function appendRevisions(
  manager: EntityManager, { rulesVersion, dataVersion }: { readonly rulesVersion: number; readonly dataVersion: number }, revisions: readonly NewRevision[],
): Promise<void> {
  if (revisions.length === 0) return;
  const superseding = revisions.filter(({ revision }) => revision > 1).map(({ dealId }) => dealId);
  if (superseding.length > 0) {
    await manager.query(
      'UPDATE journey SET superseded_at = now() WHERE deal_id = ANY($1) AND rules_version = $2 AND superseded_at IS NULL', [superseding, rulesVersion]);
  }
  const column = <Value>(of: (revision: NewRevision) => Value): Value[] => revisions.map(of);
  await manager.query(
    `INSERT INTO journey (tenant_id, rules_version, data_version, deal_id, revision, cause, is_won, converted_at, opened_at, amount_minor, currency, account, owner, steps)
     SELECT $1::uuid, $2::int, $3::bigint, deal_id, revision, cause, is_won, converted_at::timestamptz, opened_at::timestamptz, amount_minor, currency, account, owner, steps::jsonb
     FROM unnest($4::uuid[], $5::int[], $6::text[], $7::bool[], $8::text[], $9::text[], $10::bigint[], $11::text[], $12::uuid[], $13::text[], $14::text[])
       AS new (deal_id, revision, cause, is_won, converted_at, opened_at, amount_minor, currency, account, owner, steps)`,
    [
      tenantContext.require().tenantId, rulesVersion, dataVersion, uuidArray(column(({ dealId }) => dealId)), column(({ revision }) => revision), textArray(column(({ cause }) => cause)),
      column(({ isWon }) => isWon), textArray(column(({ journey }) => journey.convertedAt.toISOString())), textArray(column(({ journey }) => journey.openedAt.toISOString())),
      column(({ journey }) => journey.revenue.amountMinor), textArray(column(({ journey }) => journey.revenue.currency)), uuidArray(column(({ journey }) => journey.account)),
      column(({ journey }) => journey.owner ?? null), textArray(column(({ journey }) => JSON.stringify(journey.steps))),
    ]);
}

/** The journeys without a conversion so far, of these identities, by identity. */
export async function readOpenJourneys(manager: EntityManager, rulesVersion: number, identityIds: readonly string[]): Promise<Map<string, JourneySteps>> {
  const rows = await manager.query<Array<{ identity_id: string; steps: unknown }>>(
    'SELECT identity_id, steps FROM open_journey WHERE tenant_id = $1 AND rules_version = $2 AND identity_id = ANY($3)',
    [tenantContext.require().tenantId, rulesVersion, [...identityIds]]);
  return new Map(rows.map(({ identity_id: id, steps }) => [id, pathSchema.parse(steps)]));
}

/** Puts journeys without a conversion in the place of those before, with the transaction's next statement; identities without steps have none any more. */
export function storeOpenJourneys(
  manager: EntityManager, rulesVersion: number, journeys: ReadonlyArray<{ readonly identityId: string; readonly steps: JourneySteps | undefined }>,
): void {
  const { tenantId } = tenantContext.require();
  const gone = journeys.filter(({ steps }) => steps === undefined).map(({ identityId }) => identityId);
  if (gone.length > 0) {
    runLater(manager, {
      text: 'DELETE FROM open_journey WHERE tenant_id = $1 AND rules_version = $2 AND identity_id = ANY($3)', values: [tenantId, String(rulesVersion), uuidArray(gone)],
    });
  }
  const kept = journeys.flatMap(({ identityId, steps }) => (steps ? [{ identityId, steps }] : []));
  if (kept.length === 0) return;
  runLater(manager, {
    text: `INSERT INTO open_journey (tenant_id, rules_version, identity_id, steps, ended_at)
     SELECT $1::uuid, $2::int, identity_id, steps::jsonb, ended_at::timestamptz FROM unnest($3::uuid[], $4::text[], $5::text[]) AS new (identity_id, steps, ended_at)
     ON CONFLICT (tenant_id, rules_version, identity_id) DO UPDATE SET steps = excluded.steps, ended_at = excluded.ended_at`,
    values: [
      tenantId, String(rulesVersion), uuidArray(kept.map(({ identityId }) => identityId)), textArray(kept.map(({ steps }) => JSON.stringify(steps))),
      textArray(kept.map(({ steps }) => new Date(steps.atMs.at(-1) ?? 0).toISOString())),
    ],
  });
}
