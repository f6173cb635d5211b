import { z } from 'zod';
import { personRoleSchema } from '@crossdock/contracts';

const domainName = z.string().toLowerCase().regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'must be a domain such as example.com');

/** What a tenant decides about the people who come from a provider. */
export const providerSettingsSchema = z.strictObject({
  /** People with addresses of these domains are led to this provider; and only of them its word for an address counts. */
  emailDomains: z.array(domainName).max(100).default([]),
  /** Asked for beside `openid`. */
  scopes: z.array(z.string().regex(/^[\w.:/-]{1,100}$/)).max(20).default(['email', 'profile']),
  /** The claim of the ID token that roles follow from: a text or a list of texts. */
  roleClaim: z.string().min(1).max(100).default('groups'),
  /** Which of the claim's values gives which role; all others give none. */
  roleOfValue: z.record(z.string().min(1).max(255), personRoleSchema).default({}),
  /** The role of everybody who comes from here; absent: only the claim and the tenant's own word give roles. */
  defaultRole: personRoleSchema.exactOptional(),
  /** `create` makes a person at the first sign-on; `refuse` lets in only those who are there before. */
  newPeople: z.enum(['create', 'refuse']).default('refuse'),
  isEnabled: z.boolean().default(true),
});
export type ProviderSettings = z.infer<typeof providerSettingsSchema>;

/** An OpenID provider of a tenant, without its secret. */
export const identityProviderSchema = z.object({
  providerId: z.uuid(),
  tenantId: z.uuid(),
  name: z.string(),
  issuer: z.string().describe('Compared letter by letter with what the provider says of itself.'),
  clientId: z.string(),
  settings: providerSettingsSchema,
  version: z.int().describe('Counts changes.'),
});
export type IdentityProvider = z.infer<typeof identityProviderSchema>;

/** What is told of a new or changed provider. */
export const providerInputSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  issuer: z.url({ protocol: /^https?$/ }).max(500).refine((text) => {
    const { search, hash, username } = new URL(text);
    return search === '' && hash === '' && username === '';
  }, 'must have no query, fragment or credentials'),
  clientId: z.string().min(1).max(255),
  /** May be left out when a provider is changed. */
  clientSecret: z.string().min(1).max(1_024).exactOptional(),
  settings: providerSettingsSchema.prefault({}),
});
export type ProviderInput = z.infer<typeof providerInputSchema>;

/** The domain of an e-mail address in lower case; undefined where it is none. */
export function emailDomainOf(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  const domain = domainName.safeParse(address.slice(at + 1));
  return at > 0 && domain.success ? domain.data : undefined;
}

/** Whom a person with this address is led to: the enabled providers that name the address's domain. */
export function providersForEmail(providers: readonly IdentityProvider[], address: string): IdentityProvider[] {
  const domain = emailDomainOf(address);
  return domain === undefined ? [] : providers.filter(({ settings }) => settings.isEnabled && settings.emailDomains.includes(domain));
}
