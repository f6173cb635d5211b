import type { IdClaims } from '../providers/provider-clients.ts';
import { emailDomainOf, type IdentityProvider } from '../providers/identity-provider.ts';
import type { Person } from './person.ts';

/** Why a person whom a provider vouches for is not let in. */
export type SignOnRefusal =
  /** The person was switched off. */
  | 'person_inactive'
  /** Nobody was told of this person, and the provider's people are not made by signing on. */
  | 'not_provisioned'
  /** Somebody with this address signs on another way: only that proves that both are one. */
  | 'address_taken'
  /** The account at the provider belongs to another person. */
  | 'linked_elsewhere'
  /** The person may do nothing here. */
  | 'no_role';

export type SignOnDecision =
  | { readonly outcome: 'known' | 'link'; readonly person: Person }
  | { readonly outcome: 'create'; readonly userName: string; readonly email: string | null }
  | { readonly outcome: 'refused'; readonly refusal: SignOnRefusal };

export interface SignOnFacts {
  readonly provider: IdentityProvider;
  readonly claims: IdClaims;
  /** Whose account at this provider it is. */
  readonly linked: Person | undefined;
  /** Those who bear the address that the provider names, each with whether they ever signed on. */
  readonly sameAddress: ReadonlyArray<{ readonly person: Person; readonly hasIdentity: boolean }>;
  /** The person who is signed on and asked to have this account added. */
  readonly linkTo: Person | undefined;
}

/**
 * Who it is that a provider vouches for. An account is linked to a person only with proof: the person is signed on and
 * asked for it; or nobody has signed on as this person yet, and the address is verified by the very provider that the
 * tenant named for the address's domain.
 */
export function decideSignOn({ provider, claims, linked, sameAddress, linkTo }: SignOnFacts): SignOnDecision {
  if (linkTo) {
    if (linked && linked.personId !== linkTo.personId) return refused('linked_elsewhere');
    return letIn('link', linkTo);
  }
  if (linked) return letIn('known', linked);
  const address = provenAddress(provider, claims);
  const named = claims.email ?? '';
  if (sameAddress.length > 0) {
    const [only, ...others] = sameAddress;
    const isUnclaimed = address !== undefined && only && others.length === 0 && !only.hasIdentity;
    return isUnclaimed ? letIn('link', only.person) : refused('address_taken');
  }
  if (provider.settings.newPeople === 'refuse') return refused('not_provisioned');
  // An address that is not proven names nobody; the account's own id does.
  return address === undefined
    ? { outcome: 'create', userName: `${claims.sub}@${provider.providerId}`, email: null }
    : { outcome: 'create', userName: named, email: named };
}

/** The address of the claims, where the provider says that it is verified and the tenant takes its word for the domain. */
function provenAddress({ settings }: IdentityProvider, { email, email_verified: isVerified }: IdClaims): string | undefined {
  if (email === undefined || isVerified !== true) return undefined;
  const domain = emailDomainOf(email);
  return domain !== undefined && settings.emailDomains.includes(domain) ? email : undefined;
}

function letIn(outcome: 'known' | 'link', person: Person): SignOnDecision {
  return person.isActive ? { outcome, person } : refused('person_inactive');
}

function refused(refusal: SignOnRefusal): SignOnDecision {
  return { outcome: 'refused', refusal };
}
