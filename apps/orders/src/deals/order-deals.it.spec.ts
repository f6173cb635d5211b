import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OrderStatus } from '@crossdock/contracts';
import { minutes, OrdersWorld } from '../orders.fixture.ts';
import { wantedOfDeal } from './order-deals.service.ts';

let world: OrdersWorld;
beforeAll(async () => {
  world = await OrdersWorld.create();
});
afterAll(() => world.stop());

/** An order in the CRM, whose deal has told back what it was asked to hold. */
async function withDeal() {
  const shop = await world.tenant();
  await shop.hearOrder(1);
  await shop.answer((await shop.requested())[0], { contact: 'contact-1', deal: 'deal-1' });
  const { id = '' } = await shop.order() ?? {};
  const says = (minute: number, orderStatus: OrderStatus, causedBy?: string) =>
    shop.hearDeal({ status: 'open', modifiedAt: minutes(minute), orderStatus }, causedBy);
  await says(2, 'processing');
  return {
    ...shop, id, says,
    /** What each write of the deal says of where the order stands; undefined where it leaves that as it is. */
    statusesWritten: async () => (await shop.requested()).flatMap(({ record }) => (record.object === 'deal' ? [record.fields.orderStatus] : [])),
    tasks: () => world.tenants.transaction(shop.tenantId, (manager) => manager.query<Array<{ kind: string; payload: unknown }>>(
      `SELECT kind, payload FROM task WHERE kind <> 'orders.write-reference'`)),
    lastDecisions: async (count: number) => (await shop.storedDecisions(id)).slice(-count).map(({ kind, detail }) => ({ kind, ...detail })),
  };
}

