import { randomBytes, randomUUID } from 'node:crypto';
import { connectionsSchema, ConnectionStore, CredentialVault, VaultKeys } from '@crossdock/connections';
import { eventKey, trackingReceived } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { createLogger, startService, type RunningService } from '@crossdock/service-kit';
import { routesWithoutRule } from '@crossdock/service-tokens';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { TenantDatabase } from '@crossdock/tenancy';
import {
  createTestDatabase, createTestTopics, eventually, requireTestServer, type TestDatabase, type TestTopics,
} from '@crossdock/test-stack';
import { shippoCredentials } from '@crossdock/vendor-shippo';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { shippingDefinition } from './shipping.definition.ts';
import { shippingSchema } from './shipping.schema.ts';

const tenantId = randomUUID();
const connectionId = randomUUID();
const vaultKeys = `test:${randomBytes(32).toString('base64')}`;
const shipmentSchema = z.looseObject({ id: z.string(), status: z.string(), trackingNumber: z.string().optional() });

let testDatabase: TestDatabase;
let topics: TestTopics;
let issuer: IssuerFixture;
let sandbox: Sandbox;
let service: RunningService;

beforeAll(async () => {
  [testDatabase, topics, issuer, sandbox] = await Promise.all([
    createTestDatabase(), createTestTopics(), startIssuer(), startSandbox({ port: 0 }),
  ]);
  const databaseUrl = await testDatabase.migrateService('shipping', [shippingSchema, connectionsSchema]);
  const tenants = new TenantDatabase(await testDatabase.connect(databaseUrl, 'shipping'));
  const { account, token } = await new SandboxControl(sandbox.url).createShippoAccount();
  await tenants.transaction(tenantId, async (manager) => {
    const connection = await new ConnectionStore(tenants).create(manager, { id: connectionId, tenantId, vendor: 'shippo', accountId: account });
    await new CredentialVault(tenants, VaultKeys.parse(vaultKeys)).put(manager, connection, shippoCredentials.apiToken, token);
  });
  service = await startService(shippingDefinition, shippingDefinition.config.parse({
    databaseUrl, kafkaBrokers: topics.brokers.join(','), topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'),
    port: 0, internalPort: 0, authIssuerUrl: issuer.url, vaultKeys, outboundAllowPrivateNetworks: 'true', shippoApiUrl: `${sandbox.url}/shippo`,
  }), createLogger('shipping', 'fatal'));
});

afterAll(async () => {
  await service.stop();
  await Promise.all([issuer.stop(), sandbox.stop()]);
  await topics.drop();
  await testDatabase.drop();
});

const address = { name: 'Ada', street1: '1 Main Street', city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US' };
const wanted = {
  connectionId, from: address, to: address, parcel: { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 },
  sample: { contactEmail: 'ada@example.com' },
};

async function call(method: 'GET' | 'POST' | 'PUT', path: string, { key, body, scope = 'shipments:read shipments:write', tenant = tenantId }: {
  key?: string; body?: object; scope?: string; tenant?: string;
} = {}): Promise<{ status: number; body: unknown }> {
  const token = await issuer.sign({ claims: { aud: 'shipping', scope: `${scope} tenant:any` } });
  const response = await service.app.inject({
    method, url: path, ...(body && { payload: body }),
    headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenant, ...(key !== undefined && { 'idempotency-key': key }) },
  });
  return { status: response.statusCode, body: response.json() };
}

async function sayDelivered(trackingNumber: string): Promise<void> {
  const envelope = new EventPublisher('gateway', () => undefined).envelope({ tenantId, correlationId: randomUUID() }, trackingReceived, {
    subject: `shippo/track/usps/${trackingNumber}`,
    data: { connectionId, test: true, tracking: { carrier: 'usps', trackingNumber, status: 'delivered', occurredAt: '2026-03-01T00:00:00.000Z' } },
  });
  const producer = topics.kafka.producer({ retry: { retries: 10 } });
  await producer.connect();
  await producer.send({ topic: topics.prefix + trackingReceived.type, messages: [{ key: eventKey(envelope), value: JSON.stringify(envelope) }] });
  await producer.disconnect();
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
    expect((await service.app.inject({ method: 'GET', url: `/v1/shipments/${randomUUID()}` })).statusCode).toBe(401);
    expect(routesWithoutRule(service.app)).toEqual([]);
  });
});
