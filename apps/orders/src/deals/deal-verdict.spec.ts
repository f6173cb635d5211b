import type { OrderStatus } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultMachine } from '../state-machine/default-machine.ts';
import type { MachineDefinition } from '../state-machine/machine-definition.ts';
import { OrderMachine } from '../state-machine/order-machine.ts';
import { verdictOnDeal, type KnownDeal, type ToldDeal, type Verification } from './deal-verdict.ts';
import { remember, wordsAsked, wordsOfDeal } from './deal-words.ts';

const machine = new OrderMachine(defaultMachine, 0);
const at = (second: number): string => new Date(Date.UTC(2026, 2, 1, 0, 0, second)).toISOString();
const words = (orderStatus: OrderStatus, vendorStage = 'new'): string[] => wordsOfDeal({ orderStatus, vendorStage, status: 'open' });
const asked = (orderStatus: OrderStatus): string[] => wordsAsked({ name: 'Order 727', status: 'open', orderStatus });

const known = (fields: Partial<KnownDeal> = {}): KnownDeal =>
  ({ status: 'processing', isDeleted: false, words: words('processing'), own: [], isInStep: true, modifiedAt: at(10), writtenAt: undefined, verification: undefined, ...fields });
const told = (second: number, said: readonly string[], isAnswer = false): ToldDeal => ({ words: said, modifiedAt: at(second), isAnswer });
const waiting: Verification = { to: 'shipped', word: 'order_status:shipped', askedAt: at(11), requestIds: [] };

