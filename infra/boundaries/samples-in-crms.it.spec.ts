import { randomUUID } from 'node:crypto';
import { connectionsSchema } from '@crossdock/connections';
import { trackingReceived } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { shippingDefinition } from '../../apps/shipping/src/shipping.definition.ts';
import { shippingSchema } from '../../apps/shipping/src/shipping.schema.ts';
import { startBeside } from './connection-life.fixture.ts';
import { TwoCrms, type TenantOfTwo } from './two-crms.fixture.ts';

const address = { name: 'Grace Hopper', street1: '1 Main Street', city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US' };
const requestsSchema = z.object({ requests: z.array(z.looseObject({ id: z.uuid(), state: z.string(), dealId: z.string() })) });
/** Salesforce is asked every ten seconds; the machine may be busy with other tests. */
const soonMs = 60_000;

let world: TwoCrms;
let shipping: RunningService;
beforeAll(async () => {
  world = await TwoCrms.start();
  shipping = await startBeside(world.gateway, 'shipping', [shippingSchema, connectionsSchema], (environment, logger) =>
    startService(shippingDefinition, loadConfig(shippingDefinition.config, environment), logger));
}, 120_000);
afterAll(async () => {
  await shipping.stop();
  await world.stop();
}, 90_000);

/** A tenant with a Shippo account, five kits in the stock, and what shipping answers it. */
async function withKits({ tenant }: TenantOfTwo) {
  const { account, token: apiToken } = await world.gateway.control.createShippoAccount();
  const { body: connection } = await tenant.call('POST', '/v1/connections/authorizations', { vendor: 'shippo', credentials: { api_token: apiToken } });
  const connectionId = String((await tenant.connections()).find(({ vendor }) => vendor === 'shippo')?.['id'] ?? JSON.stringify(connection));
  const token = await world.gateway.issuer.sign({ claims: { aud: 'shipping', scope: 'shipments:read shipments:write tenant:any' } });
  const call = async (method: 'GET' | 'PUT' | 'POST', url: string, payload?: object): Promise<unknown> => {
    const answer = await shipping.app.inject({ method, url, ...(payload && { payload }), headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenant.id } });
    if (answer.statusCode >= 300) throw new Error(`${method} ${url} was refused: ${answer.body}`);
    return answer.json();
  };
  await call('PUT', '/v1/sample-kits/starter', { name: 'Starter', connectionId, from: address, parcel: { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 } });
  await call('POST', '/v1/sample-kits/starter/stock', { change: 5 });
  return {
    call, connectionId,
    requests: async () => requestsSchema.parse(await call('GET', '/v1/sample-requests')).requests,
    sold: () => world.gateway.control.shippoTransactions(account),
  };
}

/** The carrier reports, by the shipping vendor's webhook. */
async function hearDelivery({ tenant }: TenantOfTwo, connectionId: string, trackingNumber: string): Promise<void> {
  const { app } = world.gateway.service;
  await tenantContext.run({ tenantId: tenant.id, correlationId: randomUUID() }, () => app.get(TenantDatabase).transaction(tenant.id, (manager) =>
    app.get(EventPublisher).publish(manager, trackingReceived, {
      subject: `shippo/track/usps/${trackingNumber}`,
      data: { connectionId, test: true, tracking: { carrier: 'usps', trackingNumber, status: 'delivered', occurredAt: new Date().toISOString() } },
    })));
}

it('a deal asks for a sample, is told up to its delivery where it stands, and gets one alone although it is kept in step with another account', async () => {
  const tenant = await world.tenant();
  const { hubSpot, salesforce } = tenant;
  const { call, connectionId, requests, sold } = await withKits(tenant);
  const statusAtHubSpot = async (dealId: string) => (await hubSpot.records('deal')).find(({ id }) => id === dealId)?.properties['crossdock_sample_status'];

  // Nobody keeps deals in step yet: that the tenant has kits is reason enough to look at them. What was typed before is not looked for.
  const dealId = await hubSpot.add('deal', { dealname: 'Roof' });
  const asked = await eventually('the deal to be heard of', async () => {
    await hubSpot.edit('deal', dealId, { crossdock_sample_request: 'starter', dealname: `Roof ${randomUUID()}` });
    return (await requests())[0];
  }, soonMs);
  expect(asked).toMatchObject({ state: 'needs_recipient', dealId });

  await tenant.sync('deal');
  await hubSpot.edit('deal', dealId, { dealname: 'Roof of Acme' });
  const there = await eventually('the deal in Salesforce', () => salesforce.find('deal', 'Name', 'Roof of Acme'), soonMs);
  await call('PUT', `/v1/sample-requests/${asked.id}/recipient`, { to: address, contactEmail: 'grace@example.com' });
  await eventually('the label on the deal', async () => await statusAtHubSpot(dealId) === 'label_purchased', soonMs);

  await salesforce.edit('deal', String(there['Id']), { Name: 'Roof and wall of Acme' });
  await eventually('the change of Salesforce in HubSpot', () => hubSpot.find('deal', 'dealname', 'Roof and wall of Acme'), soonMs);
  const [label] = await sold();
  await hearDelivery(tenant, connectionId, label?.tracking_number ?? '');
  await eventually('the delivery on the deal', async () => await statusAtHubSpot(dealId) === 'delivered', soonMs);

  expect((await salesforce.find('deal', 'Name', 'Roof and wall of Acme'))?.['Crossdock_Sample_Request__c'] ?? null).toBeNull();
  expect(await requests()).toMatchObject([{ id: asked.id, state: 'shipping' }]);
  expect(await sold()).toHaveLength(1);
}, 240_000);
