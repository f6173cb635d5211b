import { requireTestServer } from '@crossdock/test-stack';
import { dynamicsVendorLimits } from '@crossdock/vendor-dynamics';
import { hubSpotRateLimits } from '@crossdock/vendor-hubspot';
import { pipedriveVendorLimits } from '@crossdock/vendor-pipedrive';
import { salesforceRateLimits } from '@crossdock/vendor-salesforce';
import { shippoRateLimits } from '@crossdock/vendor-shippo';
import { woocommerceRateLimits } from '@crossdock/vendor-woocommerce';
import { zohoVendorLimits } from '@crossdock/vendor-zoho';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { AccountHour, type AccountHourOptions, type HourResult } from './full-hour.fixture.ts';
import { all, callsAtOnce, callsIn, inDay, workIn, type VendorCount } from './vendor-counts.fixture.ts';

let redis: Redis;

// What is asked in one moment goes to Redis in one write; each script still counts by itself.
beforeAll(() => { redis = new Redis(requireTestServer('TEST_REDIS_URL'), { enableAutoPipelining: true }); });
afterAll(() => { redis.disconnect(); });

const hourMs = 3_600_000;
/** Enough for a vendor's further limits, of which it holds many windows: one limit of each vendor is played for an hour at least. */
const quarterMs = hourMs / 4;
const dayMs = 24 * hourMs;
const get = (operation: string, pathname: string) => ({ operation, method: 'GET', pathname });
const post = (operation: string, pathname: string) => ({ operation, method: 'POST', pathname });

interface Row extends Omit<AccountHourOptions, 'redis' | 'vendor'> {
  readonly name: string;
  readonly vendor: () => VendorCount;
  /** The part of the limit that was used. */
  readonly use: (result: HourResult) => number;
}

const both = (callers: number) => ({ interactive: callers, background: callers });
const lengthOf = (row: { lengthMs?: number }) => row.lengthMs ?? hourMs;

/** A limit of calls in a window that rolls; the hub uses it for as long as the row takes. */
function window(row: Omit<Row, 'use' | 'vendor'> & { max: number; intervalMs: number; cost?: number; tells?: (remaining: number) => Record<string, string> }): Row {
  const { max, intervalMs, cost = 1, tells, ...rest } = row;
  return { ...rest, vendor: () => callsIn({ max, intervalMs }, cost, tells), use: ({ accepted }) => (accepted * cost) / (max * Math.max(1, lengthOf(row) / intervalMs)) };
}

const atOnceMs = 120_000;

/**
 * A limit of calls under way, used when each slot is held all the time. Nothing of it returns with time, so that a
 * few minutes tell all. The slots that background work leaves are used only where enough calls are waited for.
 */
function atOnce(row: Omit<Row, 'use' | 'vendor'> & { max: number }): Row {
  const { max, ...rest } = row;
  return {
    workMs: [4_000, 8_000], lengthMs: atOnceMs, callers: { interactive: Math.ceil(max / 3), background: 2 }, ...rest, vendor: () => callsAtOnce(max), use: ({ heldMs }) => heldMs / (max * atOnceMs),
  };
}

/** A day's quota counted from the first call on: an hour uses up all of it, and a day and more shows that it returns once. */
const [dayAndMore, daysInIt] = [47 * hourMs, 2];
const quota = (row: Omit<Row, 'use' | 'vendor'> & { max: number; cost?: number; tells?: (remaining: number) => Record<string, string> }): Row => ({
  ...window({ callers: both(1), ...row, intervalMs: dayMs, lengthMs: dayAndMore }), use: ({ accepted }) => (accepted * (row.cost ?? 1)) / (row.max * daysInIt),
});

/**
 * What varies on the way of calls over connections that are kept open; a new connection takes longer. A vendor that
 * counts by the second sees calls closer together by so much, or refuses some (docs/decisions/0011).
 */
const keptOpen: Pick<Row, 'wayThereMs' | 'gridMs' | 'callers'> = { wayThereMs: [15, 50], gridMs: 5, callers: both(3) };
const [hubSpotRead, deal] = [post('contacts.batchRead', '/crm/v3/objects/contacts/batch/read'), get('deals.get', '/api/v2/deals/1')];
const woo = get('orders.list', '/wp-json/wc/v3/orders');
const remainingWork = (remainingMs: number) => ({ 'x-ms-ratelimit-time-remaining-xrm-requests': (remainingMs / 1_000).toFixed(2) });
const dynamicsCount = () => all(
  callsIn({ max: 6_000, intervalMs: 300_000 }, 1, (remaining) => ({ 'x-ms-ratelimit-burst-remaining-xrm-requests': String(remaining) })),
  workIn(1_200_000, 300_000, remainingWork), callsAtOnce(52),
);

