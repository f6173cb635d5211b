import { describe, expect, it } from '@jest/globals';
import { parseShippoWebhook } from './shippo.webhooks.ts';

const status = {
  object_id: 's1', object_created: '2026-03-02T10:00:01.000Z', status: 'TRANSIT', status_date: '2026-03-02T10:00:00Z',
  substatus: { code: 'package_departed', text: 'Departed.', action_required: false },
};
const track = (more: Record<string, unknown> = {}, statusMore: Record<string, unknown> = {}) => ({
  carrier: 'usps', tracking_number: '9205590164917312751089', metadata: null, tracking_status: { ...status, ...statusMore }, ...more,
});
const parse = (body: unknown) => parseShippoWebhook(Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)));
const updated = (data: unknown, more: Record<string, unknown> = {}) => parse({ event: 'track_updated', test: false, data, ...more });

describe("Shippo's tracking webhook", () => {
  it('tells in canonical words where the parcel is', () => {
    expect(updated(track())).toMatchObject({
      test: false,
      tracking: {
        carrier: 'usps', trackingNumber: '9205590164917312751089', status: 'in_transit', substatus: 'package_departed',
        occurredAt: '2026-03-02T10:00:00.000Z',
      },
    });
  });

  it.each([
    ['PRE_TRANSIT', 'pre_transit'], ['TRANSIT', 'in_transit'], ['DELIVERED', 'delivered'], ['RETURNED', 'returned'], ['FAILURE', 'failed'],
  ])('has the status %s as %s', (vendorStatus, canonical) => {
    expect(updated(track({}, { status: vendorStatus }))?.tracking.status).toBe(canonical);
  });

  it('says whether it is a test', () => {
    expect(updated(track(), { test: true })?.test).toBe(true);
    expect(updated(track(), { test: undefined })?.test).toBe(false);
  });

  it.each([
    ['2026-03-02T10:00:00', '2026-03-02T10:00:00.000Z'], ['2026-03-02T10:00:00.123456Z', '2026-03-02T10:00:00.123Z'],
    ['2026-03-02T10:00:00-05:00', '2026-03-02T15:00:00.000Z'], [null, '2026-03-02T10:00:01.000Z'],
  ])('happened, with the date %p, at %s', (date, occurredAt) => {
    expect(updated(track({}, { status_date: date }))?.tracking.occurredAt).toBe(occurredAt);
  });

  it('has the same dedupe id when it comes again, and another one for another status, parcel or time', () => {
    const ids = [
      track(), track({}, { object_id: 's2' }), track({ tracking_number: '1' }), track({ carrier: 'ups' }),
      track({}, { status_date: '2026-03-02T11:00:00Z' }),
    ].map((data) => updated(data)?.dedupeId);
    expect(new Set(ids).size).toBe(5);
    expect(updated(track({ eta: '2026-03-04T00:00:00Z' }))?.dedupeId).toBe(ids[0]);
  });

  it('is told apart by its bytes where the status has no id', () => {
    const one = updated(track({}, { object_id: null }));
    expect(one?.dedupeId).toBe(updated(track({}, { object_id: null }))?.dedupeId);
    expect(one?.dedupeId).not.toBe(updated(track({ eta: null }, { object_id: null }))?.dedupeId);
  });

  it.each([
    ['another event', { event: 'transaction_updated', test: false, data: {} }],
    ['a batch, whose data is text', { event: 'batch_purchased', data: 'text' }],
    ['a carrier that has said nothing', { event: 'track_updated', data: track({ tracking_status: null }) }],
    ['a carrier that knows nothing', { event: 'track_updated', data: track({}, { status: 'UNKNOWN' }) }],
  ])('is left alone when it is about %s', (_what, body) => {
    expect(parse(body)).toBeUndefined();
  });

  it.each([
    ['no JSON', 'x'], ['empty', ''], ['a list', '[]'], ['without event', {}],
    ['a transaction, as older versions send it', { event: 'track_updated', data: { object_id: 't', tracking_number: '1', tracking_status: 'TRANSIT' } }],
    ['of an unknown status', { event: 'track_updated', data: track({}, { status: 'TELEPORTED' }) }],
    ['without tracking number', { event: 'track_updated', data: track({ tracking_number: '' }) }],
  ])('is invalid when it is %s', (_what, body) => {
    expect(() => parse(body)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });
});
