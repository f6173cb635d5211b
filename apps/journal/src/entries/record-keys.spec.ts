import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { recordKeysOf } from './record-keys.ts';

const connectionId = randomUUID();
const event = (type: string, subject: string, data: unknown) => ({ type, subject, data });
const recordsOf = (told: ReturnType<typeof event>): string[] => recordKeysOf(told).map(({ record }) => record);

describe('the records that an event names', () => {
  it('are its subject at least', () => {
    expect(recordKeysOf(event('connection.account.created.v1', 'connection/7', {}))).toEqual([{ record: 'connection/7', id: '7' }]);
  });

  it('are an order, its number at the shop, and the vendor’s ids of deal and contacts', () => {
    const orderId = randomUUID();
    const order = { source: { vendor: 'woocommerce', connectionId, externalId: '727' }, lines: [{ externalId: '1', name: 'Tea' }], customer: { email: 'ada@example.com' } };
    expect(recordsOf(event('commerce.order.changed.v1', `order/${orderId}`, { orderId, order }))).toEqual([`order/${orderId}`, 'woocommerce/order/727']);
    const deal = { source: { vendor: 'hubspot', connectionId, externalId: '42' }, externalKey: orderId, contacts: [{ externalId: '9', email: 'ada@example.com' }] };
    expect(recordsOf(event('crm.deal.changed.v1', 'hubspot/deal/42', deal))).toEqual(['hubspot/deal/42', `key/${orderId}`, 'hubspot/contact/9']);
  });

  it('are all that a question names, and what an answer made', () => {
    const asked = { vendor: 'zoho', connectionId, object: 'contact', externalIds: ['1', '2'] };
    expect(recordsOf(event('crm.records.wanted.v1', 'zoho/contact/1', asked))).toEqual(['zoho/contact/1', 'zoho/contact/2']);
    const answer = { vendor: 'zoho', connectionId, object: 'deal', result: { outcome: 'upserted', crmId: '77' }, contact: { outcome: 'upserted', crmId: '5' } };
    expect(recordsOf(event('crm.upsert.completed.v1', 'order/1', answer))).toEqual(['order/1', 'zoho/deal/77', 'zoho/contact/5']);
  });

  it('are a shipment with its order and the number that a carrier gave it', () => {
    const told = { shipmentId: 's', orderId: 'o', carrier: 'usps', trackingNumber: '9400' };
    expect(recordsOf(event('shipping.shipment.created.v1', 'shipment/s', told))).toEqual(['shipment/s', 'order/o', 'tracking/9400']);
  });

  it('leave out what a vendor sent as it came, and values that are no ids', () => {
    const told = { vendor: 'woocommerce', connectionId, externalId: '727', payload: { orderId: 'not ours', externalId: '1' }, number: 5 };
    expect(recordsOf(event('commerce.order.received.v1', 'woocommerce/order/727', told))).toEqual(['woocommerce/order/727']);
    expect(recordsOf(event('commerce.order.changed.v1', 'order/1', { orderId: 7, shipmentId: 'x'.repeat(300), returnOf: '' }))).toEqual(['order/1']);
  });

  it('are bounded, however many an event names', () => {
    const wanted = { vendor: 'zoho', object: 'contact', externalIds: Array.from({ length: 1_000 }, (_, id) => String(id)) };
    expect(recordKeysOf(event('crm.records.wanted.v1', 'zoho/contact/0', wanted))).toHaveLength(200);
  });
});
