import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ShippoClient } from './shippo.client.ts';
import { verifyShippoWebhook } from './shippo.webhook-signature.ts';
import { parseShippoWebhook } from './shippo.webhooks.ts';

let sandbox: Sandbox;
let control: SandboxControl;
let http: OutboundHttp;
let client: ShippoClient;
let account: { account: string; token: string };
const ids = { id: '0198f2c4-7d3e-7a10-9b55-2f6f0c1d4e8a', tenantId: '0198f2c4-7d3e-7a10-9b55-2f6f0c1d4e8b' };
let connection: Connection;

const request = {
  from: { name: 'Warehouse', street1: '1 Main St', city: 'San Francisco', state: 'CA', postalCode: '94117', country: 'US' },
  to: { name: 'Ada Meyer', street1: '2 Side St', city: 'New York', state: 'NY', postalCode: '10007', country: 'US', email: 'ada@example.com' },
  parcel: { weightGrams: 450, lengthMm: 300, widthMm: 200, heightMm: 100 },
  reference: 'shipment-1',
};

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
  http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
});

afterAll(async () => {
  await http.close();
  await sandbox.stop();
});

beforeEach(async () => {
  await control.reset();
  account = await control.createShippoAccount();
  connection = { ...ids, vendor: 'shippo', accountId: account.account, settings: {}, state: 'healthy', stateSince: new Date() };
  client = new ShippoClient({ http, vault: { use: (_owner, _fields, work) => work([account.token]) }, apiUrl: `${sandbox.url}/shippo` });
});

async function cheapestRate() {
  const { rates } = await client.createShipmentWithRates(connection, request);
  const [cheapest] = rates;
  if (!cheapest) throw new Error('no rate');
  return cheapest;
}

describe('rates', () => {
  it('come cheapest first, and again for the same shipment', async () => {
    const made = await client.createShipmentWithRates(connection, request);
    const prices = made.rates.map((rate) => rate.price.amountMinor);
    expect(prices.length).toBeGreaterThan(1);
    expect(prices).toEqual(prices.toSorted((a, b) => a - b));
    expect(await client.getShipmentWithRates(connection, made.shipmentId)).toEqual(made);
  });
});

describe('a label', () => {
  it('is bought once, however often it is asked for', async () => {
    const rate = await cheapestRate();
    expect(await client.findLabel(connection, rate.id)).toBeUndefined();
    const first = await client.buyLabel(connection, { rateId: rate.id, reference: 'shipment-1' });
    expect(first).toMatchObject({ test: true, trackingNumber: expect.stringMatching(/./), labelUrl: expect.stringMatching(/^http/) });
    expect(await client.buyLabel(connection, { rateId: rate.id, reference: 'shipment-1' })).toEqual(first);
    expect(await control.shippoTransactions(account.account)).toHaveLength(1);
  });

  it('is bought once although the answer was lost after Shippo had sold it', async () => {
    const rate = await cheapestRate();
    await control.addFault('shippo', { kind: 'reset', phase: 'after', pathPattern: '^POST .*/transactions' });
    await expect(client.buyLabel(connection, { rateId: rate.id, reference: 'shipment-1' })).rejects.toMatchObject({ kind: 'outcome_unknown' });
    const [sold] = await control.shippoTransactions(account.account);
    expect(await client.buyLabel(connection, { rateId: rate.id, reference: 'shipment-1' })).toMatchObject({ transactionId: sold?.object_id });
    expect(await control.shippoTransactions(account.account)).toHaveLength(1);
  });

  it('of an unknown rate is refused as invalid', async () => {
    await expect(client.buyLabel(connection, { rateId: 'nonsense', reference: 'shipment-1' })).rejects.toMatchObject({ kind: 'invalid', field: 'rate' });
  });
});

describe('an address', () => {
  it('is deliverable, or not, with the codes for why', async () => {
    expect(await client.validateAddress(connection, request.to)).toEqual({ isDeliverable: true, codes: [] });
    expect(await client.validateAddress(connection, { ...request.to, street1: '1 Nowhere St' }))
      .toEqual({ isDeliverable: false, codes: ['Unknown Street'] });
  });
});

