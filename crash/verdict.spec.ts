import { describe, expect, it } from '@jest/globals';
import { judge, type Accepted } from './judge.ts';
import { isFlawless } from './verdict.ts';

const accepted: readonly Accepted[] = [{ id: 'a1', record: 'a', sequence: 1 }, { id: 'a2', record: 'a', sequence: 2 }];
const found = (...effects: readonly string[]) => ({ findings: [{ finding: { what: 'webhooks', ...judge(accepted, effects) } }] });
const answered = { sent: 20, failed: [] };
/** A roll-out in which all went well. */
const good = { ...found('a1', 'a2'), smooth: { rolls: 6, requests: [answered] }, leftOver: undefined, spoilt: undefined };

describe('a roll-out', () => {
  it('passes where each request was answered, each event had its effect once and in order, and all came to rest', () => {
    expect(isFlawless(good)).toBe(true);
  });

  it.each([
    ['one request failed', { smooth: { rolls: 6, requests: [answered, { sent: 20, failed: ['GET /v1/orders: 503'] }] } }],
    ['one event was lost', found('a1')],
    ['one event had its effect twice', found('a1', 'a2', 'a2')],
    ['two events changed places', found('a2', 'a1')],
    ['a message was left unread', { leftOver: { outbox: 0, tasks: 0, unread: 1 } }],
    ['a replica did not end in good order', { spoilt: 'orders-2 ended with signal SIGKILL, and not in good order' }],
  ])('does not pass where %s', (_fault, fault) => {
    expect(isFlawless({ ...good, ...fault })).toBe(false);
  });
});
