import type { Order } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideIntake, type IntakeDecision, type KnownOrder, type ToldOrder } from './order-intake.ts';
import { defaultMachine } from './state-machine/default-machine.ts';
import { OrderMachine } from './state-machine/order-machine.ts';

const machine = new OrderMachine(defaultMachine, 0);
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

const decide = (known: KnownOrder | undefined, told: ToldOrder): IntakeDecision => decideIntake(machine, known, told);

function intake(messages: readonly ToldOrder[], start?: KnownOrder): KnownOrder | undefined {
  return messages.reduce<KnownOrder | undefined>((known, told) => {
    const decision = decide(known, told);
    return decision.outcome === 'applied' ? decision.next : known;
  }, start);
}

const told = (change: 'updated' | 'restored', minute: number, shopWord: string): ToldOrder => ({ change, order: order(minute), shopWord });
const updated = (minute: number, shopWord = 'processing'): ToldOrder => told('updated', minute, shopWord);
const deleted = (minute: number): ToldOrder => ({ change: 'deleted', receivedAt: at(minute), isLookedUp: true });
const known = (fields: Partial<KnownOrder> = {}): KnownOrder => ({ order: order(5), statusSince: at(5), shopWord: 'processing', isStatusKnown: true, ...fields });

describe('taking in an order', () => {
  it('ends with the newest state, in whichever order and however often messages come', () => {
    const shuffled = fc.uniqueArray(fc.integer({ min: 1, max: 59 }), { minLength: 1, maxLength: 10 })
      .chain((minutes) => fc.shuffledSubarray([...minutes, ...minutes], { minLength: minutes.length * 2 }));
    fc.assert(fc.property(shuffled, (minutes) => {
      expect(intake(minutes.map((minute) => updated(minute)))?.order).toEqual(order(Math.max(...minutes)));
    }));
  });

  it('counts what says the same at the same time as stale, and takes a status that moves forward', () => {
    expect(decide(known(), updated(5)).outcome).toBe('stale');
    expect(decide(known(), updated(4)).outcome).toBe('stale');
    expect(decide(known(), updated(4, 'completed')).outcome).toBe('stale');
    expect(decide(known(), updated(5, 'completed')).outcome).toBe('applied');
    expect(decide(known(), updated(6)).outcome).toBe('applied');
  });

  it('keeps the status but takes the rest when a newer message asks for a step back', () => {
    expect(intake([updated(1, 'completed'), updated(2)])).toMatchObject({ order: { status: 'completed', number: 'edit 2' }, statusSince: at(1), shopWord: 'processing' });
    expect(decide(known({ order: order(5, { status: 'completed' }), shopWord: 'completed' }), updated(6)))
      .toMatchObject({ move: { outcome: 'refused', from: 'completed', asked: 'processing', reason: 'backward' } });
  });

  it('asks for nothing where the shop says the word that it said before, though the order has moved on elsewhere', () => {
    const shipped = known({ order: order(5, { status: 'shipped' }) });
    const decision = decide(shipped, updated(6));
    expect(decision).toMatchObject({ outcome: 'applied', next: { order: { status: 'shipped' } } });
    expect(decision).not.toHaveProperty('move');
  });

  it('counts a deleted order as cancelled', () => {
    expect(intake([updated(1), deleted(2)])).toMatchObject({ order: { status: 'cancelled' }, statusSince: at(2), deletedAt: at(2) });
  });

  it('does not bring a deleted order back for a message from before the deletion', () => {
    expect(intake([updated(1), deleted(5), updated(4)])).toMatchObject({ order: { status: 'cancelled' }, deletedAt: at(5) });
  });

  it('brings a restored order back with the status the shop gives it', () => {
    const restored = intake([updated(1), deleted(5), told('restored', 1, 'on-hold')]);
    expect(restored?.order.status).toBe('on_hold');
    expect(restored).not.toHaveProperty('deletedAt');
  });

  it('has an order looked up where two messages of one second differ, and believes what was looked up', () => {
    const edited: ToldOrder = { change: 'updated', order: order(5, { number: 'another edit of that second' }), shopWord: 'processing' };
    expect(decide(known(), edited)).toEqual({ outcome: 'unclear' });
    expect(decide(known(), updated(5, 'pending'))).toEqual({ outcome: 'unclear' });
    expect(decide(known(), { ...edited, isLookedUp: true })).toMatchObject({ outcome: 'applied', next: { order: { number: 'another edit of that second' } } });
    expect(decide(known(), { ...updated(4), isLookedUp: true })).toEqual({ outcome: 'stale' });
  });

  it('has an order looked up where a deletion may be an old message', () => {
    expect(decide(known(), { change: 'deleted', receivedAt: at(9) })).toEqual({ outcome: 'unclear' });
    const gone = known({ deletedAt: at(9) });
    expect(decide(gone, updated(7))).toEqual({ outcome: 'unclear' });
    expect(decide(gone, { ...updated(7), isLookedUp: true })).toMatchObject({ outcome: 'applied' });
  });

  it('says so when the deletion of an order never heard of comes', () => {
    expect(decide(undefined, deleted(1))).toEqual({ outcome: 'unseen' });
  });
});

describe('a status of the shop that nobody has given a meaning', () => {
  it('is named, and leaves the order where it was; what follows is decided from there', () => {
    const strange = decide(known(), updated(6, 'gift-wrapped'));
    expect(strange).toMatchObject({ outcome: 'applied', unknownWord: 'gift-wrapped', next: { order: { status: 'processing', number: 'edit 6' }, shopWord: 'gift-wrapped' } });
    expect(intake([updated(6, 'gift-wrapped'), updated(7, 'pending')], known())?.order.status).toBe('processing');
    expect(intake([updated(6, 'gift-wrapped'), updated(7, 'completed')], known())?.order.status).toBe('completed');
  });

  it('leaves a new order at the beginning, and the first word that is known is taken as it is', () => {
    const strange = intake([updated(1, 'gift-wrapped')]);
    expect(strange).toMatchObject({ order: { status: 'pending' }, isStatusKnown: false });
    expect(intake([updated(2, 'wrapped-twice')], strange)).toMatchObject({ order: { status: 'pending' }, isStatusKnown: false });
    expect(intake([updated(2, 'completed'), updated(3, 'pending')], strange)).toMatchObject({ order: { status: 'completed' }, isStatusKnown: true });
  });

  it('is passed over in silence where the machine says that it says nothing', () => {
    const quiet = new OrderMachine({ ...defaultMachine, unknown: { ...defaultMachine.unknown, shop: ['gift-wrapped'] } }, 1);
    expect(decideIntake(quiet, known(), updated(6, 'gift-wrapped'))).not.toHaveProperty('unknownWord');
  });
});