describe('a parcel over a border', () => {
  const abroad = { ...request.to, country: 'CA', postalCode: 'M5V 2T6', state: 'ON' };
  const customs = {
    contentsType: 'sample' as const, nonDelivery: 'return' as const, signer: 'Ada Meyer',
    items: [{ description: 'Sample kit', quantity: 1, netWeightGrams: 400, value: { amountMinor: 1_000, currency: 'USD' }, originCountry: 'US' }],
  };

  it('gets rates with a declaration and none without', async () => {
    expect((await client.createShipmentWithRates(connection, { ...request, to: abroad, customs })).rates.length).toBeGreaterThan(0);
    await expect(client.createShipmentWithRates(connection, { ...request, to: abroad })).rejects.toMatchObject({
      kind: 'invalid', message: expect.stringContaining('customs_declaration_missing'),
    });
  });
});

describe('a label that is given back', () => {
  it('is given back once, and refunded when the carrier says so', async () => {
    const { transactionId } = await client.buyLabel(connection, { rateId: (await cheapestRate()).id, reference: 'shipment-1' });
    expect(await client.findRefund(connection, transactionId)).toBe('kept');
    expect(await client.refundLabel(connection, transactionId)).toBe('pending');
    expect(await client.refundLabel(connection, transactionId)).toBe('pending');
    await control.settleShippoRefund(account.account, transactionId, 'SUCCESS');
    expect(await client.findRefund(connection, transactionId)).toBe('refunded');
    expect((await control.writes('shippo')).byType['refunds']?.created).toBe(1);
  });

  it('is refused once the carrier has scanned it', async () => {
    const rate = await cheapestRate();
    const { transactionId, trackingNumber } = await client.buyLabel(connection, { rateId: rate.id, reference: 'shipment-1' });
    await control.advanceShippoTrack(account.account, rate.carrier, trackingNumber, { status: 'TRANSIT' });
    expect(await client.refundLabel(connection, transactionId)).toBe('rejected');
  });
});

describe('a carrier', () => {
  it('that is switched off offers nothing, and is known to be off', async () => {
    expect(await client.isCarrierOff(connection, 'ups')).toBe(false);
    await control.changeShippoMarket(account.account, { inactiveCarriers: ['UPS'] });
    const { rates } = await client.createShipmentWithRates(connection, request);
    expect(rates.map(({ carrier }) => carrier)).not.toContain('ups');
    expect(await client.isCarrierOff(connection, 'ups')).toBe(true);
    expect(await client.isCarrierOff(connection, 'usps')).toBe(false);
  });
});

