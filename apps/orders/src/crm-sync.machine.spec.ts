import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  startNextRequest, takeAnswer, takeLateSuccess, unsynced, wantUpsert, type CrmRequest, type CrmSync,
} from './crm-sync.machine.ts';

/** Plays order changes and CRM answers in any order, then lets the CRM answer until nothing is under way. */
function play(steps: readonly ('contact' | 'deal' | 'answer' | 'refuse')[]): { sync: CrmSync; asked: CrmRequest[] } {
  const asked: CrmRequest[] = [];
  let sync = unsynced;
  const proceed = (next: CrmSync): void => {
    const started = startNextRequest(next);
    if (started.underWay && started !== next) asked.push(started.underWay);
    sync = started;
  };
  const answer = (crmId: string | undefined): void => {
    if (sync.underWay) proceed(takeAnswer(sync, sync.underWay, crmId));
  };
  for (const step of steps) {
    if (step === 'answer' || step === 'refuse') answer(step === 'answer' ? `crm-${sync.underWay?.object}` : undefined);
    else proceed(wantUpsert(sync, [step]));
  }
  for (let left = steps.length + 4; sync.underWay && left > 0; left -= 1) answer(`crm-${sync.underWay.object}`);
  return { sync, asked };
}

const anySteps = fc.array(fc.constantFrom('contact' as const, 'deal' as const, 'answer' as const, 'refuse' as const));

describe('telling the CRM of an order', () => {
  it('ends with the newest revision of both objects answered and nothing under way', () => {
    fc.assert(fc.property(anySteps, (steps) => {
      const { sync } = play(steps);
      expect(sync.underWay).toBeUndefined();
      expect(sync.contact.answered).toBe(sync.contact.wanted);
      expect(sync.deal.answered).toBe(sync.deal.wanted);
    }));
  });

  it('asks for no revision twice and never for an older one after a newer one', () => {
    fc.assert(fc.property(anySteps, (steps) => {
      const { asked } = play(steps);
      for (const object of ['contact', 'deal'] as const) {
        const revisions = asked.filter((request) => request.object === object).map(({ revision }) => revision);
        expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      }
    }));
  });

  it('asks for the contact first, then for the deal', () => {
    const { asked, sync } = play(['contact', 'deal']);
    expect(asked[0]).toEqual({ object: 'contact', revision: 1 });
    expect(asked.at(-1)?.object).toBe('deal');
    expect(sync).toMatchObject({ contactId: 'crm-contact', dealId: 'crm-deal' });
  });

  it('sends changes that come while a request is under way as one', () => {
    const { asked } = play(['deal', 'deal', 'deal', 'deal', 'answer']);
    expect(asked).toEqual([{ object: 'deal', revision: 1 }, { object: 'deal', revision: 4 }]);
  });

  it('goes on with the deal when the contact is refused', () => {
    const { asked } = play(['contact', 'deal', 'refuse']);
    expect(asked).toEqual([{ object: 'contact', revision: 1 }, { object: 'deal', revision: 1 }]);
  });

  it('tells the deal again when its contact becomes known later', () => {
    const { asked } = play(['contact', 'deal', 'refuse', 'answer', 'contact', 'answer']);
    expect(asked.at(-1)).toEqual({ object: 'deal', revision: 2 });
  });

  it('ignores an answer that was not asked for', () => {
    const sync = startNextRequest(wantUpsert(unsynced, ['deal']));
    expect(takeAnswer(sync, { object: 'deal', revision: 7 }, 'crm-9')).toBe(sync);
  });

  it('learns the id of a record that the CRM took at a second try', () => {
    const refused = takeAnswer(startNextRequest(wantUpsert(unsynced, ['deal'])), { object: 'deal', revision: 1 }, undefined);
    expect(takeLateSuccess(refused, { object: 'deal', revision: 1 }, 'crm-9')).toEqual({ ...refused, dealId: 'crm-9' });
  });

  it('tells the newest state once more when an older one was taken at a second try', () => {
    const { sync } = play(['deal', 'refuse', 'deal', 'answer']);
    const late = takeLateSuccess(sync, { object: 'deal', revision: 1 }, 'crm-deal');
    expect(startNextRequest(late).underWay).toEqual({ object: 'deal', revision: 3 });
  });
});
