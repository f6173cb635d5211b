import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  startNextRequest, takeAnswers, takeLateSuccess, unsynced, wantUpsert, type CrmAnswers, type CrmRequest, type CrmSync,
} from './crm-sync.machine.ts';

type Step = 'contact' | 'deal' | 'answer' | 'refuse' | 'answer contact' | 'refuse contact' | 'answer deal' | 'refuse deal';

/** Plays order changes and CRM answers, whole or in parts, in any order, then lets the CRM answer until nothing is under way. */
function play(steps: readonly Step[]): { sync: CrmSync; asked: CrmRequest[] } {
  const asked: CrmRequest[] = [];
  let sync = unsynced;
  const proceed = (next: CrmSync): void => {
    const started = startNextRequest(next);
    if (started.underWay && started !== next) asked.push(started.underWay);
    sync = started;
  };
  const answer = (isTaken: boolean, objects: ReadonlyArray<'contact' | 'deal'>): void => {
    const answers: CrmAnswers = Object.fromEntries(objects.flatMap((object) => {
      const revision = sync.underWay?.[object];
      return revision === undefined ? [] : [[object, { revision, crmId: isTaken ? `crm-${object}` : undefined }]];
    }));
    proceed(takeAnswers(sync, answers));
  };
  for (const step of steps) {
    if (step === 'contact' || step === 'deal') proceed(wantUpsert(sync, [step]));
    else answer(step.startsWith('answer'), step.endsWith('contact') ? ['contact'] : step.endsWith('deal') ? ['deal'] : ['contact', 'deal']);
  }
  for (let left = steps.length + 4; sync.underWay && left > 0; left -= 1) answer(true, ['contact', 'deal']);
  return { sync, asked };
}

const anySteps = fc.array(fc.constantFrom<Step>(
  'contact', 'deal', 'answer', 'refuse', 'answer contact', 'refuse contact', 'answer deal', 'refuse deal'));

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
        const revisions = asked.flatMap((request) => request[object] ?? []);
        expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b));
      }
    }));
  });

  it('asks for the contact and its deal at once', () => {
    const sync = startNextRequest(wantUpsert(unsynced, ['contact', 'deal']));
    expect(sync.underWay).toEqual({ contact: 1, deal: 1 });
    const contact = { revision: 1, crmId: 'crm-contact' };
    const deal = { revision: 1, crmId: 'crm-deal' };
    expect(startNextRequest(takeAnswers(sync, { contact, deal }))).toEqual({
      contact: { wanted: 1, answered: 1 }, deal: { wanted: 1, answered: 1 }, contactId: 'crm-contact', dealId: 'crm-deal',
    });
  });

  it('sends changes that come while a request is under way as one', () => {
    const { asked } = play(['deal', 'deal', 'deal', 'contact', 'deal', 'answer', 'answer']);
    expect(asked).toEqual([{ deal: 1 }, { contact: 1, deal: 4 }]);
  });

  it('waits for the other part where the CRM answers one', () => {
    const { asked, sync } = play(['deal', 'contact', 'deal', 'answer', 'refuse contact', 'deal', 'answer deal']);
    expect(asked).toEqual([{ deal: 1 }, { contact: 1, deal: 2 }, { deal: 3 }]);
    expect(sync.contactId).toBeUndefined();
  });

  it('tells the deal again when its contact becomes known later', () => {
    const { asked } = play(['deal', 'answer', 'contact', 'answer']);
    expect(asked).toEqual([{ deal: 1 }, { contact: 1 }, { deal: 2 }]);
  });

  it('does not tell the deal again that was sent with its contact and is answered later', () => {
    const { asked } = play(['deal', 'contact', 'deal', 'answer', 'answer contact', 'answer deal']);
    expect(asked).toEqual([{ deal: 1 }, { contact: 1, deal: 2 }]);
  });

  it('ignores an answer that was not asked for', () => {
    const sync = startNextRequest(wantUpsert(unsynced, ['deal']));
    expect(takeAnswers(sync, { deal: { revision: 7, crmId: 'crm-9' } })).toBe(sync);
  });

  it('learns the id of a record that the CRM took at a second try', () => {
    const refused = takeAnswers(startNextRequest(wantUpsert(unsynced, ['deal'])), { deal: { revision: 1, crmId: undefined } });
    expect(takeLateSuccess(refused, 'deal', { revision: 1, crmId: 'crm-9' })).toEqual({ ...refused, dealId: 'crm-9' });
  });

  it('tells the newest state once more when an older one was taken at a second try', () => {
    const { sync } = play(['deal', 'refuse', 'deal', 'answer']);
    const late = takeLateSuccess(sync, 'deal', { revision: 1, crmId: 'crm-deal' });
    expect(startNextRequest(late).underWay).toEqual({ deal: 3 });
  });

  it('tells the newest state once more when an older one was taken while the newest was under way', () => {
    const refused = takeAnswers(startNextRequest(wantUpsert(unsynced, ['deal'])), { deal: { revision: 1, crmId: undefined } });
    const late = takeLateSuccess(startNextRequest(wantUpsert(refused, ['deal'])), 'deal', { revision: 1, crmId: 'crm-deal' });
    expect(late.underWay).toEqual({ deal: 2 });
    expect(startNextRequest(takeAnswers(late, { deal: { revision: 2, crmId: 'crm-deal' } })).underWay).toEqual({ deal: 3 });
  });
});