describe('an order whose state a CRM changes', () => {
  it('moves once the deal was read again and says the same; the shop is told, and the deal is written without the word that it says already', async () => {
    const { id, says, order, verifications, tasks, statusesWritten, lastDecisions } = await withDeal();
    await says(5, 'shipped');
    expect(await order()).toMatchObject({ status: 'processing' });
    expect(await tasks()).toEqual([]);
    const [asked] = await verifications();
    expect(await says(5, 'shipped', asked)).toBe('applied');
    expect(await order()).toMatchObject({ status: 'shipped' });
    expect(await tasks()).toEqual([{ kind: 'orders.write-to-shop', payload: { orderId: id } }]);
    expect(await statusesWritten()).toEqual(['processing', undefined]);
    expect(await lastDecisions(5)).toMatchObject([
      { kind: 'deal_told' }, { kind: 'verified', to: 'shipped' }, { kind: 'moved', from: 'processing', to: 'shipped', by: 'crm', machine: 0, word: 'order_status:shipped' },
      { kind: 'shop_write_asked', status: 'shipped' }, { kind: 'crm_requested' },
    ]);
  });

  it('leaves a deal’s word as it is where the deal is written for another reason, and says it anew where the CRM refused it or says another one', async () => {
    const { says, hearOrder, answer, requested, verifications, statusesWritten } = await withDeal();
    await hearOrder(3, { total: '30.00' });
    await answer((await requested())[1], { deal: 'deal-1' });
    await hearOrder(4, { total: '30.00', status: 'completed' });
    await answer((await requested())[2], { deal: 'refused' });
    await hearOrder(5, { total: '31.00', status: 'completed' });
    await answer((await requested())[3], { deal: 'deal-1' });
    await hearOrder(6, { total: '32.00', status: 'completed' });
    await answer((await requested())[4], { deal: 'deal-1' });
    await says(7, 'shipped');
    await says(7, 'shipped', (await verifications())[0]);
    await hearOrder(8, { total: '33.00', status: 'completed' });
    expect(await statusesWritten()).toEqual(['processing', undefined, 'completed', 'completed', undefined, 'completed']);
  });

  it.each([['', ['refunded']], [', also where a write that leaves the word is under way', [undefined, 'refunded']]])(
    'has the deal say anew where the order stands after a write that was refused is taken late and says an older state%s', async (_, written) => {
      const { says, hearOrder, answer, requested, statusesWritten } = await withDeal();
      await hearOrder(3, { status: 'completed' });
      await answer((await requested())[1], { deal: 'refused' });
      await hearOrder(4, { status: 'refunded' });
      await answer((await requested())[2], { deal: 'deal-1' });
      await says(5, 'refunded');
      if (written.length === 2) await hearOrder(6, { status: 'refunded', total: '31.00' });
      await answer((await requested())[1], { deal: 'deal-1' });
      if (written.length === 2) await answer((await requested())[3], { deal: 'deal-1' });
      expect(await statusesWritten()).toEqual(['processing', 'completed', 'refunded', ...written]);
    });

  it('stays where it is when the CRM says something else by the time it is asked', async () => {
    const { says, order, verifications, tasks, lastDecisions } = await withDeal();
    await says(5, 'cancelled');
    const [asked] = await verifications();
    await says(6, 'processing', asked);
    expect(await order()).toMatchObject({ status: 'processing' });
    expect(await tasks()).toEqual([]);
    expect(await lastDecisions(1)).toMatchObject([{ kind: 'verification_differs', to: 'cancelled' }]);
  });

  it('is not taken back once the CRM says so again, and the refusal is recorded and counted', async () => {
    const { says, order, verifications, tasks, lastDecisions } = await withDeal();
    await says(5, 'shipped');
    await says(5, 'shipped', (await verifications())[0]);
    await says(6, 'processing');
    expect(await lastDecisions(1)).toMatchObject([{ kind: 'verification_asked', from: 'shipped', to: 'processing' }]);
    await says(6, 'processing', (await verifications())[1]);
    expect(await order()).toMatchObject({ status: 'shipped' });
    expect(await tasks()).toHaveLength(1);
    expect(await lastDecisions(1)).toMatchObject([{ kind: 'status_refused', from: 'shipped', asked: 'processing', reason: 'backward', by: 'crm', machine: 0 }]);
    expect(await world.metrics.metrics()).toMatch(/crossdock_order_transition_total\{from="shipped",to="processing",outcome="refused"\} [1-9]/);
  });

  it('asks the CRM again where the answer went to somebody who had asked before', async () => {
    const { says, order, verifications } = await withDeal();
    await says(5, 'shipped');
    await says(5, 'shipped', '0198f2c4-7d3e-4a10-9b55-2f6f0c1d4e8a');
    const asked = await verifications();
    expect(asked).toHaveLength(2);
    await says(5, 'shipped', asked[1]);
    expect(await order()).toMatchObject({ status: 'shipped' });
  });

  it('takes two changes of one second, as Salesforce tells them', async () => {
    const { says, verifications } = await withDeal();
    expect(await says(2, 'shipped')).toBe('applied');
    expect(await verifications()).toHaveLength(1);
    expect(await says(1, 'cancelled')).toBe('applied');
    expect(await verifications()).toHaveLength(2);
  });

  it('is kept where its deal is gone, and nothing is waited for any more', async () => {
    const { says, order, hear, crmConnectionId, verifications, lastDecisions, tasks } = await withDeal();
    await says(5, 'shipped');
    const gone = { vendor: 'hubspot', connectionId: crmConnectionId, object: 'deal', externalId: 'deal-1', gone: 'archived', noticedAt: minutes(6) } as const;
    await hear(wantedOfDeal({ ...gone, externalKey: undefined }), (orders) => world.deals.takeGone(orders, gone));
    expect(await lastDecisions(2)).toMatchObject([{ kind: 'deal_gone', dealId: 'deal-1' }, { kind: 'verification_differs', told: 'gone' }]);
    await says(5, 'shipped', (await verifications())[0]);
    expect(await order()).toMatchObject({ status: 'processing' });
    expect(await tasks()).toEqual([]);
  });

  it('says by which version of the tenant’s state machine it was decided', async () => {
    const { tenantId, says, verifications, order, lastDecisions } = await withDeal();
    await world.tenants.transaction(tenantId, async (manager) => {
      const { definition } = await world.asTenant(tenantId, () => world.machines.active(manager));
      const transitions = definition.transitions.filter(({ from, to }) => from !== 'processing' || to !== 'shipped');
      await world.saveMachine(manager, tenantId, { ...definition, transitions });
    });
    await says(5, 'shipped');
    expect(await order()).toMatchObject({ status: 'processing' });
    await says(5, 'shipped', (await verifications())[0]);
    expect(await order()).toMatchObject({ status: 'processing' });
    expect(await lastDecisions(1)).toMatchObject([{ kind: 'status_refused', asked: 'shipped', reason: 'not_allowed', machine: 1 }]);
  });
});

describe('the deals of an account that orders go to', () => {
  it('are asked for once, whether or not anybody keeps its records in step', async () => {
    const shop = await world.tenant();
    for (const minute of [1, 2, 3]) await shop.hearOrder(minute);
    expect(await shop.followed()).toEqual([
      { vendor: 'hubspot', connectionId: shop.crmConnectionId, object: 'deal', pollEverySeconds: 60, follower: 'orders' },
    ]);
    expect(await (await world.tenant({ linked: false })).followed()).toEqual([]);
  });
});

describe('an order whose parcel moves', () => {
  it('is shipped and completed as the machine allows, and refused what it does not', async () => {
    const { hear, id, order, tasks, lastDecisions } = await withDeal();
    const ask = (to: OrderStatus) => hear({ orderIds: [id] }, async (orders) => {
      await world.moves.askForParcel(orders, id, { to, at: minutes(7), detail: { shipmentId: 'shipment-1' } });
      return 'applied';
    });
    await ask('shipped');
    expect(await order()).toMatchObject({ status: 'shipped' });
    expect(await tasks()).toHaveLength(1);
    await ask('completed');
    expect(await order()).toMatchObject({ status: 'completed' });
    await ask('shipped');
    expect(await order()).toMatchObject({ status: 'completed' });
    expect(await lastDecisions(1)).toMatchObject([{ kind: 'status_refused', by: 'shipping', shipmentId: 'shipment-1', reason: 'backward' }]);
  });
});
