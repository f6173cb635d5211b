import { describe, expect, it } from '@jest/globals';
import { deadLetterSearchOf, filterOf } from './dead-letter-search.ts';

describe('the address of the page of dead letters', () => {
  it('names what is looked for, and what makes no sense there is left out', () => {
    expect(deadLetterSearchOf({ service: 'orders', reason: 'invalid', state: 'dead', kind: 'crm.upsert', olderThanHours: 24 }))
      .toEqual({ service: 'orders', reason: 'invalid', state: 'dead', kind: 'crm.upsert', olderThanHours: '24' });
    expect(deadLetterSearchOf({ service: 'kitchen', reason: ['invalid'], state: 7, kind: '', olderThanHours: 5, colour: 'red' })).toEqual({});
  });

  it('asks for an age as the time before which things came', () => {
    expect(filterOf({ service: 'orders', olderThanHours: '24' }, Date.parse('2026-03-02T10:00:00Z'))).toEqual({ service: 'orders', before: '2026-03-01T10:00:00.000Z' });
    expect(filterOf({}, 0)).toEqual({});
  });
});
