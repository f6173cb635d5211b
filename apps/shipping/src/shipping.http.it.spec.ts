import { randomBytes, randomUUID } from 'node:crypto';
import { connectionsSchema, ConnectionStore, CredentialVault, VaultKeys } from '@crossdock/connections';
import { trackingReceived } from '@crossdock/contracts';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { TestedService } from '@crossdock/service-kit/tested-service.fixture';
import { routesWithoutRule } from '@crossdock/service-tokens';
import { eventually } from '@crossdock/test-stack';
import { shippoCredentials } from '@crossdock/vendor-shippo';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { shippingDefinition } from './shipping.definition.ts';
import { shippingSchema } from './shipping.schema.ts';

const tenantId = randomUUID();
const connectionId = randomUUID();
const vaultKeys = `test:${randomBytes(32).toString('base64')}`;
const shipmentSchema = z.looseObject({ id: z.string(), status: z.string(), trackingNumber: z.string().optional() });

let sandbox: Sandbox;
let shipping: TestedService;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  const { account, token } = await new SandboxControl(sandbox.url).createShippoAccount();
  shipping = await TestedService.start(shippingDefinition, [shippingSchema, connectionsSchema], {
    vaultKeys, outboundAllowPrivateNetworks: 'true', shippoApiUrl: `${sandbox.url}/shippo`,
  });
  const { tenants } = shipping;
  await tenants.transaction(tenantId, async (manager) => {
    const connection = await new ConnectionStore(tenants).create(manager, { id: connectionId, tenantId, vendor: 'shippo', accountId: account });
    await new CredentialVault(tenants, VaultKeys.parse(vaultKeys)).put(manager, connection, shippoCredentials.apiToken, token);
  });
});

afterAll(async () => {
  await shipping.stop();
  await sandbox.stop();
});

