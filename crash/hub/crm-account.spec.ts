import { describe, expect, it } from '@jest/globals';
import { judgeAtCrm } from './crm-account.ts';

const order = { orderNumber: 7, revision: 3 };
const sentencesOf = (faults: ReadonlyArray<{ what: string }>): string[] => faults.map(({ what }) => what);

describe('judging an order at the CRM', () => {
  it('finds nothing where there is one contact, and one deal with the amount that the shop told last', () => {
    expect(judgeAtCrm('d', order, { amounts: ['23.50'], contacts: 1 })).toEqual({ lost: [], doubled: [] });
  });

  it('finds what never came', () => {
    expect(sentencesOf(judgeAtCrm('d', order, { amounts: [], contacts: 0 }).lost)).toEqual(['HubSpot has no deal of order 7', 'HubSpot has no contact of order 7']);
  });

  it('finds a deal that stayed at an earlier amount', () => {
    expect(sentencesOf(judgeAtCrm('d', order, { amounts: ['22.50'], contacts: 1 }).lost)).toEqual(['the deal of order 7 says 22.50 instead of 23.50']);
  });

  it('finds what is there twice', () => {
    expect(sentencesOf(judgeAtCrm('d', order, { amounts: ['23.50', '23.50'], contacts: 2 }).doubled)).toEqual([
      'HubSpot has 2 times the deal of order 7', 'HubSpot has 2 times the contact of order 7',
    ]);
  });
});
