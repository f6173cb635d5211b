import type { UpsertOutcome } from '@crossdock/contracts';
import { describe, expect, it } from '@jest/globals';
import { defaultMachine } from '../state-machine/default-machine.ts';
import { OrderMachine } from '../state-machine/order-machine.ts';
import { planWords, takeDeal, takeSaidMeanwhile, takeWritten, withQuestion } from './deal-memory.ts';
import type { KnownDeal } from './deal-verdict.ts';

const machine = new OrderMachine(defaultMachine, 0);
const at = (second: number): string => new Date(Date.UTC(2026, 2, 1, 0, 0, second)).toISOString();
const [processing, shipped] = [['order_status:processing', 'deal:open'], ['order_status:shipped', 'deal:open']];
const known = (fields: Partial<KnownDeal> = {}): KnownDeal =>
  ({ status: 'processing', isDeleted: false, words: processing, own: [], isInStep: true, modifiedAt: at(10), writtenAt: undefined, verification: undefined, ...fields });
const upserted: UpsertOutcome = { outcome: 'upserted', crmId: 'deal-1', created: false, modifiedAt: at(20) };
const refused: UpsertOutcome = { outcome: 'refused', kind: 'invalid', message: 'The stage is not one of its pipeline.' };

describe('what is known of an order’s deal', () => {
  it('holds what was told, and that the CRM is asked about it', () => {
    expect(takeDeal(machine, known(), { words: shipped, modifiedAt: at(11), causedBy: undefined, heardAt: at(12) })).toMatchObject({
      outcome: 'taken', isNewest: true, isToBeAsked: true,
      known: { words: shipped, modifiedAt: at(11), verification: { to: 'shipped', word: 'order_status:shipped', askedAt: at(12), requestIds: [] } },
    });
  });

  it('waits for nothing any more once the answer to its question was told', () => {
    const verification = withQuestion({ to: 'shipped', word: 'order_status:shipped', askedAt: at(12), requestIds: [] }, 'question-1');
    const asking = known({ words: shipped, modifiedAt: at(11), verification });
    const told = { words: shipped, modifiedAt: at(11), heardAt: at(13) };
    expect(takeDeal(machine, asking, { ...told, causedBy: 'question-2' })).toEqual({ outcome: 'ask_again' });
    expect(takeDeal(machine, asking, { ...told, causedBy: 'question-1' })).toMatchObject({ isToBeAsked: false, known: { verification: undefined }, verdict: { move: { outcome: 'moved' } } });
  });

  it('stays as it is where something older is told, but for the answer', () => {
    const verification = withQuestion({ to: 'shipped', word: 'order_status:shipped', askedAt: at(12), requestIds: [] }, 'question-1');
    const overwritten = known({ words: shipped, modifiedAt: at(11), writtenAt: at(15), verification });
    expect(takeDeal(machine, overwritten, { words: processing, modifiedAt: at(14), causedBy: 'question-1', heardAt: at(16) })).toMatchObject({
      isNewest: false, verdict: { verified: 'differs' }, known: { words: shipped, modifiedAt: at(11), verification: undefined },
    });
  });

  it('remembers the last twenty of its questions', () => {
    const first = { to: 'shipped', word: 'order_status:shipped', askedAt: at(12), requestIds: [] } as const;
    const asked = Array.from({ length: 21 }, (_, index) => `question-${index + 1}`).reduce(withQuestion, { ...first, requestIds: [] });
    expect([asked.requestIds.length, asked.requestIds[0]]).toEqual([20, 'question-2']);
  });
});

describe('a write of a deal', () => {
  const wanted = { name: 'Order 727', status: 'open', orderStatus: 'processing' } as const;

  it('leaves where the order stands as it is where the deal says it or is about to, and says it to a deal that is new', () => {
    expect(planWords(known(), wanted, true)).toEqual({ leavesStatus: true, own: [] });
    expect(planWords(known({ words: shipped, own: [processing] }), wanted, true)).toEqual({ leavesStatus: true, own: [processing] });
    expect(planWords(known({ words: processing, own: [shipped] }), wanted, true)).toEqual({ leavesStatus: false, own: [shipped, processing] });
    expect(planWords(known({ words: processing }), wanted, false)).toEqual({ leavesStatus: false, own: [processing] });
  });

  it('is noted with its time once the CRM took it, unless it said nothing of where the order stands', () => {
    const asked = known({ own: [processing, shipped] });
    expect(takeWritten(asked, { outcome: upserted, wasRefused: false, leavesStatus: false })).toEqual({ ...asked, writtenAt: at(20) });
    expect(takeWritten(asked, { outcome: upserted, wasRefused: false, leavesStatus: true })).toBe(asked);
  });

  it('is waited for no longer where the CRM refused it', () => {
    expect(takeWritten(known({ own: [processing, shipped] }), { outcome: refused, wasRefused: false, leavesStatus: false }).own).toEqual([processing]);
  });

  it('leaves nothing known of what the deal says where the CRM took it late, after it had refused it', () => {
    const before = known({ own: [shipped], writtenAt: at(12) });
    for (const leavesStatus of [true, false]) {
      expect(takeWritten(before, { outcome: upserted, wasRefused: true, leavesStatus })).toEqual({ ...before, words: [], own: [] });
    }
  });

  it('has the CRM asked once it is answered where the deal said an old word meanwhile', () => {
    const answered = known({ status: 'shipped', words: processing, own: [processing, shipped], modifiedAt: at(21), writtenAt: at(20) });
    expect(takeSaidMeanwhile(machine, answered, at(22))).toMatchObject({ isToBeAsked: true, known: { words: processing, verification: { to: 'processing', askedAt: at(22) } } });
    expect(takeSaidMeanwhile(machine, { ...answered, writtenAt: at(30) }, at(31))).toBeUndefined();
    expect(takeSaidMeanwhile(machine, { ...answered, isInStep: false }, at(22))).toBeUndefined();
    expect(takeSaidMeanwhile(machine, { ...answered, words: shipped }, at(22))).toBeUndefined();
  });
});
