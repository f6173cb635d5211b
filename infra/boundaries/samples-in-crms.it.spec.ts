import { randomUUID } from 'node:crypto';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { z } from 'zod';
import { senderAddress, ShippingBeside, smallParcel } from './shipping-beside.fixture.ts';
import { TwoCrms, type TenantOfTwo } from './two-crms.fixture.ts';

const requestsSchema = z.object({ requests: z.array(z.looseObject({ id: z.uuid(), state: z.string(), dealId: z.string() })) });
/** Salesforce is asked every ten seconds; the machine may be busy with other tests. */
const soonMs = 60_000;

let world: TwoCrms;
let shipping: ShippingBeside;
beforeAll(async () => {
  world = await TwoCrms.start();
  shipping = await ShippingBeside.start(world.gateway);
}, 120_000);
afterAll(async () => {
  await shipping.stop();
  await world.stop();
});

/** A tenant with a Shippo account, five kits in the stock, and what shipping answers it. */
async function withKits({ tenant }: TenantOfTwo) {
  const shop = await shipping.connect(tenant);
  await shop.call('PUT', '/v1/sample-kits/starter', { name: 'Starter', connectionId: shop.ids.connectionId, from: senderAddress, parcel: smallParcel });
  await shop.call('POST', '/v1/sample-kits/starter/stock', { change: 5 });
  return { shop, requests: async () => requestsSchema.parse(await shop.call('GET', '/v1/sample-requests')).requests };
}

it('a deal asks for a sample, is told up to its delivery where it stands, and gets one alone although it is kept in step with another account', async () => {
  const tenant = await world.tenant();
  const { hubSpot, salesforce } = tenant;
  const { shop, requests } = await withKits(tenant);
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
  await shop.call('PUT', `/v1/sample-requests/${asked.id}/recipient`, { to: senderAddress, contactEmail: 'grace@example.com' });
  await eventually('the label on the deal', async () => await statusAtHubSpot(dealId) === 'label_purchased', soonMs);

  await salesforce.edit('deal', String(there['Id']), { Name: 'Roof and wall of Acme' });
  await eventually('the change of Salesforce in HubSpot', () => hubSpot.find('deal', 'dealname', 'Roof and wall of Acme'), soonMs);
  const [label] = await shop.sold();
  await shop.report(label?.tracking_number ?? '', 'delivered');
  await eventually('the delivery on the deal', async () => await statusAtHubSpot(dealId) === 'delivered', soonMs);

  expect((await salesforce.find('deal', 'Name', 'Roof and wall of Acme'))?.['Crossdock_Sample_Request__c'] ?? null).toBeNull();
  expect(await requests()).toMatchObject([{ id: asked.id, state: 'shipping' }]);
  expect(await shop.sold()).toHaveLength(1);
}, 240_000);
