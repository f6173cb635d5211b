import { describe, expect, it } from '@jest/globals';
import { opportunityIdFor, toClosing } from './dynamics.mapping.ts';

const id = '5b1b2f1e-6a33-4f0a-9c64-0a8f0a1c2d3e';

describe('an opportunity of Dynamics', () => {
  it('is closed by an action of its own, with the day', () => {
    expect(toClosing(id, { name: 'Order 1', status: 'lost', closedAt: '2026-11-20T12:00:00.000Z' })).toEqual({
      Status: 4, OpportunityClose: { subject: 'Lost', 'opportunityid@odata.bind': `/opportunities(${id})`, actualend: '2026-11-20T12:00:00.000Z' },
    });
  });

  it('has the same id whoever asks, and another one in another organisation', () => {
    expect(opportunityIdFor('a', 'order/1')).toBe(opportunityIdFor('a', 'order/1'));
    expect(opportunityIdFor('b', 'order/1')).not.toBe(opportunityIdFor('a', 'order/1'));
  });
});
