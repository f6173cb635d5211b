import { RateWindow } from '@crossdock/sandbox';
import { requireTestServer } from '@crossdock/test-stack';
import { hubSpotRateLimits } from '@crossdock/vendor-hubspot';
import { pipedriveVendorLimits } from '@crossdock/vendor-pipedrive';
import { shippoRateLimits } from '@crossdock/vendor-shippo';
import { woocommerceRateLimits } from '@crossdock/vendor-woocommerce';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { AccountHour } from './full-hour.fixture.ts';

let redis: Redis;

beforeAll(() => { redis = new Redis(requireTestServer('TEST_REDIS_URL')); });
afterAll(() => { redis.disconnect(); });

const hubSpotRead = { operation: 'contacts.batchRead', method: 'POST', pathname: '/crm/v3/objects/contacts/batch/read' };

/** HubSpot says what it grants; the hub begins with a smaller figure. */
const hubSpotHeaders = (remaining: number) => new Headers({ 'x-hubspot-ratelimit-max': '110', 'x-hubspot-ratelimit-remaining': String(remaining) });
const nothing = () => new Headers();

/** What the vendor's stand-in counts by, and the calls that are all made as fast as their budget lets them. */
const accounts = [
  { name: 'HubSpot, calls in ten seconds', limits: hubSpotRateLimits, settings: {}, call: hubSpotRead, window: { max: 110, intervalMs: 10_000 }, tells: hubSpotHeaders },
  { name: 'Shippo, purchases in a minute', limits: shippoRateLimits, settings: {}, call: { operation: 'transactions.create', method: 'POST', pathname: '/transactions' }, window: { max: 500, intervalMs: 60_000 }, tells: nothing },
  { name: 'WooCommerce, as the shop’s host allows', limits: woocommerceRateLimits, settings: { limits: { callsPerMinute: 240, callsAtOnce: 50 } }, call: { operation: 'orders.list', method: 'GET', pathname: '/wp-json/wc/v3/orders' }, window: { max: 240, intervalMs: 60_000 }, tells: nothing },
];

describe('an hour of three replicas that ask for more than there is', () => {
  it.each(accounts)('uses 95 % of the limit and is never refused: $name', async ({ limits, settings, call, window, tells }) => {
    const vendor = new RateWindow(window);
    const hour = new AccountHour({ redis, limits, settings, call, vendor, tells });
    const { accepted, refused, byPriority } = await hour.run();
    expect(refused).toBe(0);
    expect(accepted / (window.max * 3_600_000 / window.intervalMs)).toBeGreaterThanOrEqual(0.95);
    // Both kinds of work get on.
    expect(Math.min(byPriority.interactive, byPriority.background) / accepted).toBeGreaterThan(0.1);
  }, 60_000);

  it.each([
    {
      name: 'HubSpot’s searches in a second', limits: hubSpotRateLimits, settings: {}, window: { max: 5, intervalMs: 1_000 }, leastUse: 0.75,
      call: { operation: 'contacts.search', method: 'POST', pathname: '/crm/v3/objects/contacts/search' },
    },
    {
      name: 'Pipedrive’s burst in two seconds', limits: pipedriveVendorLimits, settings: { tokenKind: 'api_token', seats: 100 }, window: { max: 20, intervalMs: 2_000 }, leastUse: 0.85,
      call: { operation: 'deals.get', method: 'GET', pathname: '/api/v2/deals/1' },
    },
  ])('leaves more of a short window free, because calls take their time by chance, and is never refused: $name', async ({ limits, settings, window, leastUse, call }) => {
    const hour = new AccountHour({ redis, limits, settings, vendor: new RateWindow(window), tells: nothing, call });
    const { accepted, refused } = await hour.run();
    expect(refused).toBe(0);
    expect(accepted / (window.max * 3_600_000 / window.intervalMs)).toBeGreaterThanOrEqual(leastUse);
  }, 60_000);
});
