import { freeMailDomains } from './free-mail-domains.ts';

/** Two spellings of an e-mail address that differ in case only are one contact. */
export function emailKey(email: string): string {
  return `email:${email.trim().toLowerCase()}`;
}

/** @param phone in E.164 */
export function phoneKey(phone: string): string {
  return `phone:${phone}`;
}

/** A contact in a CRM account. */
export function contactKey(connectionId: string, externalId: string): string {
  return `contact:${connectionId}/${externalId}`;
}

/** A company in a CRM account. */
export function companyKey(connectionId: string, externalId: string): string {
  return `company:${connectionId}/${externalId}`;
}

/** @returns undefined for domains at which anybody can have an address: they say nothing of a company. */
export function domainKey(domain: string): string | undefined {
  const bare = domain.trim().toLowerCase().replace(/^www\./, '');
  return freeMailDomains.has(bare) ? undefined : `domain:${bare}`;
}

/** The company that an address speaks of. */
export function domainKeyOfEmail(email: string): string | undefined {
  return domainKey(email.slice(email.lastIndexOf('@') + 1));
}

/** How well a key names somebody: of the keys of one identity the first is its name, whichever became known first. */
export function compareKeys(one: string, other: string): number {
  return rankOf(one) - rankOf(other) || (one < other ? -1 : one > other ? 1 : 0);
}

const kinds = ['email', 'domain', 'contact', 'company', 'phone'];

function rankOf(key: string): number {
  return kinds.indexOf(key.slice(0, key.indexOf(':')));
}