describe('tracking', () => {
  it('tells all that was said, oldest first, and follows a parcel whose label was bought elsewhere', async () => {
    expect((await client.registerTrack(connection, { carrier: 'usps', trackingNumber: '94001', reference: 'shipment-2' })).updates).toEqual([]);
    await control.advanceShippoTrack(account.account, 'usps', '94001', { status: 'TRANSIT', substatus: 'notice_left', date: '2026-03-02T00:00:00.000Z' });
    await control.advanceShippoTrack(account.account, 'usps', '94001', { status: 'PRE_TRANSIT', date: '2026-03-01T00:00:00.000Z' });
    expect((await client.getTrackingHistory(connection, 'usps', '94001')).updates).toMatchObject([
      { status: 'pre_transit', occurredAt: '2026-03-01T00:00:00.000Z' },
      { status: 'in_transit', substatus: 'notice_left', actionRequired: true, occurredAt: '2026-03-02T00:00:00.000Z' },
    ]);
  });

  it('has nothing to tell until the carrier says something', async () => {
    const rate = await cheapestRate();
    const { trackingNumber } = await client.buyLabel(connection, { rateId: rate.id, reference: 'shipment-1' });
    expect(await client.getTrackingHistory(connection, rate.carrier, trackingNumber)).toEqual({ updates: [], unknownStatuses: [] });
    await control.advanceShippoTrack(account.account, rate.carrier, trackingNumber, { status: 'DELIVERED' });
    expect((await client.getTrackingHistory(connection, rate.carrier, trackingNumber)).updates).toMatchObject([{ status: 'delivered', trackingNumber, carrier: rate.carrier }]);
  });

  it('of a number that nobody knows is not found', async () => {
    await expect(client.getTrackingHistory(connection, 'usps', 'nothing')).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('a call that Shippo does not answer well', () => {
  it.each([
    [{ kind: 'rate-limit' }, { kind: 'rate_limited', retryAfterMs: 60_000 }],
    [{ kind: 'rate-limit', retryAfterSeconds: 2 }, { kind: 'rate_limited', retryAfterMs: 2_000 }],
    [{ kind: 'status', status: 503 }, { kind: 'transient' }],
    [{ kind: 'status', status: 403 }, { kind: 'forbidden' }],
    [{ kind: 'status', status: 302 }, { kind: 'unexpected' }],
    [{ kind: 'reset', times: 2 }, { kind: 'transient' }],
  ] as const)('after the fault %j fails as %j', async (fault, failure) => {
    await control.addFault('shippo', { ...fault, pathPattern: '/shipments' });
    await expect(client.createShipmentWithRates(connection, request)).rejects.toMatchObject(failure);
  });

  it('fails as unauthorised once the token is revoked', async () => {
    await control.addFault('shippo', { kind: 'revoke-token', account: account.account });
    await expect(client.createShipmentWithRates(connection, request)).rejects.toMatchObject({ kind: 'unauthorised' });
  });
});

describe('a tracking webhook', () => {
  let hub: Server;
  let hubUrl: string;
  let received: { url: string; headers: IncomingHttpHeaders; rawBody: Buffer }[];

  beforeAll(async () => {
    hub = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        received.push({ url: incoming.url ?? '', headers: incoming.headers, rawBody: Buffer.concat(chunks) });
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(hub, 'listening');
    const address = hub.address();
    if (address === null || typeof address === 'string') throw new Error('the hub has no port');
    hubUrl = `http://127.0.0.1:${address.port}/webhooks`;
  });

  afterAll(() => { hub.close(); });

  async function deliver(token: string, hmacSecret?: string) {
    received = [];
    if (hmacSecret !== undefined) account = await control.createShippoAccount({ hmacSecret });
    const registered = await fetch(`${sandbox.url}/shippo/webhooks`, {
      method: 'POST', headers: { authorization: `ShippoToken ${account.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `${hubUrl}?token=${token}`, event: 'track_updated', is_test: true, active: true }),
    });
    expect(registered.status).toBe(201);
    const rate = await cheapestRate();
    const { trackingNumber } = await client.buyLabel(connection, { rateId: rate.id, reference: 'shipment-1' });
    await control.advanceShippoTrack(account.account, rate.carrier, trackingNumber, { status: 'TRANSIT' });
    await control.waitUntilSettled();
    const webhook = received[0];
    if (!webhook) throw new Error('no webhook came');
    const tokenReceived = new URL(webhook.url, hubUrl).searchParams.get('token') ?? undefined;
    return { webhook, token: tokenReceived, trackingNumber };
  }

  it('is verified by the token of its address and tells of the parcel', async () => {
    const { webhook, token, trackingNumber } = await deliver('s3cret');
    const given = { ...webhook, token, nowMs: Date.now(), hmacSecrets: [] };
    expect(verifyShippoWebhook({ ...given, tokens: ['s3cret'] })).toEqual({ valid: true });
    expect(verifyShippoWebhook({ ...given, tokens: ['another'] })).toEqual({ valid: false, reason: 'token_mismatch' });
    expect(parseShippoWebhook(webhook.rawBody)).toMatchObject({ test: true, tracking: { trackingNumber, status: 'in_transit' } });
  });

  it('is verified by its signature where the account signs', async () => {
    const { webhook, token } = await deliver('t', 'signing secret');
    const given = { ...webhook, token, nowMs: Date.now(), tokens: ['t'] };
    expect(verifyShippoWebhook({ ...given, hmacSecrets: ['signing secret'] })).toEqual({ valid: true });
    expect(verifyShippoWebhook({ ...given, hmacSecrets: ['another'] })).toEqual({ valid: false, reason: 'signature_mismatch' });
  });
});