const address = { name: 'Ada', street1: '1 Main Street', city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US' };
const wanted = {
  connectionId, from: address, to: address, parcel: { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 },
  sample: { contactEmail: 'ada@example.com' },
};

async function call(method: 'GET' | 'POST' | 'PUT', path: string, { key, body, scope = 'shipments:read shipments:write', tenant = tenantId }: {
  key?: string; body?: object; scope?: string; tenant?: string;
} = {}): Promise<{ status: number; body: unknown }> {
  const answer = await shipping.call(method, path, { tenantId: tenant, scope, ...(body && { body }), ...(key !== undefined && { headers: { 'idempotency-key': key } }) });
  return { status: answer.status, body: answer.body };
}

async function sayDelivered(trackingNumber: string): Promise<void> {
  await shipping.say(tenantId, 'gateway', trackingReceived, {
    subject: `shippo/track/usps/${trackingNumber}`,
    data: { connectionId, test: true, tracking: { carrier: 'usps', trackingNumber, status: 'delivered', occurredAt: '2026-03-01T00:00:00.000Z' } },
  });
}

describe('the shipping service', () => {
  it('accepts a shipment, buys its label in the background and follows it to delivery', async () => {
    const accepted = await call('POST', '/v1/shipments', { key: 'key-1', body: wanted });
    expect(accepted.status).toBe(202);
    const { id } = shipmentSchema.parse(accepted.body);
    const read = async () => shipmentSchema.parse((await call('GET', `/v1/shipments/${id}`)).body);
    const trackingNumber = await eventually('the label', async () => (await read()).trackingNumber);
    await sayDelivered(trackingNumber);
    await eventually('the delivery', async () => (await read()).status === 'delivered');
    expect(await call('POST', '/v1/shipments', { key: 'key-1', body: wanted })).toMatchObject({ status: 202, body: { id, status: 'delivered' } });
    expect(await call('GET', `/v1/shipments/${id}`, { tenant: randomUUID() })).toMatchObject({ status: 404 });
  });

  it('answers what is wrong with a request as a problem', async () => {
    expect(await call('POST', '/v1/shipments', { body: wanted })).toMatchObject({ status: 400 });
    expect(await call('POST', '/v1/shipments', { key: 'with space', body: wanted })).toMatchObject({ status: 400 });
    expect(await call('POST', '/v1/shipments', { key: 'key-2', body: { ...wanted, tenantId } })).toMatchObject({ status: 422 });
    expect(await call('POST', '/v1/shipments', { key: 'key-2', body: { ...wanted, parcel: { ...wanted.parcel, weightGrams: 0 } } }))
      .toMatchObject({ status: 422, body: { errors: [{ pointer: '/parcel/weightGrams' }] } });
    expect(await call('POST', '/v1/shipments', { key: 'key-2', body: { ...wanted, connectionId: randomUUID() } })).toMatchObject({ status: 404 });
    await call('POST', '/v1/shipments', { key: 'key-3', body: wanted });
    expect(await call('POST', '/v1/shipments', { key: 'key-3', body: { ...wanted, carrierPreference: 'ups' } }))
      .toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('keeps what the tenant allows and its kits, quotes rates, and lists and takes back shipments', async () => {
    const policy = { addressValidation: 'always', priceLimits: [{ amountMinor: 5_000, currency: 'USD' }], renewedRateRisePercent: 0 };
    expect(await call('GET', '/v1/shipping-policy')).toMatchObject({ status: 200, body: { addressValidation: 'us_only' } });
    expect(await call('PUT', '/v1/shipping-policy', { body: policy })).toEqual({ status: 200, body: policy });
    expect(await call('PUT', '/v1/shipping-policy', { body: { priceLimits: [{ amountMinor: -1, currency: 'USD' }] } })).toMatchObject({ status: 422 });
    const kit = { name: 'Starter', connectionId, from: address, parcel: wanted.parcel };
    expect(await call('PUT', '/v1/sample-kits/starter', { body: kit })).toMatchObject({ status: 200, body: { sku: 'starter', onHand: 0 } });
    expect(await call('POST', '/v1/sample-kits/starter/stock', { body: { change: 2 } })).toMatchObject({ status: 200, body: { onHand: 2 } });
    expect(await call('POST', '/v1/sample-kits/starter/stock', { body: { change: -3 } })).toMatchObject({ status: 409 });
    expect(await call('GET', '/v1/sample-kits', { tenant: randomUUID() })).toEqual({ status: 200, body: { kits: [] } });
    expect(await call('GET', '/v1/sample-kits/starter', { tenant: randomUUID() })).toMatchObject({ status: 404 });
    expect(await call('POST', '/v1/rates', { body: wanted })).toMatchObject({ status: 200, body: { rates: [{ carrier: 'usps', price: { currency: 'USD' } }, {}, {}] } });
    const orderId = randomUUID();
    const { body } = await call('POST', '/v1/shipments', { key: 'key-9', body: { ...wanted, orderId, kit: { sku: 'starter' } } });
    const { id } = shipmentSchema.parse(body);
    await eventually('the label', async () => shipmentSchema.parse((await call('GET', `/v1/shipments/${id}`)).body).trackingNumber);
    expect(await call('GET', '/v1/shipments?status=label_purchased&limit=1')).toMatchObject({ status: 200, body: { shipments: [{ id }] } });
    const lookUp = { orderIds: [orderId, randomUUID()] };
    expect(await call('POST', '/v1/shipments/look-up', { body: lookUp })).toMatchObject({ status: 200, body: { shipments: [{ id, orderId }] } });
    expect(await call('POST', '/v1/shipments/look-up', { body: lookUp, tenant: randomUUID() })).toEqual({ status: 200, body: { shipments: [] } });
    expect(await call('GET', '/v1/shipments?cursor=nonsense')).toMatchObject({ status: 422 });
    expect(await call('POST', `/v1/shipments/${id}/void`)).toMatchObject({ status: 202, body: { status: 'voided' } });
    expect(await call('POST', `/v1/shipments/${id}/void`, { tenant: randomUUID() })).toMatchObject({ status: 404 });
    expect(await call('GET', '/v1/sample-requests')).toEqual({ status: 200, body: { requests: [] } });
  });

  it('answers nobody without the scope, and leaves no route without a rule', async () => {
    expect(await call('POST', '/v1/shipments', { key: 'key-4', body: wanted, scope: 'shipments:read' })).toMatchObject({ status: 403 });
    expect(await shipping.statusWithoutToken(`/v1/shipments/${randomUUID()}`)).toBe(401);
    expect(routesWithoutRule(shipping.service.app)).toEqual([]);
  });
});
