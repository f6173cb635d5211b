import type { Order } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideIntake, type KnownOrder, type ToldOrder } from './order-intake.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 2, 1, 0, minute)).toISOString();

function order(minute: number, fields: Partial<Order> = {}): Order {
  return {
    source: { vendor: 'woocommerce', connectionId: '7d1c2d3e-0000-4000-8000-000000000001', externalId: '727' },
    modifiedAt: at(minute),
    number: `edit ${minute}`,
    status: 'processing',
    total: { amountMinor: 2935, currency: 'USD' },
    placedAt: at(0),
    customer: {},
    lines: [],
    ...fields,
  };
}

function intake(messages: readonly ToldOrder[]): KnownOrder | undefined {
  return messages.reduce<KnownOrder | undefined>((known, told) => {
    const decision = decideIntake(known, told);
    return decision.outcome === 'applied' ? decision.next : known;
  }, undefined);
}

const updated = (minute: number, fields?: Partial<Order>): ToldOrder => ({ change: 'updated', order: order(minute, fields) });
const deleted = (minute: number): ToldOrder => ({ change: 'deleted', receivedAt: at(minute) });

describe('taking in an order', () => {
  it('ends with the newest state, in whichever order and however often messages come', () => {
    const shuffled = fc.uniqueArray(fc.integer({ min: 1, max: 59 }), { minLength: 1, maxLength: 10 })
      .chain((minutes) => fc.shuffledSubarray([...minutes, ...minutes], { minLength: minutes.length * 2 }));
    fc.assert(fc.property(shuffled, (minutes) => {
      expect(intake(minutes.map((minute) => updated(minute)))?.order).toEqual(order(Math.max(...minutes)));
    }));
  });

  it('counts the same modification time as stale unless the status moves forward', () => {
    const known: KnownOrder = { order: order(5), statusSince: at(5) };
    expect(decideIntake(known, updated(5)).outcome).toBe('stale');
    expect(decideIntake(known, updated(4)).outcome).toBe('stale');
    expect(decideIntake(known, updated(5, { status: 'pending' })).outcome).toBe('stale');
    expect(decideIntake(known, updated(5, { status: 'completed' })).outcome).toBe('applied');
    expect(decideIntake(known, updated(6)).outcome).toBe('applied');
  });

  it('keeps the status but takes the rest when a newer message asks for a step back', () => {
    const known = intake([updated(1, { status: 'completed' }), updated(2, { status: 'processing' })]);
    expect(known).toMatchObject({ order: { status: 'completed', number: 'edit 2' }, statusSince: at(1) });
  });

  it('counts a deleted order as cancelled', () => {
    expect(intake([updated(1), deleted(2)])).toMatchObject({ order: { status: 'cancelled' }, statusSince: at(2), deletedAt: at(2) });
  });

  it('does not bring a deleted order back for a message from before the deletion', () => {
    expect(intake([updated(1), deleted(5), updated(4)])).toMatchObject({ order: { status: 'cancelled' }, deletedAt: at(5) });
  });

  it('brings a restored order back with the status the shop gives it', () => {
    const known = intake([updated(1), deleted(5), { change: 'restored', order: order(1, { status: 'on_hold' }) }]);
    expect(known?.order.status).toBe('on_hold');
    expect(known).not.toHaveProperty('deletedAt');
  });

  it('has nothing to do for the deletion of an order never heard of', () => {
    expect(decideIntake(undefined, deleted(1))).toEqual({ outcome: 'stale' });
  });
});
