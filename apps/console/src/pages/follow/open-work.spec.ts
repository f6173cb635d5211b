import { describe, expect, it } from '@jest/globals';
import { waitingOf } from './open-work.ts';

const task = { id: '1', kind: 'orders.write-to-shop', recordKey: 'order/1', attempts: 3, correlationId: 'c1', service: 'orders' as const, notBefore: '2026-03-01T10:00:00.000Z' };

describe('what a record waits for', () => {
  it('names what needs a person first, and then what has waited longest', () => {
    const waiting = waitingOf({
      orders: [{ orderId: 'o1', status: 'processing', since: '2026-03-01T08:00:00.000Z', waitsFor: [{ for: 'crm_answer', since: '2026-03-01T09:00:00.000Z', because: 'The account is degraded.' }] }],
      openWork: [
        { ...task, id: '2', state: 'waiting', createdAt: '2026-03-01T08:30:00.000Z', error: 'The shop answered 503.' },
        { ...task, id: '3', state: 'parked', createdAt: '2026-03-01T09:30:00.000Z' },
      ],
    });
    expect(waiting.map(({ what, needsPerson, nextTryAt }) => [what, needsPerson, nextTryAt])).toEqual([
      ['Parked until its connection is mended: orders.write-to-shop in orders', true, undefined],
      ['Waiting for its next try: orders.write-to-shop in orders', false, '2026-03-01T10:00:00.000Z'],
      ['The CRM’s answer about the order', false, undefined],
    ]);
  });

  it('is nothing where all is done', () => {
    expect(waitingOf({ orders: [], openWork: [] })).toEqual([]);
  });
});
