import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Shippo } from 'shippo';
import { startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';

let bench: SandboxBench;

beforeAll(async () => {
  bench = await startSandboxBench({ clockFactor: 100_000 });
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

const shippoFor = (token: string): Shippo =>
  new Shippo({ serverURL: `${bench.sandboxUrl}/shippo`, apiKeyHeader: `ShippoToken ${token}`, shippoApiVersion: '2018-02-08' });

const somewhere = { name: 'Ada', street1: '1 Main St', city: 'Springfield', state: 'IL', zip: '62701', country: 'US' };
const parcel = { length: '5', width: '5', height: '5', distanceUnit: 'in', weight: '2', massUnit: 'lb' } as const;

async function boughtLabel(shippo: Shippo) {
  const shipment = await shippo.shipments.create({ addressFrom: somewhere, addressTo: somewhere, parcels: [parcel], async: false });
  const rate = shipment.rates[0];
  if (rate === undefined) throw new Error('The shipment has no rate.');
  const label = await shippo.transactions.create({ rate: rate.objectId, async: false, labelFileType: 'PDF', metadata: 'order 1' });
  return { ...label, rate: rate.objectId };
}

describe('Shippo through the official client', () => {
  it('validates an address that lacks a street', async () => {
    const shippo = shippoFor((await bench.control.createShippoAccount()).token);
    const address = await shippo.addresses.create({ country: 'US', zip: '62701', validate: true });
    expect(address.validationResults?.isValid).toBe(false);
    expect((await shippo.addresses.create({ ...somewhere, validate: true })).validationResults?.isValid).toBe(true);
  });

  it('rates a shipment, sells the label and knows it by its rate', async () => {
    const shippo = shippoFor((await bench.control.createShippoAccount()).token);
    const label = await boughtLabel(shippo);
    expect(label).toMatchObject({ status: 'SUCCESS', trackingStatus: 'UNKNOWN', metadata: 'order 1' });
    expect(label.trackingNumber).toMatch(/^\d{22,}$/);
    expect(label.labelUrl).toMatch(/\.pdf$/);
    const found = await shippo.transactions.list({ rate: label.rate });
    expect(found.results?.map((transaction) => transaction.objectId)).toEqual([label.objectId]);
    expect((await shippo.rates.get(label.rate)).attributes).toContain('CHEAPEST');
  });

  it('sells a second label for the same rate, as buying is not idempotent, and counts both', async () => {
    const shippo = shippoFor((await bench.control.createShippoAccount()).token);
    const label = await boughtLabel(shippo);
    await shippo.transactions.create({ rate: label.rate, async: false });
    expect((await bench.control.writes('shippo')).byType['transactions']?.created).toBe(2);
  });

  it('queues an asynchronous purchase and finishes it by itself', async () => {
    const { account, token } = await bench.control.createShippoAccount();
    const shippo = shippoFor(token);
    const first = await boughtLabel(shippo);
    await shippo.webhooks.createWebhook({ event: 'transaction_updated', url: bench.receiver.url });
    const queued = await shippo.transactions.create({ rate: first.rate, async: true });
    expect(queued.status).toBe('QUEUED');
    await bench.control.waitForDelivery((delivery) => delivery.topic === 'transaction_updated' && delivery.account === account);
    expect((await shippo.transactions.get(queued.objectId ?? '')).status).toBe('SUCCESS');
  });

  it('pages its lists', async () => {
    const shippo = shippoFor((await bench.control.createShippoAccount()).token);
    for (const _ of [1, 2, 3]) await boughtLabel(shippo);
    const first = await shippo.transactions.list({ page: 1, results: 2 });
    expect(first.results).toHaveLength(2);
    expect(first.next).toContain('page=2');
    const last = await shippo.transactions.list({ page: 2, results: 2 });
    expect(last.results).toHaveLength(1);
    expect(last.next).toBeUndefined();
  });

  it('has test numbers at every status', async () => {
    const shippo = shippoFor((await bench.control.createShippoAccount()).token);
    const track = await shippo.trackingStatus.get('SHIPPO_RETURNED', 'shippo');
    expect(track.trackingStatus?.status).toBe('RETURNED');
    const registered = await shippo.trackingStatus.create({ carrier: 'shippo', trackingNumber: 'SHIPPO_TRANSIT', metadata: 'order 7' });
    expect(registered).toMatchObject({ metadata: 'order 7', trackingStatus: { status: 'TRANSIT' } });
  });

  it('refuses a caller without a token, with a wrong one, and after it was revoked', async () => {
    const { token } = await bench.control.createShippoAccount();
    const answerTo = async (authorization: string | undefined) => {
      const answer = await fetch(`${bench.sandboxUrl}/shippo/webhooks`, { headers: authorization === undefined ? {} : { authorization } });
      return [answer.status, await answer.json()];
    };
    expect(await answerTo(undefined)).toEqual([401, { detail: 'Authentication credentials were not provided.' }]);
    expect(await answerTo('ShippoToken shippo_test_0')).toEqual([401, { detail: 'Token does not exist' }]);
    expect((await answerTo(`ShippoToken ${token}`))[0]).toBe(200);
    await bench.control.addFault('shippo', { kind: 'revoke-token' });
    expect((await answerTo(`ShippoToken ${token}`))[0]).toBe(401);
  });
});

describe('Shippo webhooks', () => {
  it('moves a parcel from pre-transit to delivered and tells the very address that was registered', async () => {
    const { account, token } = await bench.control.createShippoAccount();
    const shippo = shippoFor(token);
    await shippo.webhooks.createWebhook({ event: 'track_updated', url: `${bench.receiver.url}/hooks?token=s3cret` });
    const { trackingNumber = '' } = await boughtLabel(shippo);
    for (const _ of ['PRE_TRANSIT', 'TRANSIT', 'DELIVERED']) {
      await bench.control.advanceShippoTrack(account, 'usps', trackingNumber);
      await bench.control.waitUntilSettled();
    }
    const bodies = bench.receiver.received.map(({ body }) => JSON.parse(body.toString()) as { event: string; test: boolean; data: { tracking_status: { status: string } } });
    expect(bodies.map((body) => body.data.tracking_status.status)).toEqual(['PRE_TRANSIT', 'TRANSIT', 'DELIVERED']);
    expect(bodies[0]).toMatchObject({ event: 'track_updated', test: true, data: { carrier: 'usps', metadata: 'order 1' } });
    expect(bench.receiver.received.every(({ path, headers }) => path === '/hooks?token=s3cret' && headers['shippo-auth-signature'] === undefined)).toBe(true);
    expect((await shippo.trackingStatus.get(trackingNumber, 'usps')).trackingHistory).toHaveLength(3);
    await expect(bench.control.advanceShippoTrack(account, 'usps', trackingNumber)).rejects.toThrow('nothing comes after that');
  });

  it('signs for an account that has a secret, and repeats the very same bytes and headers on demand', async () => {
    const { account, token } = await bench.control.createShippoAccount({ hmacSecret: 'sh' });
    const shippo = shippoFor(token);
    await shippo.webhooks.createWebhook({ event: 'all', url: bench.receiver.url });
    const { trackingNumber = '' } = await boughtLabel(shippo);
    await bench.control.advanceShippoTrack(account, 'usps', trackingNumber, { status: 'FAILURE', substatus: 'package_lost' });
    await bench.control.waitUntilSettled();
    const sent = await bench.control.waitForDelivery((delivery) => delivery.topic === 'track_updated');
    await bench.control.redeliver(sent.id);
    const [first, second] = bench.receiver.received.filter(({ body }) => body.includes('track_updated'));
    const [, t = '', mac = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(first?.headers['shippo-auth-signature'] ?? '') ?? [];
    expect(createHmac('sha256', 'sh').update(`${t}.`).update(first?.body ?? '').digest('hex')).toBe(mac);
    expect(second?.headers['shippo-auth-signature']).toBe(first?.headers['shippo-auth-signature']);
    expect(first?.body.toString()).toContain('"code":"package_lost"');
  });

  it('tries again twice after 503 and never after 404', async () => {
    const { account, token } = await bench.control.createShippoAccount();
    const shippo = shippoFor(token);
    await shippo.webhooks.createWebhook({ event: 'track_updated', url: bench.receiver.url });
    const { trackingNumber = '' } = await boughtLabel(shippo);
    bench.receiver.answerWith(503);
    await bench.control.advanceShippoTrack(account, 'usps', trackingNumber);
    await bench.control.waitUntilSettled();
    expect(bench.receiver.received).toHaveLength(3);
    bench.receiver.answerWith(404);
    await bench.control.advanceShippoTrack(account, 'usps', trackingNumber);
    await bench.control.waitUntilSettled();
    expect(bench.receiver.received).toHaveLength(4);
  });

  it('changes and deletes webhooks', async () => {
    const shippo = shippoFor((await bench.control.createShippoAccount()).token);
    const made = await shippo.webhooks.createWebhook({ event: 'track_updated', url: bench.receiver.url });
    await shippo.webhooks.updateWebhook({ event: 'track_updated', url: bench.receiver.url, active: false }, made.objectId ?? '');
    expect((await shippo.webhooks.listWebhooks()).results?.[0]?.active).toBe(false);
    await shippo.webhooks.deleteWebhook(made.objectId ?? '');
    expect((await shippo.webhooks.listWebhooks()).results).toEqual([]);
  });
});