const rows: readonly Row[] = [
  window({
    name: 'HubSpot, calls in ten seconds', limits: hubSpotRateLimits, call: hubSpotRead, max: 110, intervalMs: 10_000, lengthMs: quarterMs,
    // HubSpot says what it grants; the hub begins with a smaller figure.
    tells: (remaining) => ({ 'x-hubspot-ratelimit-max': '110', 'x-hubspot-ratelimit-remaining': String(remaining) }),
  }),
  window({ name: 'HubSpot, searches in a second', limits: hubSpotRateLimits, call: post('contacts.search', '/crm/v3/objects/contacts/search'), max: 5, intervalMs: 1_000, lengthMs: quarterMs, ...keptOpen }),
  quota({ name: 'HubSpot, calls in a day', limits: hubSpotRateLimits, settings: { limits: { callsPerDay: 2_000 } }, call: hubSpotRead, max: 2_000 }),
  quota({
    name: 'Salesforce, calls in a day', limits: salesforceRateLimits, settings: { limits: { callsPerDay: 3_000 } }, call: get('query', '/services/data/v67.0/query'), max: 3_000,
    tells: (remaining) => ({ 'sforce-limit-info': `api-usage=${3_000 - remaining}/3000` }),
  }),
  atOnce({ name: 'Salesforce, long calls at once', limits: salesforceRateLimits, settings: { limits: { callsPerDay: 1_000_000 } }, call: get('query', '/services/data/v67.0/query'), max: 25, workMs: [20_000, 28_000] }),
  window({ name: 'Pipedrive, burst of a token in two seconds', limits: pipedriveVendorLimits, settings: { tokenKind: 'api_token', seats: 100 }, call: deal, max: 20, intervalMs: 2_000, lengthMs: quarterMs, ...keptOpen, callers: both(4) }),
  window({ name: 'Pipedrive, searches in two seconds', limits: pipedriveVendorLimits, settings: { seats: 100 }, call: get('persons.search', '/api/v2/persons/search'), max: 10, intervalMs: 2_000, lengthMs: quarterMs, ...keptOpen }),
  {
    name: 'Pipedrive, tokens in a day', limits: pipedriveVendorLimits, call: get('deals.list', '/api/v2/deals'), vendor: () => inDay(30_000, 10),
    lengthMs: dayMs, use: ({ accepted }) => (accepted * 10) / 60_000,
  },
  quota({ name: 'Zoho, credits in a day', limits: zohoVendorLimits, settings: { edition: 'free' }, call: get('contacts.get', '/crm/v8/Contacts'), max: 5_000 }),
  quota({ name: 'Zoho, credits of full batches in a day', limits: zohoVendorLimits, settings: { edition: 'free' }, call: post('contacts.upsert', '/crm/v8/Contacts/upsert'), max: 5_000, cost: 10 }),
  atOnce({ name: 'Zoho, calls at once', limits: zohoVendorLimits, settings: { edition: 'ultimate' }, call: get('contacts.get', '/crm/v8/Contacts'), max: 25 }),
  atOnce({ name: 'Zoho, queries at once', limits: zohoVendorLimits, settings: { edition: 'ultimate' }, call: post('coql', '/crm/v8/coql'), max: 10 }),
  {
    name: 'Dynamics, requests in five minutes', limits: dynamicsVendorLimits, call: get('contacts.list', '/api/data/v9.2/contacts'), vendor: dynamicsCount,
    workMs: [10, 80], wayThereMs: [15, 50], lengthMs: quarterMs, use: ({ accepted }) => accepted / (6_000 * 3),
  },
  {
    name: 'Dynamics, work in five minutes', limits: dynamicsVendorLimits, call: post('batch', '/api/data/v9.2/$batch'), vendor: dynamicsCount,
    workMs: [800, 4_000], wayThereMs: [15, 50], callers: both(10), use: ({ workMs }) => workMs / (1_200_000 * 12),
  },
  window({ name: 'Shippo, purchases in a minute', limits: shippoRateLimits, call: post('transactions.create', '/transactions'), max: 500, intervalMs: 60_000, lengthMs: quarterMs }),
  window({ name: 'Shippo, reads in a minute', limits: shippoRateLimits, call: get('transactions.get', '/transactions/1'), max: 4_000, intervalMs: 60_000, lengthMs: 180_000, callers: both(10) }),
  window({ name: 'Shippo, lists in a minute', limits: shippoRateLimits, call: get('transactions.list', '/transactions'), max: 50, intervalMs: 60_000 }),
  window({ name: 'Shippo, tracking in a minute', limits: shippoRateLimits, call: post('tracks.create', '/tracks'), max: 750, intervalMs: 60_000, lengthMs: quarterMs }),
  window({ name: 'WooCommerce, as the shop’s host allows in a minute', limits: woocommerceRateLimits, settings: { limits: { callsPerMinute: 120, callsAtOnce: 50 } }, call: woo, max: 120, intervalMs: 60_000 }),
  atOnce({ name: 'WooCommerce, as the shop’s host allows at once', limits: woocommerceRateLimits, call: woo, max: 10 }),
];

describe('three replicas that ask for more than there is, for an hour or a part of it', () => {
  it.concurrent.each(rows)('uses 95 % of the limit and is never refused: $name', async ({ use, vendor, ...options }) => {
    const result = await new AccountHour({ redis, ...options, vendor: vendor() }).run();
    const { accepted, refused, byPriority } = result;
    expect(refused).toBe(0);
    expect(use(result)).toBeGreaterThanOrEqual(0.95);
    // Both kinds of work get on.
    expect(Math.min(byPriority.interactive, byPriority.background) / accepted).toBeGreaterThan(0.1);
  }, 600_000);
});
