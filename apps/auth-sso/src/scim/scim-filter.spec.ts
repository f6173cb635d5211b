import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ScimError } from './scim-error.ts';
import { fulfils, parseScimFilter } from './scim-filter.ts';
import { conditionOf } from './scim-query.ts';
import { userColumns } from './scim-user.ts';

const user = {
  id: 'A1', userName: 'Ada@example.com', active: true, name: { familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work' }, { value: 'ada@home.example', type: 'home' }],
};

describe('a SCIM filter', () => {
  it.each([
    ['userName eq "ada@EXAMPLE.com"', true], ['userName ne "ada@example.com"', false], ['urn:ietf:params:scim:schemas:core:2.0:User:userName sw "ADA"', true],
    ['name.familyName co "love" and active eq true', true], ['active eq false or name.familyName ew "lace"', true], ['not (active eq true)', false],
    ['emails[type eq "work" and value co "@home"]', false], ['emails[type eq "home" and value co "@home"]', true], ['emails.type eq "home"', true],
    ['title pr', false], ['name.familyName pr', true], ['id eq "a1"', false], ['id eq "A1"', true],
    ['active eq true or active eq false and userName eq "nobody"', true], ['(active eq true or active eq false) and userName eq "nobody"', false],
    ['userName eq "a\\"b"', false], ['userName EQ "ada@example.com" AND ACTIVE PR', true],
  ])('%s is %p for a user', (filter, expected) => {
    expect(fulfils(user, parseScimFilter(filter))).toBe(expected);
  });

  it.each(['', 'userName', 'userName eq', 'userName is "x"', 'userName eq "x" userName', '(userName eq "x"', 'userName eq x', 'userName eq "x" and', 'eq "x"', '"x" eq "x"',
    'emails[type eq "work"', 'userName eq "x"; DROP TABLE person', `${'('.repeat(50)}active pr${')'.repeat(50)}`, `userName eq "${'x'.repeat(3_000)}"`])('that says %p is refused', (filter) => {
    expect(() => parseScimFilter(filter)).toThrow(ScimError);
  });

  it('either is read or is refused as a filter, whatever it says, and its values become parameters', () => {
    const word = fc.constantFrom('userName', 'active', 'emails', 'emails[', ']', '(', ')', 'eq', 'co', 'pr', 'and', 'or', 'not', '"x\' OR 1=1"', '"\\u0000"', 'true', 'null', '3', 'meta.created', '"2026-01-01T00:00:00Z"', '$ref', 'a.b');
    fc.assert(fc.property(fc.oneof(fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')), fc.string({ maxLength: 60 })), (text) => {
      try {
        const { sql, parameters } = conditionOf(parseScimFilter(text), userColumns, 1);
        expect(sql).not.toContain('OR 1=1');
        expect(parameters.every((value) => typeof value !== 'string' || !value.includes('\0'))).toBe(true);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ScimError);
      }
    }), { numRuns: 2_000 });
  });
});
