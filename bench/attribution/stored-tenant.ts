import type { DataSource } from 'typeorm';
import { idOf } from '../stored-ids.ts';

/** A tenant with so many journeys: half of them ended in a won deal, the others have led to nothing so far. */
export interface StoredTenant {
  readonly tenantId: string;
  readonly journeys: number;
}

const channels = 12;
const touchesPerJourney = 3;
/** As many in one statement: none may take longer than the database lets any take. */
const journeysAtOnce = 50_000;

/**
 * Puts facts into the tables as if they had been told: people with three touches in twelve channels within a year, every other one with a
 * deal won a day after the last.
 */
export async function storeTenant(admin: DataSource, { tenantId, journeys }: StoredTenant): Promise<void> {
  for (let first = 1; first <= journeys; first += journeysAtOnce) {
    await storeJourneys(admin, [tenantId, first, Math.min(journeys, first + journeysAtOnce - 1)]);
  }
  for (const table of ['identity', 'touch', 'deal', 'deal_party']) await admin.query(`ANALYZE ${table}`);
}

async function storeJourneys(admin: DataSource, values: readonly [tenantId: string, first: number, last: number]): Promise<void> {
  const people = 'generate_series($2::int, $3::int) AS n';
  const winners = 'generate_series($2::int + $2::int % 2, $3::int, 2) AS n';
  await admin.query(
    `INSERT INTO identity (tenant_id, key, identity_id) SELECT $1::uuid, 'email:p' || n || '@example.com', ${idOf('$1::text || n')} FROM ${people}`, [...values]);
  await admin.query(
    `INSERT INTO touch (touch_id, tenant_id, kind, contact_key, touched_at, channel)
     SELECT ${idOf(`$1::text || n || '/' || t`)}, $1::uuid, 'web', 'email:p' || n || '@example.com',
            timestamptz '2026-01-01T00:00:00Z' + make_interval(days => n % 270, hours => t), 'channel ' || ((n / 7 + t * (1 + n % 5)) % ${channels})
     FROM ${people}, generate_series(1, ${touchesPerJourney}) AS t`, [...values]);
  await admin.query(
    `INSERT INTO deal (deal_id, tenant_id, vendor, connection_id, external_id, name, status, amount_minor, currency, closed_at, opened_at, modified_at)
     SELECT ${idOf(`'deal' || $1::text || n`)}, $1::uuid, 'hubspot', $1::uuid, n, 'Deal ' || n, 'won', 1000 + n % 9000, 'EUR', closed, closed, closed
     FROM (SELECT n, timestamptz '2026-01-02T00:00:00Z' + make_interval(days => n % 270) AS closed FROM ${winners}) AS each`, [...values]);
  await admin.query(
    `INSERT INTO deal_party (deal_id, key, tenant_id)
     SELECT ${idOf(`'deal' || $1::text || n`)}, 'email:p' || n || '@example.com', $1::uuid FROM ${winners}`, [...values]);
}
