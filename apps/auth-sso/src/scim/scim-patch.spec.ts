import { describe, expect, it } from '@jest/globals';
import { ScimError } from './scim-error.ts';
import { applyPatch } from './scim-patch.ts';

const user = { id: '1', userName: 'ada', active: true, name: { givenName: 'Ada' }, emails: [{ value: 'ada@example.com', type: 'work' }], members: [{ value: 'a' }, { value: 'b' }] };

describe('operations of a SCIM client', () => {
  it.each([
    ['replace an attribute', { op: 'replace', path: 'active', value: false }, { active: false }],
    ['find it whatever its case', { op: 'replace', path: 'USERNAME', value: 'ada2' }, { userName: 'ada2' }],
    ['replace several at once', { op: 'replace', value: { active: false, 'name.familyName': 'Lovelace' } }, { active: false, name: { givenName: 'Ada', familyName: 'Lovelace' } }],
    ['add a part', { op: 'add', path: 'name.familyName', value: 'Lovelace' }, { name: { givenName: 'Ada', familyName: 'Lovelace' } }],
    ['add parts to an object', { op: 'add', path: 'name', value: { familyName: 'Lovelace' } }, { name: { givenName: 'Ada', familyName: 'Lovelace' } }],
    ['add entries once', { op: 'add', path: 'members', value: [{ value: 'b' }, { value: 'c' }] }, { members: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] }],
    ['take an entry out by a filter', { op: 'remove', path: 'members[value eq "a"]' }, { members: [{ value: 'b' }] }],
    ['take named entries out', { op: 'remove', path: 'members', value: [{ value: 'b' }] }, { members: [{ value: 'a' }] }],
    ['empty a list', { op: 'remove', path: 'members' }, { members: [] }],
    ['change a part of an entry', { op: 'replace', path: 'emails[type eq "work"].value', value: 'ada@example.org' }, { emails: [{ value: 'ada@example.org', type: 'work' }] }],
    ['make an entry that is not there', { op: 'add', path: 'emails[type eq "home"].value', value: 'ada@home.example' }, { emails: [user.emails[0], { type: 'home', value: 'ada@home.example' }] }],
    ['name an attribute behind its schema', { op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:userName', value: 'x' }, { userName: 'x' }],
  ] as const)('%s', (_name, operation, expected) => {
    expect(applyPatch(user, [operation])).toMatchObject(expected);
  });

  it('leave what was given as it is, and hold in their order', () => {
    const before = structuredClone(user);
    expect(applyPatch(user, [{ op: 'remove', path: 'members' }, { op: 'add', path: 'members', value: { value: 'z' } }])['members']).toEqual([{ value: 'z' }]);
    expect(user).toEqual(before);
  });

  it.each([
    [{ op: 'replace', path: 'id', value: '2' }], [{ op: 'add', path: '__proto__.polluted', value: true }], [{ op: 'remove' }], [{ op: 'replace', value: 'x' }],
    [{ op: 'replace', path: 'emails..value', value: 'x' }], [{ op: 'replace', path: 'members[value co "z"].display', value: 'x' }], [{ op: 'replace', path: 'members[value', value: 'x' }],
    [{ op: 'replace', path: 'emails.value', value: 'x' }], [{ op: 'replace', value: JSON.parse('{"__proto__":{"polluted":true}}') as unknown }],
  ] as const)('are refused as %j', (operation) => {
    expect(() => applyPatch(user, [operation])).toThrow(ScimError);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
