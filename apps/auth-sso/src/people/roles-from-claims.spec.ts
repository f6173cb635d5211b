import { describe, expect, it } from '@jest/globals';
import { providerSettingsSchema } from '../providers/identity-provider.ts';
import { rolesFromClaims } from './roles-from-claims.ts';

const settings = providerSettingsSchema.parse({ roleClaim: 'groups', roleOfValue: { 'hub-admins': 'admin', 'hub-staff': 'editor' } });

describe('roles from a provider’s claims', () => {
  it('come from the values that the tenant named, in a list or alone', () => {
    expect(rolesFromClaims({ groups: ['hub-staff', 'hub-admins', 'hub-staff'] }, settings)).toEqual(['admin', 'editor']);
    expect(rolesFromClaims({ groups: 'hub-staff' }, settings)).toEqual(['editor']);
  });

  it('do not come from names that a person made up, from other claims, or from what is no list of texts', () => {
    for (const claims of [
      { groups: ['admin', 'Hub-Admins', 'constructor', '__proto__', 'toString'] }, { roles: ['hub-admins'] }, { groups: { 'hub-admins': true } }, { groups: [['hub-admins']] }, {},
    ]) expect(rolesFromClaims(claims, settings)).toEqual([]);
    expect(rolesFromClaims({}, { ...settings, roleClaim: 'constructor' })).toEqual([]);
  });

  it('begin with the provider’s default role, where it has one', () => {
    expect(rolesFromClaims({ groups: ['hub-admins'] }, { ...settings, defaultRole: 'viewer' })).toEqual(['admin', 'viewer']);
  });
});
