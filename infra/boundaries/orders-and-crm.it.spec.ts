import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@crossdock/test-stack';
import { OrdersAcross, type TenantWithShop } from './orders-world.fixture.ts';

let world: OrdersAcross;
beforeAll(async () => {
  world = await OrdersAcross.start();
}, 150_000);
afterAll(() => world.stop(), 90_000);

const control = () => world.gateway.control;
const kindsOf = async (tenant: TenantWithShop, orderId: string): Promise<string[]> => (await tenant.timeline(orderId)).items.map(({ kind }) => kind);

describe('an order whose state is changed in HubSpot', () => {
  it('moves in the shop after HubSpot was asked again, and is not taken back', async () => {
    const tenant = await world.tenant('hubspot');
    const { id, externalId, crmOrderId } = await tenant.buy();
    const deals = await control().hubSpotRecords(Number(tenant.ids.account), 'deals');
    expect(deals.find((deal) => deal.id === crmOrderId)?.properties).toMatchObject({
      crossdock_line_items: expect.stringMatching(/^1 × Notebook, 12\.50 [A-Z]{3}$/), crossdock_order_source: `Paper of ${tenant.ids.shop}`,
    });
    await tenant.setOrderStatus(crmOrderId, 'completed');
    await tenant.comesTo(externalId, 'completed');
    await eventually('the shop to be told', async () => await tenant.shopStatus(externalId) === 'completed');
    await eventually('HubSpot to know', async () => (await tenant.find(externalId))?.crm.state === 'in_step');
    expect(await kindsOf(tenant, id)).toEqual(expect.arrayContaining(['verification_asked', 'verified', 'moved', 'shop_write_asked']));

    await tenant.setOrderStatus(crmOrderId, 'processing');
    await eventually('the refusal', async () => (await kindsOf(tenant, id)).includes('status_refused'));
    expect([(await tenant.find(externalId))?.status, await tenant.shopStatus(externalId)]).toEqual(['completed', 'completed']);
  });

  it('stays the shop’s own where the shop has no such status, and its people read where the order stands', async () => {
    const tenant = await world.tenant('hubspot');
    const { id, externalId, crmOrderId } = await tenant.buy();
    await tenant.setOrderStatus(crmOrderId, 'shipped');
    await tenant.comesTo(externalId, 'shipped');
    await eventually('the shop’s refusal', async () => (await kindsOf(tenant, id)).includes('shop_write_refused'));
    expect(await tenant.shopStatus(externalId)).toBe('processing');
    await control().editWooCommerceOrder(tenant.ids.shop, Number(externalId), { status: 'completed' });
    await tenant.comesTo(externalId, 'completed');
  });
});

describe('a webhook about an order that was never seen', () => {
  it('has the order fetched and taken over, or is put aside with the reason where the shop has it no more', async () => {
    const tenant = await world.tenant('hubspot');
    const { externalId } = await tenant.buy();
    await control().deleteWooCommerceOrder(tenant.ids.shop, Number(externalId));
    await tenant.comesTo(externalId, 'cancelled');
    await world.gateway.admin.query('DELETE FROM orders.customer_order WHERE tenant_id = $1', [tenant.tenant.id]);
    await tenant.hearDeletion(externalId);
    await tenant.comesTo(externalId, 'cancelled');
    await tenant.hearDeletion('999999');
    await eventually('the dead letter', async () => (await world.gateway.admin.query<Array<{ reason: string }>>(
      `SELECT last_error AS reason FROM orders.task WHERE tenant_id = $1 AND kind = 'orders.look-up' AND state = 'dead'`, [tenant.tenant.id]))
      .some(({ reason }) => reason.includes('order 999999, which the hub never saw')));
  });
});

describe('the timeline of an order', () => {
  it('tells by time what came, what was decided and which calls that led to, of every service, and that nothing is waited for', async () => {
    const tenant = await world.tenant('hubspot');
    const { id, externalId, crmOrderId } = await tenant.buy();
    await tenant.setOrderStatus(crmOrderId, 'completed');
    await eventually('the shop to be told', async () => (await tenant.timeline(id)).items.some(({ kind, detail }) => kind === 'shop_written' && detail['status'] === 'completed'));
    await eventually('HubSpot to know', async () => (await tenant.find(externalId))?.crm.state === 'in_step');
    const { now, items } = await eventually('the calls to be written down', async () => {
      const timeline = await tenant.timeline(id);
      const vendors = new Set(timeline.items.filter(({ kind }) => kind === 'vendor_call').map(({ detail }) => detail['vendor']));
      return vendors.size === 2 && timeline.now.waitsFor.length === 0 && timeline;
    });
    expect(now).toMatchObject({ status: 'completed' });
    expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted());
    const kinds = items.map(({ kind }) => kind);
    const order = ['received', 'applied', 'crm_requested', 'crm_upserted', 'verification_asked', 'verified', 'moved', 'shop_write_asked'];
    expect(order.map((kind) => kinds.indexOf(kind))).toEqual(order.map((kind) => kinds.indexOf(kind)).toSorted((one, other) => one - other));
    expect(order.filter((kind) => !kinds.includes(kind))).toEqual([]);
    expect(items.find(({ kind }) => kind === 'received')?.detail).toMatchObject({ signature: expect.any(String), payload: { status: 'processing', billing: { email: '[redacted]' } } });
    expect(JSON.stringify(items)).not.toContain('Lovelace');
    const byPages: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: Awaited<ReturnType<typeof tenant.timeline>> = await tenant.timeline(id, { limit: 2, ...(cursor !== '' && { cursor }) });
      byPages.push(...page.items.map((item) => JSON.stringify(item)));
      cursor = page.nextCursor;
    }
    const told = items.map((item) => JSON.stringify(item));
    expect(byPages.filter((item) => told.includes(item)).toSorted()).toEqual(told.toSorted());
  });

  it('says what the order waits for while the CRM is away, and shows the tries', async () => {
    const tenant = await world.tenant('hubspot');
    const { id, externalId } = await tenant.buy();
    await control().addFault('hubspot', { kind: 'status', status: 503, times: 3 });
    await control().editWooCommerceOrder(tenant.ids.shop, Number(externalId), { status: 'completed' });
    await eventually('it to wait for the CRM', async () => (await tenant.timeline(id)).now.waitsFor.some((each) => each.for === 'crm_answer'));
    await eventually('the CRM to answer', async () => (await tenant.timeline(id)).now.waitsFor.length === 0);
    const failed = await eventually('the tries to be written down', async () => {
      const calls = (await tenant.timeline(id)).items.filter(({ kind, detail }) => kind === 'vendor_call' && detail['outcome'] === 'server_error');
      return calls.length > 0 && calls;
    });
    expect(failed[0]?.detail).toMatchObject({ vendor: 'hubspot', status: 503, attempt: 1, durationMs: expect.any(Number) });
  });
});

describe('an order whose state is changed in another CRM', () => {
  it.concurrent.each(['salesforce', 'dynamics', 'pipedrive', 'zoho'] as const)('moves in the shop although nobody keeps the records of %s in step', async (vendor) => {
    const tenant = await world.tenant(vendor);
    const { id, externalId, crmOrderId } = await tenant.buy();
    await tenant.setOrderStatus(crmOrderId, 'cancelled');
    await tenant.comesTo(externalId, 'cancelled');
    await eventually('the shop to be told', async () => await tenant.shopStatus(externalId) === 'cancelled', 60_000);
    expect(await kindsOf(tenant, id)).toEqual(expect.arrayContaining(['verification_asked', 'verified', 'moved', 'shop_write_asked']));
  }, 240_000);
});
