import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listOrders } from './order-page.ts';
import { findOrder } from './order.repository.ts';
import { minutes, OrdersWorld, shopOrder } from './orders.fixture.ts';

let world: OrdersWorld;
beforeAll(async () => {
  world = await OrdersWorld.create();
});
afterAll(() => world.stop());

const tenant: OrdersWorld['tenant'] = (options) => world.tenant(options);

describe('an order of a shop', () => {
  it('asks the CRM for the deal with its contact, and keeps the ids of both', async () => {
    const shop = await tenant();
    expect(await shop.hearOrder(1)).toBe('applied');
    const [request] = await shop.requested();
    const order = await shop.order();
    expect(request).toMatchObject({
      vendor: 'hubspot', connectionId: shop.crmConnectionId,
      record: {
        object: 'deal', externalKey: order?.id, contactIds: [], contact: { email: 'ada@example.com', firstName: 'Ada' },
        fields: { name: 'Order 727', status: 'open', amount: { amountMinor: 2935, currency: 'USD' } },
      },
    });
    expect(order).toMatchObject({ status: 'processing', crm: { state: 'behind' } });

    await shop.answer(request, { contact: 'contact-1', deal: 'deal-1' });
    expect(await shop.order()).toMatchObject({ crmOrderId: 'deal-1', crm: { state: 'in_step', contactId: 'contact-1' } });
    expect((await shop.changes()).map(({ crmOrderId }) => crmOrderId)).toEqual([undefined, 'deal-1']);
    expect(await shop.requested()).toHaveLength(1);
    expect(await shop.timeline(order?.id ?? '')).toEqual(['received', 'applied', 'crm_requested', 'crm_requested', 'crm_upserted', 'crm_upserted']);
  });

  it('asks for a guest by his phone number, and for his company with him and with the deal', async () => {
    const shop = await tenant();
    await shop.hearOrder(1, { total: '0.00', billing: { first_name: '', last_name: 'Muster', email: '', phone: '030 901820', country: 'DE', company: 'Muster GmbH' } });
    const [request] = await shop.requested();
    const company = { name: 'Muster GmbH', country: 'DE' };
    expect(request?.record).toMatchObject({
      object: 'deal', company, contact: { phone: '+4930901820', lastName: 'Muster' }, fields: { amount: { amountMinor: 0, currency: 'USD' } },
    });
    await shop.hearAnswer({
      requestId: request?.requestId ?? '', vendor: 'hubspot', connectionId: shop.crmConnectionId, object: 'deal',
      result: { outcome: 'upserted', crmId: 'deal-1', created: true, modifiedAt: minutes(1) }, contact: { outcome: 'upserted', crmId: 'contact-1', created: true },
      company: { outcome: 'refused', kind: 'invalid', message: 'The name is too long.', field: 'name' },
    });
    const order = await shop.order();
    expect((await shop.storedDecisions(order?.id ?? '')).map(({ kind, detail }) => [kind, detail['object'], detail['field'] ?? detail['modifiedAt']])).toEqual(expect.arrayContaining([
      ['crm_refused', 'company', 'name'], ['crm_upserted', 'deal', minutes(1)],
    ]));
  });

  it('tells the deal again when the customer names another company', async () => {
    const shop = await tenant();
    const billing = { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com', phone: '', country: 'GB' };
    await shop.hearOrder(1, { billing: { ...billing, company: 'Muster Ltd' } });
    await shop.answer((await shop.requested())[0], { contact: 'contact-1', deal: 'deal-1' });
    await shop.hearOrder(2, { billing: { ...billing, company: 'Beispiel Ltd' } });
    expect((await shop.requested())[1]?.record).toMatchObject({ object: 'deal', company: { name: 'Beispiel Ltd' }, contact: { companyName: 'Beispiel Ltd' } });
  });

  it('asks for the deal at once when the customer has no e-mail', async () => {
    const shop = await tenant();
    await shop.hearOrder(1, { billing: { first_name: 'Ada', last_name: '', email: '', phone: '', country: 'GB' } });
    expect((await shop.requested()).map(({ record }) => record)).toMatchObject([{ object: 'deal', contactIds: [] }]);
  });

  it('does nothing for a repeated, equal or older message', async () => {
    const shop = await tenant();
    const eventId = randomUUID();
    expect(await shop.hearOrder(5, {}, eventId)).toBe('applied');
    expect(await shop.hearOrder(5, {}, eventId)).toBe('repeat');
    expect(await shop.hearOrder(5)).toBe('stale');
    expect(await shop.hearOrder(4, { total: '1.00' })).toBe('stale');
    expect(await shop.requested()).toHaveLength(1);
    expect(await shop.changes()).toHaveLength(1);
  });

  it('tells nobody of an order of which the shop has changed nothing but the time', async () => {
    const shop = await tenant();
    await shop.hearOrder(1);
    expect(await shop.hearOrder(2)).toBe('applied');
    expect(await shop.changes()).toHaveLength(1);
    await shop.hearOrder(3, { total: '1.00' });
    expect((await shop.changes()).map(({ order }) => order.total.amountMinor)).toEqual([expect.any(Number), 100]);
  });

  it('brings the newest state to the CRM when it changes while a request is under way', async () => {
    const shop = await tenant();
    await shop.hearOrder(1);
    await shop.hearOrder(2, { total: '31.00' });
    await shop.hearOrder(3, { total: '32.00' });
    expect(await shop.requested()).toHaveLength(1);
    await shop.answer((await shop.requested())[0], { contact: 'contact-1', deal: 'deal-1' });
    expect((await shop.requested()).map(({ record }) => record)).toMatchObject([
      { fields: { amount: { amountMinor: 2935 } } },
      { object: 'deal', contactIds: ['contact-1'], fields: { amount: { amountMinor: 3200 } } },
    ]);
  });

  it('tells the CRM what was ordered and at which shop, and tells it again when the lines are edited', async () => {
    const shop = await tenant();
    const lines = (quantity: number) => ({ line_items: [{ id: 1, name: 'Notebook', sku: 'N1', quantity, total: '29.35' }] });
    await shop.hearOrder(1, lines(1));
    await shop.answer((await shop.requested())[0], { contact: 'contact-1', deal: 'deal-1' });
    await shop.hearOrder(2, lines(5));
    expect((await shop.requested()).map(({ record }) => record)).toMatchObject([
      { fields: { lineItems: '1 × Notebook [N1], 29.35 USD', orderSource: 'Paper & more' } },
      { object: 'deal', fields: { lineItems: '5 × Notebook [N1], 5.87 USD each, 29.35 USD', orderSource: 'Paper & more' } },
    ]);
  });

  it('tells the CRM all lines with shipping and tax, again when one of them alone changes, and shows what became of them', async () => {
    const shop = await tenant();
    const shipping = (total: string) => ({ line_items: [{ id: 1, name: 'Notebook', quantity: 2, total: '20.00' }], shipping_lines: [{ id: 2, method_title: 'Post', total }], total_tax: '4.35' });
    await shop.hearOrder(1, shipping('5.00'));
    const [first] = await shop.requested();
    await shop.hearAnswer({
      requestId: first?.requestId ?? '', vendor: 'hubspot', connectionId: shop.crmConnectionId, object: 'deal', result: { outcome: 'upserted', crmId: 'deal-1', created: true },
      contact: { outcome: 'upserted', crmId: 'contact-1', created: true }, lines: { outcome: 'written', count: 3 },
    });
    await shop.hearOrder(2, shipping('4.00'));
    const usd = (amountMinor: number) => ({ amountMinor, currency: 'USD' });
    const [notebook, tax] = [{ key: 'line/1', name: 'Notebook', quantity: 2, unitPrice: usd(1_000) }, { key: 'tax/tax', name: 'Tax', quantity: 1, unitPrice: usd(435) }];
    expect((await shop.requested()).map(({ record }) => record.object === 'deal' && record.lines)).toEqual([
      [notebook, { key: 'shipping/2', name: 'Shipping: Post', quantity: 1, unitPrice: usd(500) }, tax],
      [notebook, { key: 'shipping/2', name: 'Shipping: Post', quantity: 1, unitPrice: usd(400) }, tax, { key: 'rest', name: 'Difference to the total of the order', quantity: 1, unitPrice: usd(100) }],
    ]);
    const decisions = await shop.storedDecisions((await shop.order())?.id ?? '');
    expect(decisions.find(({ detail }) => detail['object'] === 'lines')).toMatchObject({ kind: 'crm_upserted', detail: { count: 3 } });
  });

  it('sends a change to the CRM only when the deal or contact there would differ', async () => {
    const shop = await tenant();
    await shop.hearOrder(1);
    await shop.answer((await shop.requested())[0], { contact: 'contact-1', deal: 'deal-1' });
    await shop.hearOrder(2, { status: 'processing' });
    expect(await shop.requested()).toHaveLength(1);
    await shop.hearOrder(3, { status: 'completed' });
    expect((await shop.requested())[1]?.record).toMatchObject({ object: 'deal', fields: { status: 'won', closedAt: minutes(3) } });
  });

  it('takes an answer once, however often it is told', async () => {
    const shop = await tenant();
    await shop.hearOrder(1);
    const [request] = await shop.requested();
    expect(await shop.answer(request, { contact: 'contact-1', deal: 'deal-1' })).toBe('applied');
    expect(await shop.answer(request, { contact: 'contact-1', deal: 'deal-1' })).toBe('stale');
    expect(await shop.requested()).toHaveLength(1);
  });

  it('goes on with the deal when the CRM refuses the contact, and shows the reason in the timeline', async () => {
    const shop = await tenant();
    await shop.hearOrder(1);
    const [request] = await shop.requested();
    await shop.answer(request, { deal: 'deal-1' });
    expect(await shop.order()).toMatchObject({ crmOrderId: 'deal-1', crm: { state: 'behind' } });
    await shop.answer(request, { contact: 'refused' });
    expect(await shop.order()).toMatchObject({ crm: { state: 'in_step' } });
    expect(await shop.timeline((await shop.order())?.id ?? '')).toContain('crm_refused');
    expect(await shop.requested()).toHaveLength(1);
  });

  it('gives the deal its contact when the CRM takes that at a later try', async () => {
    const shop = await tenant();
    await shop.hearOrder(1);
    const [request] = await shop.requested();
    await shop.answer(request, { deal: 'deal-1' });
    await shop.answer(request, { contact: 'refused' });
    expect(await shop.answer(request, { contact: 'contact-1' })).toBe('applied');
    expect((await shop.requested())[1]?.record).toMatchObject({ object: 'deal', contactIds: ['contact-1'] });
  });

  it('learns of a deal that the CRM refused first and took later', async () => {
    const shop = await tenant();
    await shop.hearOrder(1);
    const [request] = await shop.requested();
    await shop.answer(request, { contact: 'contact-1' });
    await shop.answer(request, { deal: 'refused' });
    expect((await shop.order())?.crmOrderId).toBeUndefined();
    expect(await shop.answer(request, { deal: 'deal-1' })).toBe('applied');
    expect(await shop.order()).toMatchObject({ crmOrderId: 'deal-1', crm: { state: 'in_step' } });
    expect(await shop.answer(request, { deal: 'deal-1' })).toBe('stale');
    expect(await shop.requested()).toHaveLength(1);
  });

  it('refuses a step back of the status and records the refusal', async () => {
    const shop = await tenant();
    await shop.hearOrder(1, { status: 'completed' });
    await shop.hearOrder(2, { status: 'pending', total: '30.00' });
    const order = await shop.order();
    expect(order).toMatchObject({ status: 'completed', order: { total: { amountMinor: 3000 } } });
    expect(await shop.timeline(order?.id ?? '')).toContain('status_refused');
  });

  it('is cancelled and its deal lost when the shop deletes it', async () => {
    const shop = await tenant();
    await shop.hearOrder(1);
    await shop.answer((await shop.requested())[0], { contact: 'contact-1', deal: 'deal-1' });
    await shop.hearDeletion(2);
    expect(await shop.order()).toMatchObject({ status: 'cancelled', deletedAt: minutes(2) });
    expect((await shop.requested())[1]?.record).toMatchObject({ object: 'deal', fields: { status: 'lost' } });
  });

  it('stays without a CRM while its shop is linked to none', async () => {
    const shop = await tenant({ linked: false });
    await shop.hearOrder(1);
    expect(await shop.requested()).toEqual([]);
    expect(await shop.order()).toMatchObject({ crm: { state: 'not_linked' } });
  });

  it('ends at the newest state when many messages arrive at once', async () => {
    const shop = await tenant();
    const order = [7, 3, 9, 1, 8, 2, 6, 4, 5, 9, 1, 7];
    await Promise.all(order.map((minute) => shop.hearOrder(minute, { total: `${minute}.00` })));
    expect(await shop.order()).toMatchObject({ modifiedAt: minutes(9), order: { total: { amountMinor: 900 } } });
    expect(await shop.requested()).toHaveLength(1);
  });

  it.each([['negative', '-29.35'], ['absurd', '99999999999.00'], ['unreadable', '1e9']])('is put aside with the reason where its total is %s', async (_, total) => {
    const shop = await tenant();
    await expect(shop.hearOrder(1, { total })).rejects.toMatchObject({ kind: 'invalid', message: expect.stringContaining('total') });
    expect(await shop.order()).toBeUndefined();
  });

  it('is another one than the order of the same id in another shop of the tenant', async () => {
    const shop = await tenant();
    const otherShopId = randomUUID();
    await world.tenants.transaction(shop.tenantId, (manager) =>
      world.connections.create(manager, { id: otherShopId, tenantId: shop.tenantId, vendor: 'woocommerce', accountId: otherShopId }));
    await shop.hearOrder(1, { status: 'completed' });
    await shop.hearShop(shopOrder(otherShopId, 2, { status: 'pending', total: '7.00' }));
    const { orders } = await world.tenants.transaction(shop.tenantId, (manager) => listOrders(manager, { externalId: '727', limit: 5 }));
    expect(new Map(orders.map(({ connectionId, status, canonical }) => [connectionId, [status, canonical.total.amountMinor]])))
      .toEqual(new Map([[shop.shopId, ['completed', 2935]], [otherShopId, ['pending', 700]]]));
  });

  it('stays where it is when the shop says a status that nobody has given a meaning, and its timeline says which', async () => {
    const shop = await tenant();
    await shop.hearOrder(1);
    expect(await shop.hearOrder(2, { status: 'gift-wrapped', total: '30.00' })).toBe('applied');
    const order = await shop.order();
    expect(order).toMatchObject({ status: 'processing', order: { total: { amountMinor: 3000 } } });
    expect((await shop.storedDecisions(order?.id ?? '')).find(({ kind }) => kind === 'status_unknown')?.detail)
      .toEqual({ word: 'gift-wrapped', by: 'shop', machine: 0, kept: 'processing' });
  });

  it('is refused when it comes by a connection that the tenant does not have', async () => {
    const [shop, other] = [await tenant(), await tenant()];
    await expect(other.hearShop(shopOrder(shop.shopId, 1, {})))
      .rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('the deal of an order in the CRM', () => {
  async function withDeal() {
    const shop = await tenant();
    await shop.hearOrder(1);
    await shop.answer((await shop.requested())[0], { contact: 'contact-1', deal: 'deal-1' });
    return shop;
  }

  it('shows its status at the order, by our key or by its id, and never an older one', async () => {
    const shop = await withDeal();
    const order = await shop.order();
    expect(await shop.hearDeal({ status: 'open', modifiedAt: minutes(3), externalKey: order?.id ?? '' })).toBe('applied');
    expect(await shop.hearDeal({ status: 'won', modifiedAt: minutes(5) })).toBe('applied');
    expect(await shop.hearDeal({ status: 'open', modifiedAt: minutes(4) })).toBe('stale');
    expect((await shop.order())?.crm.dealStatus).toBe('won');
  });

  it('is not reopened by a later edit of the order', async () => {
    const shop = await withDeal();
    await shop.hearDeal({ status: 'won', modifiedAt: minutes(5) });
    await shop.hearOrder(6, { total: '30.00' });
    expect((await shop.requested())[1]?.record).toMatchObject({ fields: { status: 'won', amount: { amountMinor: 3000 } } });
  });

  it('is left alone where no order stands behind it', async () => {
    const shop = await withDeal();
    expect(await shop.hearDeal({
      status: 'won', modifiedAt: minutes(5),
      source: { vendor: 'hubspot', connectionId: shop.crmConnectionId, externalId: 'other' },
    })).toBe('not_ours');
  });
});

describe('listing orders', () => {
  it('pages through all of them, newest first, each once', async () => {
    const shop = await tenant();
    for (const id of [1, 2, 3, 4, 5]) await shop.hearOrder(1, { id });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await world.tenants.transaction(shop.tenantId, (manager) =>
        listOrders(manager, { connectionId: shop.shopId, limit: 2, ...(cursor !== undefined && { cursor }) }));
      seen.push(...page.orders.map(({ externalId }) => externalId));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen.toSorted()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('shows nothing of another tenant', async () => {
    const [shop, other] = [await tenant(), await tenant()];
    await shop.hearOrder(1);
    const order = await shop.order();
    expect(await other.order()).toBeUndefined();
    expect(await world.tenants.transaction(other.tenantId, (manager) => findOrder(manager, order?.id ?? ''))).toBeUndefined();
  });

  it('refuses a cursor that it did not give', async () => {
    const shop = await tenant();
    await expect(world.tenants.transaction(shop.tenantId, (manager) => listOrders(manager, { limit: 2, cursor: 'nonsense' })))
      .rejects.toMatchObject({ kind: 'invalid' });
  });
});
