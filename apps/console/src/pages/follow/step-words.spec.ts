import { describe, expect, it } from '@jest/globals';
import { keyOf, wordsOf, type Step } from './step-words.ts';

const event = { at: '2026-03-01T09:00:00.000Z', id: 'e1', service: 'orders', subject: 'order/1', correlationId: 'c1' };
const call: Step = { kind: 'vendor_call', at: event.at, vendor: 'hubspot', connectionId: 'k1', operation: 'deals.batch_upsert', method: 'POST', attempt: 2, outcome: 'rate_limited', status: 429, durationMs: 12 };

describe('a step of a record’s way', () => {
  it.each<[string, Step, string, string]>([
    ['a webhook', { kind: 'webhook', type: 'commerce.order.received.v1', signature: 'verified', ...event }, 'Webhook came in: Order received', 'neutral'],
    ['an event', { kind: 'event', type: 'crm.order.upsert_failed.v1', ...event }, 'Order upsert failed', 'bad'],
    ['a decision', { kind: 'decision', at: event.at, orderId: 'o1', decision: 'status_refused', detail: {} }, 'A move was refused', 'bad'],
    ['a decision that is new', { kind: 'decision', at: event.at, orderId: 'o1', decision: 'put_aside', detail: {} }, 'Put aside', 'neutral'],
    ['a call that was tried again', call, 'hubspot was called: Deals batch upsert, attempt 2', 'bad'],
  ])('that is %s says what happened and how it turned out', (_, step, title, tone) => {
    expect(wordsOf(step)).toMatchObject({ title, tone });
  });

  it('says of a call how it was made, what came of it and how long it took', () => {
    expect(wordsOf(call).byline).toBe('POST, rate_limited 429, 12 ms');
  });

  it('is told apart from its other tries', () => {
    expect(keyOf(call)).not.toBe(keyOf({ ...call, attempt: 3 }));
  });
});
