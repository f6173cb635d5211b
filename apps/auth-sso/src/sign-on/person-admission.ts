import type { EntityManager } from 'typeorm';
import type { IdentityAudit } from '../audit/identity-audit.ts';
import { people } from '../people/person.repository.ts';
import type { Person } from '../people/person.ts';
import { rolesFromClaims } from '../people/roles-from-claims.ts';
import { decideSignOn, type SignOnRefusal } from '../people/sign-on-decision.ts';
import type { IdentityProvider } from '../providers/identity-provider.ts';
import type { IdClaims } from '../providers/provider-clients.ts';

export type Admission =
  | { readonly outcome: 'admitted'; readonly person: Person }
  | { readonly outcome: 'refused'; readonly refusal: SignOnRefusal };

/**
 * Finds, links or makes the person whom a provider vouches for, and writes down which roles its word gives. Sign-ons of
 * one account at a provider come one after another, so that a person is made once.
 */
export async function admitPerson(
  manager: EntityManager,
  { provider, claims, linkTo, audit, now }: {
    readonly provider: IdentityProvider; readonly claims: IdClaims; readonly linkTo: string | undefined; readonly audit: IdentityAudit; readonly now: Date;
  },
): Promise<Admission> {
  const identity = { providerId: provider.providerId, subject: claims.sub };
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`${identity.providerId} ${identity.subject}`]);
  const sameAddress = claims.email === undefined ? [] : await people.findByAddress(manager, claims.email);
  const identities = await people.identitiesOf(manager, sameAddress.map(({ personId }) => personId));
  const decision = decideSignOn({
    provider, claims,
    linked: await people.findByIdentity(manager, identity),
    sameAddress: sameAddress.map((person) => ({ person, hasIdentity: identities.some(({ personId }) => personId === person.personId) })),
    linkTo: linkTo === undefined ? undefined : await people.find(manager, linkTo),
  });
  if (decision.outcome === 'refused') return decision;
  const roles = rolesFromClaims(claims, provider.settings);
  if (decision.outcome === 'create' && roles.length === 0) return { outcome: 'refused', refusal: 'no_role' };
  const person = decision.outcome === 'create' ? await create(manager, provider, claims, decision) : decision.person;
  if (!person) return { outcome: 'refused', refusal: 'address_taken' };
  await people.link(manager, person, identity, roles, now);
  const actor = { kind: 'provider', id: provider.providerId } as const;
  if (decision.outcome === 'create') await audit.record(manager, { action: 'person_create', outcome: 'done', code: 'first_sign_on', actor, personId: person.personId, providerId: provider.providerId });
  if (decision.outcome === 'link') await audit.record(manager, { action: 'identity_link', outcome: 'done', code: linkTo === undefined ? 'proven_address' : 'signed_on_person', actor, personId: person.personId, providerId: provider.providerId });
  const all = await people.rolesOf(manager, person.personId);
  return all.length === 0 ? { outcome: 'refused', refusal: 'no_role' } : { outcome: 'admitted', person };
}

function create(
  manager: EntityManager, { tenantId }: IdentityProvider, claims: IdClaims, { userName, email }: { readonly userName: string; readonly email: string | null },
): Promise<Person | undefined> {
  return people.insert(manager, tenantId, {
    userName, email, externalId: null, displayName: claims.name ?? null, givenName: claims.given_name ?? null, familyName: claims.family_name ?? null, isActive: true, roles: [],
  });
}
