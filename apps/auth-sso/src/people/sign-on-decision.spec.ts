import { describe, expect, it } from '@jest/globals';
import { providerSettingsSchema, type IdentityProvider } from '../providers/identity-provider.ts';
import type { Person } from './person.ts';
import { decideSignOn, type SignOnFacts } from './sign-on-decision.ts';

const provider: IdentityProvider = {
  providerId: '018f3f5e-7c1a-7d1e-9a55-00000000000a', tenantId: '018f3f5e-7c1a-7d1e-9a55-000000000001', name: 'Provider', issuer: 'https://idp.example',
  clientId: 'crossdock', settings: providerSettingsSchema.parse({ newPeople: 'create', emailDomains: ['example.com'] }), version: 1,
};

function person(parts: Partial<Person> = {}): Person {
  return {
    personId: '018f3f5e-7c1a-7d1e-9a55-0000000000b1', tenantId: provider.tenantId, userName: 'ada@example.com', externalId: null, email: 'ada@example.com', displayName: null,
    givenName: null, familyName: null, isActive: true, roles: ['viewer'], version: 1, createdAt: new Date(0), changedAt: new Date(0), ...parts,
  };
}

function facts(parts: Partial<SignOnFacts> = {}): SignOnFacts {
  return { provider, claims: { sub: 'ada', email: 'ada@example.com', email_verified: true }, linked: undefined, sameAddress: [], linkTo: undefined, ...parts };
}

describe('who it is that a provider vouches for', () => {
  const ada = person();

  it('is the person whose account it is', () => {
    expect(decideSignOn(facts({ linked: ada }))).toEqual({ outcome: 'known', person: ada });
  });

  it('is a person who was added before and never signed on, where the address is proven', () => {
    expect(decideSignOn(facts({ sameAddress: [{ person: ada, hasIdentity: false }] }))).toEqual({ outcome: 'link', person: ada });
  });

  it.each([
    ['the provider does not say that the address is verified', { claims: { sub: 'ada', email: 'ada@example.com' } }],
    ['the provider says that it is not verified', { claims: { sub: 'ada', email: 'ada@example.com', email_verified: false } }],
    ['the provider is not the one of the address’s domain', { provider: { ...provider, settings: { ...provider.settings, emailDomains: ['example.org'] } } }],
    ['the person signs on another way already', { sameAddress: [{ person: ada, hasIdentity: true }] }],
    ['two people bear the address', { sameAddress: [{ person: ada, hasIdentity: false }, { person: person({ personId: 'other' }), hasIdentity: false }] }],
  ])('is not taken for somebody with the same address where %s', (_, parts) => {
    expect(decideSignOn(facts({ sameAddress: [{ person: ada, hasIdentity: false }], ...parts }))).toEqual({ outcome: 'refused', refusal: 'address_taken' });
  });

  it('is nobody who was switched off', () => {
    const off = person({ isActive: false });
    expect(decideSignOn(facts({ linked: off }))).toEqual({ outcome: 'refused', refusal: 'person_inactive' });
    expect(decideSignOn(facts({ sameAddress: [{ person: off, hasIdentity: false }] }))).toEqual({ outcome: 'refused', refusal: 'person_inactive' });
  });

  it('is a new person, under the address where it is proven and under the account’s own id where it is not', () => {
    expect(decideSignOn(facts())).toEqual({ outcome: 'create', userName: 'ada@example.com', email: 'ada@example.com' });
    expect(decideSignOn(facts({ claims: { sub: 'ada', email: 'ada@example.com' } }))).toEqual({ outcome: 'create', userName: `ada@${provider.providerId}`, email: null });
    const closed = { ...provider, settings: { ...provider.settings, newPeople: 'refuse' as const } };
    expect(decideSignOn(facts({ provider: closed }))).toEqual({ outcome: 'refused', refusal: 'not_provisioned' });
  });

  it('is added to the person who is signed on and asks for it, unless it is somebody else’s', () => {
    expect(decideSignOn(facts({ linkTo: ada, claims: { sub: 'another' } }))).toEqual({ outcome: 'link', person: ada });
    expect(decideSignOn(facts({ linkTo: ada, linked: person({ personId: 'other' }) }))).toEqual({ outcome: 'refused', refusal: 'linked_elsewhere' });
  });
});
