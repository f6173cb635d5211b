import type { DealStatus, Money, RecordSource } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';

/** The model of these reports; the others stand beside it in the report by channel. */
const creditModel = 'linear';

/** How revenue came about: the touches that count, in order, then the close. Times are ISO 8601 in UTC with milliseconds. */
export type PathStep =
  | { readonly kind: 'touch'; readonly touchId: string; readonly channel: string; readonly at: string }
  | { readonly kind: 'deal_won'; readonly dealId: string; readonly at: string };

/** How much revenue a sample is credited with, deal by deal. */
export interface SampleReport {
  readonly shipmentId: string;
  readonly model: typeof creditModel;
  readonly campaign?: string;
  readonly product?: string;
  /** When the sample reached its contact; absent while it is on its way. */
  readonly touchedAt?: string;
  /** Newest close first, the newest 1,000 deals. */
  readonly credits: readonly SampleCredit[];
  /** Over all deals. */
  readonly totals: readonly Money[];
}

export interface SampleCredit extends Money {
  readonly dealId: string;
  readonly source: RecordSource;
  /** Part of the deal's revenue, above 0 and up to 1. */
  readonly share: number;
  readonly path: readonly PathStep[];
}

/** A deal and which touches share its revenue. */
export interface DealReport {
  readonly dealId: string;
  readonly model: typeof creditModel;
  readonly source: RecordSource;
  readonly name: string;
  readonly status: DealStatus;
  readonly revenue?: Money;
  readonly closedAt?: string;
  readonly modifiedAt: string;
  readonly credits: ReadonlyArray<Money & { readonly touchId: string; readonly channel: string; readonly share: number; readonly touchedAt: string }>;
}

const maxDeals = 1_000;

interface CreditRow {
  readonly deal_id: string;
  readonly vendor: RecordSource['vendor'];
  readonly connection_id: string;
  readonly external_id: string;
  readonly currency: string;
  readonly amount_minor: string;
  readonly share: number;
  readonly won_at: Date;
  readonly touches: ReadonlyArray<{ readonly touchId: string; readonly channel: string; readonly at: string }>;
}

/** The report of one sample; undefined where the tenant has no such sample. */
export async function reportSample(manager: EntityManager, shipmentId: string): Promise<SampleReport | undefined> {
  const [sample] = await manager.query<Array<{ campaign: string | null; product: string | null; touched_at: Date | null }>>(
    `SELECT sample.campaign, sample.product, touch.touched_at
     FROM sample LEFT JOIN touch ON touch.touch_id = sample.shipment_id WHERE sample.shipment_id = $1`,
    [shipmentId],
  );
  if (!sample) return undefined;
  const credits = await manager.query<CreditRow[]>(
    `SELECT credit.deal_id, deal.vendor, deal.connection_id, deal.external_id, credit.currency, credit.amount_minor,
            credit.share, coalesce(deal.closed_at, deal.modified_at) AS won_at,
            (SELECT json_agg(json_build_object(
                      'touchId', step.touch_id, 'channel', touch.channel,
                      'at', to_char(step.touched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
                    ORDER BY step.touched_at, step.touch_id)
             FROM deal_credit AS step JOIN touch USING (touch_id)
             WHERE step.deal_id = credit.deal_id AND step.model = credit.model) AS touches
     FROM deal_credit AS credit JOIN deal USING (deal_id)
     WHERE credit.touch_id = $1 AND credit.model = $2 ORDER BY won_at DESC, credit.deal_id LIMIT ${maxDeals}`,
    [shipmentId, creditModel],
  );
  const totals = await manager.query<Array<{ currency: string; amount_minor: string }>>(
    'SELECT currency, sum(amount_minor) AS amount_minor FROM deal_credit WHERE touch_id = $1 AND model = $2 GROUP BY currency ORDER BY currency',
    [shipmentId, creditModel],
  );
  return {
    shipmentId,
    model: creditModel,
    ...(sample.campaign !== null && { campaign: sample.campaign }),
    ...(sample.product !== null && { product: sample.product }),
    ...(sample.touched_at && { touchedAt: sample.touched_at.toISOString() }),
    credits: credits.map(sampleCreditOf),
    totals: totals.map(moneyOf),
  };
}

/** The report of one deal; undefined where the tenant has no such deal. */
export async function reportDeal(manager: EntityManager, dealId: string): Promise<DealReport | undefined> {
  const [deal] = await manager.query<Array<{
    vendor: RecordSource['vendor']; connection_id: string; external_id: string; name: string; status: DealStatus;
    amount_minor: string | null; currency: string | null; closed_at: Date | null; modified_at: Date;
  }>>(
    `SELECT vendor, connection_id, external_id, name, status, amount_minor, currency, closed_at, modified_at
     FROM deal WHERE deal_id = $1`,
    [dealId],
  );
  if (!deal) return undefined;
  const credits = await manager.query<Array<{
    touch_id: string; channel: string; currency: string; amount_minor: string; share: number; touched_at: Date;
  }>>(
    `SELECT touch_id, channel, currency, amount_minor, share, deal_credit.touched_at FROM deal_credit JOIN touch USING (touch_id)
     WHERE deal_id = $1 AND model = $2 ORDER BY deal_credit.touched_at, touch_id`,
    [dealId, creditModel],
  );
  const { amount_minor, currency } = deal;
  return {
    dealId,
    model: creditModel,
    source: sourceOf(deal),
    name: deal.name,
    status: deal.status,
    ...(amount_minor !== null && currency !== null && { revenue: moneyOf({ amount_minor, currency }) }),
    ...(deal.closed_at && { closedAt: deal.closed_at.toISOString() }),
    modifiedAt: deal.modified_at.toISOString(),
    credits: credits.map((credit) => ({
      touchId: credit.touch_id, channel: credit.channel, ...moneyOf(credit), share: credit.share, touchedAt: credit.touched_at.toISOString(),
    })),
  };
}

function sampleCreditOf(row: CreditRow): SampleCredit {
  return {
    dealId: row.deal_id,
    source: sourceOf(row),
    ...moneyOf(row),
    share: row.share,
    path: [
      ...row.touches.map((touch) => ({ kind: 'touch' as const, ...touch })),
      { kind: 'deal_won', dealId: row.deal_id, at: row.won_at.toISOString() },
    ],
  };
}

function sourceOf(row: { vendor: RecordSource['vendor']; connection_id: string; external_id: string }): RecordSource {
  return { vendor: row.vendor, connectionId: row.connection_id, externalId: row.external_id };
}

function moneyOf({ currency, amount_minor }: { currency: string; amount_minor: string }): Money {
  return { currency, amountMinor: Number(amount_minor) };
}
