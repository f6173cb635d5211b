import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { differingFields, draftOf, isSameDraft, mergeDrafts, rulesOf, withChoice, type Choice, type Draft } from './mapping-draft.ts';

const choices: fc.Arbitrary<Choice> = fc.oneof(
  fc.constant<Choice>({ kind: 'off' }),
  fc.record({
    kind: fc.constant('own' as const), field: fc.constantFrom('A', 'B'), direction: fc.constantFrom('both' as const, 'in' as const, 'out' as const),
    values: fc.dictionary(fc.constantFrom('n', 's'), fc.array(fc.constantFrom('North', 'South'), { minLength: 1, maxLength: 2 })),
  }),
);
const drafts: fc.Arbitrary<Draft> = fc.dictionary(fc.constantFrom('email', 'phone', 'region', 'country'), choices);

describe('a draft of a mapping', () => {
  it('is what the mapping says otherwise than by default, and comes back as its rules', () => {
    const draft = draftOf({
      fields: [
        { canonical: 'email', field: 'email', direction: 'both', origin: 'default' },
        { canonical: 'region', field: 'Region', direction: 'in', values: { n: 'North', s: ['South', 'Deep South'] }, origin: 'own' },
        { canonical: 'owner', field: 'OwnerId', direction: 'both', transform: 'owner_email', origin: 'own' },
      ],
      off: ['phone'],
    });
    expect(rulesOf(draft)).toEqual({
      fields: [
        { canonical: 'region', field: 'Region', direction: 'in', values: { n: ['North'], s: ['South', 'Deep South'] } },
        { canonical: 'owner', field: 'OwnerId', direction: 'both', transform: 'owner_email' },
      ],
      off: ['phone'],
    });
  });

  it('sends no word that stands for nothing', () => {
    expect(rulesOf({ region: { kind: 'own', field: 'Region', direction: 'both', values: { n: [] } } })).toEqual({ fields: [{ canonical: 'region', field: 'Region', direction: 'both' }], off: [] });
  });

  it('goes back to the default where a choice is taken away', () => {
    expect(withChoice({ phone: { kind: 'off' } }, 'phone', undefined)).toEqual({});
  });
});

describe('what two people made of one mapping', () => {
  it('holds all that the second one typed, and what the first one changed elsewhere', () => {
    fc.assert(fc.property(drafts, drafts, drafts, (base, mine, theirs) => {
      const merged = mergeDrafts({ base, mine, theirs });
      const typed = new Set(differingFields(base, mine));
      for (const canonical of ['email', 'phone', 'region', 'country']) {
        expect(merged[canonical]).toEqual(typed.has(canonical) ? mine[canonical] : theirs[canonical]);
      }
    }));
  });

  it('is what the one made of it where the other changed nothing', () => {
    fc.assert(fc.property(drafts, drafts, (base, changed) => {
      expect(isSameDraft(mergeDrafts({ base, mine: changed, theirs: base }), changed)).toBe(true);
      expect(isSameDraft(mergeDrafts({ base, mine: base, theirs: changed }), changed)).toBe(true);
    }));
  });
});
