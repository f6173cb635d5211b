import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@crossdock/test-stack';
import { OrdersAcross, type TenantWithShop } from './orders-world.fixture.ts';

let world: OrdersAcross;
beforeAll(async () => {
  world = await OrdersAcross.start();
}, 90_000);
afterAll(() => world.stop(), 60_000);

const control = () => world.gateway.control;
const editHubSpot = ({ ids }: TenantWithShop, dealId: string, status: string): Promise<unknown> =>
  control().editHubSpotRecord(Number(ids.account), 'deals', dealId, { properties: { crossdock_order_status: status } });
const kindsOf = async (tenant: TenantWithShop, orderId: string): Promise<string[]> => (await tenant.timeline(orderId)).items.map(({ kind }) => kind);

describe('an order whose state is changed in HubSpot', () => {
  it('moves in the shop after HubSpot was asked again, and is not taken back', async () => {
    const tenant = await world.tenant('hubspot');
    const { id, externalId, crmOrderId } = await tenant.buy();
    await editHubSpot(tenant, crmOrderId, 'completed');
    await tenant.comesTo(externalId, 'completed');
    await eventually('the shop to be told', async () => await tenant.shopStatus(externalId) === 'completed');
    await eventually('HubSpot to know', async () => (await tenant.find(externalId))?.crm.state === 'in_step');
    expect(await kindsOf(tenant, id)).toEqual(expect.arrayContaining(['verification_asked', 'verified', 'moved', 'shop_write_asked']));

    await editHubSpot(tenant, crmOrderId, 'processing');
    await eventually('the refusal', async () => (await kindsOf(tenant, id)).includes('status_refused'));
    expect([(await tenant.find(externalId))?.status, await tenant.shopStatus(externalId)]).toEqual(['completed', 'completed']);
  }, 60_000);

  it('stays the shop’s own where the shop has no such status, and its people read where the order stands', async () => {
    const tenant = await world.tenant('hubspot');
    const { id, externalId, crmOrderId } = await tenant.buy();
    await editHubSpot(tenant, crmOrderId, 'shipped');
    await tenant.comesTo(externalId, 'shipped');
    await eventually('the shop’s refusal', async () => (await kindsOf(tenant, id)).includes('shop_write_refused'));
    expect(await tenant.shopStatus(externalId)).toBe('processing');
    await control().editWooCommerceOrder(tenant.ids.shop, Number(externalId), { status: 'completed' });
    await tenant.comesTo(externalId, 'completed');
  }, 60_000);
});

describe('an order whose state is changed in Salesforce', () => {
  it('moves in the shop although Salesforce sends no webhooks and nobody keeps its records in step', async () => {
    const tenant = await world.tenant('salesforce');
    const { externalId, crmOrderId } = await tenant.buy();
    await control().editSalesforceRecord(tenant.ids.account, 'Opportunity', crmOrderId, { Crossdock_Order_Status__c: 'cancelled' });
    await tenant.comesTo(externalId, 'cancelled');
    await eventually('the shop to be told', async () => await tenant.shopStatus(externalId) === 'cancelled');
  }, 90_000);
});
