import { deterministicId, type Sample } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { contactKey, sampleChannel, type ToldTouch, type Touch } from './touch.ts';

/** All touches of these contacts. */
export async function findTouches(manager: EntityManager, contactEmails: readonly string[]): Promise<Touch[]> {
  return manager.query<Touch[]>(
    `SELECT touch_id AS "touchId", kind, contact_email AS "contactEmail", touched_at AS "touchedAt", channel
     FROM touch WHERE contact_email = ANY($1)`,
    [[...contactEmails]],
  );
}

/**
 * Stores touches that other systems tell, each by its id there; of two with one id the later counts.
 * @returns the contacts whose touches have changed, also those that a touch was taken from; they are claimed
 */
export async function storeToldTouches(manager: EntityManager, told: readonly ToldTouch[]): Promise<string[]> {
  const { tenantId } = tenantContext.require();
  const touches = new Map(told.map((touch) => [deterministicId('touch', tenantId, touch.id), touch]));
  const touchIds = [...touches.keys()].sort();
  await claim(manager, touchIds.map((touchId) => `touch/${touchId}`));
  const former = await manager.query<Array<{ contact_email: string }>>('SELECT DISTINCT contact_email FROM touch WHERE touch_id = ANY($1)', [touchIds]);
  const contacts = [...new Set([...former.map(({ contact_email }) => contact_email), ...told.map(({ contactEmail }) => contactKey(contactEmail))])];
  await claimContacts(manager, contacts);
  const rows = [...touches.values()];
  await manager.query(
    `INSERT INTO touch (tenant_id, touch_id, kind, contact_email, touched_at, channel, campaign, product, cost_minor, cost_currency)
     SELECT $1::uuid, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[])
     ON CONFLICT (touch_id) DO UPDATE SET kind = excluded.kind, contact_email = excluded.contact_email, touched_at = excluded.touched_at,
       channel = excluded.channel, campaign = excluded.campaign, product = excluded.product,
       cost_minor = excluded.cost_minor, cost_currency = excluded.cost_currency`,
    [
      tenantId, [...touches.keys()], rows.map(({ kind }) => kind), rows.map(({ contactEmail }) => contactKey(contactEmail)),
      rows.map(({ occurredAt }) => occurredAt), rows.map(({ channel }) => channel), rows.map(({ campaign }) => campaign ?? null),
      rows.map(({ product }) => product ?? null), rows.map(({ cost }) => cost?.amountMinor ?? null), rows.map(({ cost }) => cost?.currency ?? null),
    ],
  );
  return contacts;
}

/** Remembers that a sample reached its contact; the earliest delivery told counts. @returns whether it is news. */
export async function storeSampleTouch(manager: EntityManager, shipmentId: string, { contactEmail, campaign, product }: Sample, touchedAt: string): Promise<boolean> {
  const stored = await manager.query<unknown[]>(
    `INSERT INTO touch (touch_id, tenant_id, kind, contact_email, touched_at, channel, campaign, product) VALUES ($1, $2, 'sample', $3, $4, $5, $6, $7)
     ON CONFLICT (touch_id) DO UPDATE SET touched_at = excluded.touched_at WHERE excluded.touched_at < touch.touched_at
     RETURNING 1`,
    [shipmentId, tenantContext.require().tenantId, contactKey(contactEmail), touchedAt, sampleChannel, campaign ?? null, product ?? null],
  );
  return stored.length > 0;
}

/**
 * Makes others who work on one of these contacts wait until the transaction ends. A sample's delivery and the close of
 * a deal may be told at the same moment; without this neither transaction would see the other's row.
 */
export async function claimContacts(manager: EntityManager, contactEmails: readonly string[]): Promise<void> {
  const { tenantId } = tenantContext.require();
  await claim(manager, [...new Set(contactEmails)].sort().map((email) => `contact/${tenantId}/${email}`));
}

async function claim(manager: EntityManager, keys: readonly string[]): Promise<void> {
  // One after the other, so that two who want the same ones take them in the same order.
  for (const key of keys) await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
}