describe('what a CRM tells of a deal', () => {
  it('asks for another state where a person has changed it, which is verified first', () => {
    expect(verdictOnDeal(machine, known(), told(11, words('shipped')))).toMatchObject({
      outcome: 'taken', word: 'order_status:shipped', move: { outcome: 'to_verify', from: 'processing', to: 'shipped' },
    });
  });

  it('moves the order once the CRM has said so again, and does not where it says something else by now', () => {
    const before = known({ words: words('shipped'), modifiedAt: at(11), verification: waiting });
    expect(verdictOnDeal(machine, before, told(11, words('shipped'), true))).toMatchObject({ verified: 'holds', move: { outcome: 'moved', to: 'shipped', actions: ['write_to_shop'] } });
    expect(verdictOnDeal(machine, before, told(12, words('cancelled'), true))).toMatchObject({ verified: 'differs', move: { outcome: 'to_verify', to: 'cancelled' } });
    expect(verdictOnDeal(machine, before, told(12, words('processing'), true))).toEqual({ outcome: 'taken', own: [], verified: 'differs', word: 'order_status:processing', move: { outcome: 'unchanged', to: 'processing' } });
  });

  it('refuses a step back once it is verified: it may be a late echo of what the hub wrote', () => {
    const shipped = known({ status: 'shipped', words: words('shipped') });
    expect(verdictOnDeal(machine, shipped, told(11, words('processing')))).toMatchObject({ move: { outcome: 'to_verify', to: 'processing' } });
    const before = { ...shipped, verification: { ...waiting, to: 'processing', word: 'order_status:processing' } } as const;
    expect(verdictOnDeal(machine, before, told(11, words('processing'), true))).toMatchObject({ verified: 'holds', move: { outcome: 'refused', reason: 'backward' } });
  });

  it('takes what is as old and says something else, since some CRMs keep whole seconds, and nothing that is older or the same', () => {
    expect(verdictOnDeal(machine, known(), told(10, words('shipped')))).toMatchObject({ outcome: 'taken', move: { to: 'shipped' } });
    expect(verdictOnDeal(machine, known(), told(10, words('processing')))).toEqual({ outcome: 'stale' });
    expect(verdictOnDeal(machine, known(), told(9, words('shipped')))).toEqual({ outcome: 'stale' });
  });

  it('asks again where the answer that is waited for may have gone to somebody else', () => {
    const before = known({ words: words('shipped'), modifiedAt: at(11), verification: waiting });
    expect(verdictOnDeal(machine, before, told(11, words('shipped')))).toEqual({ outcome: 'ask_again' });
    expect(verdictOnDeal(machine, before, told(9, words('processing')))).toEqual({ outcome: 'ask_again' });
  });

  it('gives up what it waits to have verified where the CRM has changed its mind', () => {
    const before = known({ words: words('shipped'), modifiedAt: at(11), verification: waiting });
    expect(verdictOnDeal(machine, before, told(12, words('refunded')))).toMatchObject({ verified: 'differs', move: { outcome: 'to_verify', to: 'refunded' } });
  });

  it('knows its own words when they come back, also while the next ones are being written', () => {
    const own = remember(remember([], asked('processing')), asked('completed'));
    const before = known({ status: 'completed', words: [], modifiedAt: undefined, own, isInStep: false });
    const first = verdictOnDeal(machine, before, told(1, words('processing')));
    expect(first).toEqual({ outcome: 'taken', own: [asked('completed')] });
    expect(verdictOnDeal(machine, { ...before, words: words('processing'), own: [asked('completed')], modifiedAt: at(1) }, told(2, words('completed')))).toEqual({ outcome: 'taken', own: [] });
  });

  it('takes a person’s word although our own was never told back', () => {
    const before = known({ words: [], modifiedAt: undefined, own: [asked('processing')] });
    expect(verdictOnDeal(machine, before, told(1, words('shipped')))).toMatchObject({ move: { outcome: 'to_verify', to: 'shipped' } });
  });

  it('takes back a person’s word that was ours once, where the person had said something else since', () => {
    const before = known({ words: [], modifiedAt: undefined, own: [asked('processing')] });
    expect(verdictOnDeal(machine, before, told(1, words('shipped')))).toMatchObject({ own: [] });
    expect(verdictOnDeal(machine, { ...before, isInStep: false, own: [asked('processing'), asked('completed')] }, told(1, words('shipped')))).toMatchObject({ own: [asked('completed')] });
  });

  it('has a refused word verified that a person says again after the hub had written over it, though what the hub wrote was never told', () => {
    const overwritten = known({ words: words('on_hold'), own: [asked('processing')] });
    expect(verdictOnDeal(machine, overwritten, told(11, words('on_hold')))).toEqual({
      outcome: 'taken', own: [asked('processing')], word: 'order_status:on_hold', move: { outcome: 'to_verify', from: 'processing', to: 'on_hold' },
    });
    const verification = { ...waiting, to: 'on_hold', word: 'order_status:on_hold' } as const;
    expect(verdictOnDeal(machine, { ...overwritten, modifiedAt: at(11), verification }, told(11, words('on_hold'), true)))
      .toMatchObject({ verified: 'holds', own: [], move: { outcome: 'refused', reason: 'backward', asked: 'on_hold' } });
  });

  it('has a person’s word verified that the hub itself wrote before it wrote another one, though neither was ever told', () => {
    const refunded = known({ status: 'refunded', words: words('cancelled'), own: [asked('shipped'), asked('refunded')] });
    expect(verdictOnDeal(machine, refunded, told(11, words('shipped')))).toEqual({
      outcome: 'taken', own: [asked('refunded')], word: 'order_status:shipped', move: { outcome: 'to_verify', from: 'refunded', to: 'shipped' },
    });
    const verification = { ...waiting, to: 'shipped', word: 'order_status:shipped' } as const;
    const asking = { ...refunded, words: words('shipped'), own: [asked('refunded')], modifiedAt: at(11), verification };
    expect(verdictOnDeal(machine, asking, told(11, words('shipped'), true))).toMatchObject({ verified: 'holds', own: [], move: { outcome: 'refused', asked: 'shipped' } });
    expect(verdictOnDeal(machine, asking, told(12, words('refunded'), true))).toEqual({ outcome: 'taken', own: [], verified: 'differs' });
  });

  it('refuses a word once, whatever else of the deal a person changes afterwards', () => {
    const refused = known({ status: 'refunded', words: words('shipped'), own: [], modifiedAt: at(11) });
    expect(verdictOnDeal(machine, refused, told(12, words('shipped', 'packed')))).toEqual({ outcome: 'taken', own: [] });
  });

  it('waits for the CRM’s answer to what it writes before it takes an old word for a new one', () => {
    const beingWritten = known({ words: words('on_hold'), own: [asked('processing')], isInStep: false });
    expect(verdictOnDeal(machine, beingWritten, told(11, words('on_hold')))).toEqual({ outcome: 'taken', own: [asked('processing')] });
  });

  it('does not move an order that the shop has deleted', () => {
    const verification = { ...waiting, to: 'refunded', word: 'order_status:refunded' } as const;
    const deleted = known({ status: 'cancelled', isDeleted: true, words: words('refunded'), verification });
    expect(verdictOnDeal(machine, deleted, told(11, words('refunded'), true))).toMatchObject({ move: { outcome: 'refused', reason: 'not_in_shop' } });
  });

  it('says nothing of the order where a sale is won or lost, unless the tenant says what that means', () => {
    const won = wordsOfDeal({ orderStatus: 'processing', vendorStage: 'closed', status: 'won' });
    expect(verdictOnDeal(machine, known(), told(11, won))).toEqual({ outcome: 'taken', own: [] });
    const states: MachineDefinition['states'] = { ...defaultMachine.states, completed: { rank: 4, shop: ['completed'], crm: ['order_status:completed', 'deal:won'] } };
    expect(verdictOnDeal(new OrderMachine({ ...defaultMachine, states }, 1), known(), told(11, won))).toMatchObject({ word: 'deal:won', move: { to: 'completed' } });
  });

  it('names a stage that nobody gave a meaning where the tenant reads stages', () => {
    const moved = told(11, words('processing', 'Packed'));
    expect(verdictOnDeal(machine, known(), moved)).toEqual({ outcome: 'taken', own: [] });
    const states: MachineDefinition['states'] = { ...defaultMachine.states, shipped: { rank: 3, shop: ['shipped'], crm: ['order_status:shipped', 'stage:On its way'] } };
    const reading = new OrderMachine({ ...defaultMachine, states }, 1);
    expect(verdictOnDeal(reading, known(), moved)).toMatchObject({ unknownWord: 'stage:Packed' });
    expect(verdictOnDeal(reading, known(), told(11, words('processing', 'On its way')))).toMatchObject({ word: 'stage:On its way', move: { to: 'shipped' } });
  });

  it('never moves an order but on an answer, whatever it says', () => {
    const anyStatus = fc.constantFrom<OrderStatus>('pending', 'on_hold', 'processing', 'shipped', 'completed', 'cancelled', 'refunded', 'failed');
    fc.assert(fc.property(anyStatus, anyStatus, anyStatus, fc.nat(20), (status, before, now, second) => {
      const verdict = verdictOnDeal(machine, known({ status, words: words(before) }), told(second, words(now)));
      expect(verdict.outcome === 'taken' ? verdict.move?.outcome : undefined).not.toBe('moved');
    }));
  });
});
