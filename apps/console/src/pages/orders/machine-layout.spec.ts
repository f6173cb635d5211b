import { describe, expect, it } from '@jest/globals';
import type { OrderStateMachine, OrderTimeline } from '../../api/generated/types.ts';
import { boxHeight, boxWidth, drawMachine, movesOf } from './machine-layout.ts';

const by = { shop: { guards: [], actions: [] } };
const definition: OrderStateMachine['definition'] = {
  initial: 'pending',
  states: {
    pending: { rank: 0, shop: [], crm: [] }, processing: { rank: 1, shop: [], crm: [] }, completed: { rank: 2, shop: [], crm: [] },
    failed: { rank: 3, shop: [], crm: [] }, cancelled: { rank: 3, shop: [], crm: [] },
  },
  transitions: [{ from: 'pending', to: 'processing', by }, { from: 'processing', to: 'completed', by }, { from: 'pending', to: 'completed', by }, { from: 'processing', to: 'failed', by }, { from: 'failed', to: 'processing', by }],
  unknown: { shop: [], crm: [] },
};
const entries: OrderTimeline['items'] = [
  { at: '2026-03-01T09:00:00.000Z', kind: 'received', detail: {} },
  { at: '2026-03-01T09:01:00.000Z', kind: 'moved', detail: { from: 'pending', to: 'processing', by: 'shop' } },
  { at: '2026-03-01T09:02:00.000Z', kind: 'status_refused', detail: { from: 'processing', asked: 'pending', by: 'crm', reason: 'backward' } },
  { at: '2026-03-01T09:03:00.000Z', kind: 'status_refused', detail: { from: 'processing', asked: 'failed', by: 'crm', reason: 'moon_phase' } },
];

describe('the way of an order through its states', () => {
  it('is made of the moves that were made and those that were refused, with the reason', () => {
    expect(movesOf(entries)).toEqual([
      { at: '2026-03-01T09:01:00.000Z', from: 'pending', to: 'processing', by: 'shop' },
      { at: '2026-03-01T09:02:00.000Z', from: 'processing', to: 'pending', by: 'crm', refusal: 'It would have been a step back.' },
      { at: '2026-03-01T09:03:00.000Z', from: 'processing', to: 'failed', by: 'crm', refusal: 'moon_phase' },
    ]);
  });

  it('is drawn upon the machine: what was taken, what was refused even where there is no transition, and what would be possible', () => {
    const { moves, states } = drawMachine(definition, movesOf(entries), 'processing');
    expect(moves.map(({ from, to, kind }) => `${from} ${to} ${kind}`)).toEqual([
      'processing completed possible', 'pending completed possible', 'failed processing possible', 'processing failed refused', 'processing pending refused', 'pending processing taken',
    ]);
    expect(states.map(({ status, standing }) => [status, standing])).toEqual([
      ['pending', 'passed'], ['processing', 'now'], ['completed', 'not_reached'], ['failed', 'not_reached'], ['cancelled', 'not_reached'],
    ]);
  });

  it('lies within the picture, and no two states lie upon each other', () => {
    const { states, moves, width, height } = drawMachine(definition, [], 'pending');
    for (const { x, y } of states) {
      expect(x).toBeGreaterThanOrEqual(boxWidth / 2);
      expect(x).toBeLessThanOrEqual(width - boxWidth / 2);
      expect(y).toBeLessThanOrEqual(height - boxHeight / 2);
    }
    const pairs = states.flatMap((one, index) => states.slice(index + 1).map((other) => [one, other] as const));
    expect(pairs.filter(([one, other]) => Math.abs(one.x - other.x) < boxWidth && Math.abs(one.y - other.y) < boxHeight)).toEqual([]);
    for (const { path } of moves) expect(path).toMatch(/^M [\d. -]+ [LQ] [\d. -]+$/);
  });
});
