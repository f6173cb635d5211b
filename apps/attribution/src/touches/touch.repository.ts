import { deterministicId, type Sample } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { domainKey, domainKeyOfEmail, emailKey, phoneKey } from '../identity/identity-key.ts';
import { type ToldTouch, type TouchKind } from './touch.ts';

/** A touch with whom it reached. */
export interface NewTouch {
  readonly touchId: string;
  readonly kind: TouchKind;
  readonly contactKey: string | undefined;
  readonly companyKey: string | undefined;
  /** A deal that it counts for, whoever was reached. */
  readonly dealId?: string | undefined;
  /** The connection that it came by. */
  readonly account?: string | undefined;
  readonly touchedAt: string;
  readonly channel: string;
  readonly campaign?: string | undefined;
  readonly product?: string | undefined;
  readonly cost?: { readonly amountMinor: number; readonly currency: string } | undefined;
}

export function touchOf(told: ToldTouch): NewTouch {
  const { id, kind, contactEmail, contactPhone, companyDomain, connectionId: account, occurredAt: touchedAt, channel, campaign, product, cost } = told;
  return {
    touchId: deterministicId('touch', tenantContext.require().tenantId, id), kind, account, touchedAt, channel, campaign, product, cost,
    contactKey: contactEmail !== undefined ? emailKey(contactEmail) : contactPhone !== undefined ? phoneKey(contactPhone) : undefined,
    // Only an own domain may be a company's; one that a caller names is taken at its word unless anybody can have it.
    companyKey: companyDomain !== undefined ? domainKey(companyDomain) : contactEmail !== undefined ? domainKeyOfEmail(contactEmail) : undefined,
  };
}

export function sampleTouchId(shipmentId: string, kind: 'sample' | 'sample_sent'): string {
  return kind === 'sample' ? shipmentId : deterministicId('sample_sent', shipmentId);
}

/** What has changed by a touch that was told. */
export interface StoredTouch {
  /** Whose touches have changed, also those that it was taken from. */
  readonly keys: readonly string[];
  /** When it was, or had been until then, whichever is earlier. */
  readonly from: string;
}

/**
 * Stores touches by one statement, each in the place of what was told of it before. Two transactions that tell the same ones wait for each other.
 * @returns what has changed by each; of several words about one touch the last counts, and one that says nothing new is missing
 */
export async function storeTouches(manager: EntityManager, touches: readonly NewTouch[]): Promise<ReadonlyMap<NewTouch, StoredTouch>> {
  if (touches.length === 0) return new Map();
  const { tenantId } = tenantContext.require();
  const rows = [...new Map(touches.map((touch) => [touch.touchId, touch])).values()];
  const stored = await manager.query<Array<{ touch_id: string; contact_key: string | null; company_key: string | null; touched_at: Date | null }>>(
    `INSERT INTO touch (tenant_id, touch_id, ${told})
     SELECT $1::uuid, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::timestamptz[], $9::text[], $10::text[], $11::text[], $12::bigint[], $13::text[])
       AS told (touch_id, ${told}) ORDER BY touch_id
     ON CONFLICT (touch_id) DO UPDATE SET (${told}) = ROW (${toldOf('excluded')}) WHERE (${toldOf('touch')}) IS DISTINCT FROM (${toldOf('excluded')})
     RETURNING new.touch_id, old.contact_key, old.company_key, old.touched_at`,
    [
      tenantId, rows.map(({ touchId }) => touchId), rows.map(({ kind }) => kind), rows.map(({ contactKey }) => contactKey ?? null),
      rows.map(({ companyKey }) => companyKey ?? null), rows.map(({ dealId }) => dealId ?? null), rows.map(({ account }) => account ?? null), rows.map(({ touchedAt }) => touchedAt),
      rows.map(({ channel }) => channel), rows.map(({ campaign }) => campaign ?? null), rows.map(({ product }) => product ?? null),
      rows.map(({ cost }) => cost?.amountMinor ?? null), rows.map(({ cost }) => cost?.currency ?? null),
    ],
  );
  const former = new Map(stored.map((row) => [row.touch_id, row]));
  return new Map(rows.flatMap((touch) => {
    const before = former.get(touch.touchId);
    if (!before) return [];
    const keys = [before.contact_key, before.company_key, touch.contactKey, touch.companyKey].flatMap((key) => key ?? []);
    return [[touch, { keys: [...new Set(keys)], from: [touch.touchedAt, before.touched_at?.toISOString() ?? touch.touchedAt].sort()[0] ?? touch.touchedAt }]];
  }));
}

const toldColumns = ['kind', 'contact_key', 'company_key', 'deal_id', 'account', 'touched_at', 'channel', 'campaign', 'product', 'cost_minor', 'cost_currency'];
const told = toldColumns.join(', ');
const toldOf = (row: 'touch' | 'excluded'): string => toldColumns.map((column) => `${row}.${column}`).join(', ');

/** Remembers that a sample was sent to or reached somebody; the earliest time told counts. @returns whether it is news. */
export async function storeEarliestTouch(manager: EntityManager, touch: NewTouch): Promise<boolean> {
  const stored = await manager.query<unknown[]>(
    `INSERT INTO touch (touch_id, tenant_id, kind, contact_key, company_key, deal_id, account, touched_at, channel, campaign, product) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (touch_id) DO UPDATE SET touched_at = excluded.touched_at WHERE excluded.touched_at < touch.touched_at
     RETURNING 1`,
    [
      touch.touchId, tenantContext.require().tenantId, touch.kind, touch.contactKey ?? null, touch.companyKey ?? null, touch.dealId ?? null,
      touch.account ?? null, touch.touchedAt, touch.channel, touch.campaign ?? null, touch.product ?? null,
    ],
  );
  return stored.length > 0;
}

/** Remembers a sample that was sent or has arrived. @returns whether anything is new. */
export async function rememberSample(manager: EntityManager, shipmentId: string, { contactEmail, campaign, product }: Sample, sentAt?: string): Promise<boolean> {
  const stored = await manager.query<unknown[]>(
    `INSERT INTO sample (shipment_id, tenant_id, contact_key, campaign, product, sent_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (shipment_id) DO UPDATE SET sent_at = excluded.sent_at WHERE sample.sent_at IS NULL AND excluded.sent_at IS NOT NULL RETURNING 1`,
    [shipmentId, tenantContext.require().tenantId, emailKey(contactEmail), campaign ?? null, product ?? null, sentAt ?? null],
  );
  return stored.length > 0;
}
