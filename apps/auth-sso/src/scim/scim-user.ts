import { personRoleSchema } from '@crossdock/contracts';
import { z } from 'zod';
import type { Person, PersonFields } from '../people/person.ts';
import { scimSchemas } from './scim-documents.ts';
import type { ScimColumns } from './scim-query.ts';

/** A group of a person, as the person's resource names it. */
export interface GroupOfPerson {
  readonly value: string;
  readonly display: string;
}

const text = (maxLength: number) => z.string().max(maxLength).refine((value) => !value.includes('\0'), 'must hold no zero byte');
const optional = text(255).nullish();
/** Some clients send `"True"` for true. */
const truth = z.union([z.boolean(), z.string().toLowerCase().pipe(z.enum(['true', 'false'])).transform((value) => value === 'true')]);

/** A user as a client writes it (RFC 7643 §4.1). What is not named here is passed over, and so are id and meta: they are ours. */
export const scimUserSchema = z.object({
  userName: text(255).trim().min(1),
  externalId: optional,
  displayName: optional,
  name: z.object({ formatted: optional, givenName: optional, familyName: optional }).nullish(),
  active: truth.nullish(),
  emails: z.array(z.object({ value: z.email().max(254).nullish(), primary: truth.nullish() })).max(20).nullish(),
  roles: z.array(z.object({ value: personRoleSchema })).max(10).nullish(),
});

/** What is written of a person for a client's user. */
export function personOf({ userName, externalId, displayName, name, active, emails, roles }: z.infer<typeof scimUserSchema>): PersonFields {
  const email = emails?.find(({ primary }) => primary === true)?.value ?? emails?.[0]?.value;
  return {
    userName, externalId: externalId ?? null, email: email ?? null, displayName: displayName ?? name?.formatted ?? null,
    givenName: name?.givenName ?? null, familyName: name?.familyName ?? null, isActive: active ?? true,
    roles: [...new Set(roles?.map(({ value }) => value) ?? [])].sort(),
  };
}

/** A person as a client reads it. */
export function scimUserOf(person: Person, groups: readonly GroupOfPerson[], baseUrl: string): Record<string, unknown> {
  const { personId, userName, externalId, email, displayName, givenName, familyName, isActive, roles, createdAt, changedAt } = person;
  const name = Object.fromEntries(Object.entries({ formatted: displayName, givenName, familyName }).filter(([, value]) => value !== null));
  return {
    schemas: [scimSchemas.user], id: personId, ...(externalId !== null && { externalId }), userName, ...(Object.keys(name).length > 0 && { name }),
    ...(displayName !== null && { displayName }), active: isActive,
    emails: email === null ? [] : [{ value: email, type: 'work', primary: true }],
    roles: roles.map((value) => ({ value })), groups: groups.map((group) => ({ ...group })),
    meta: { resourceType: 'User', created: createdAt.toISOString(), lastModified: changedAt.toISOString(), location: `${baseUrl}/Users/${personId}` },
  };
}

/** Attributes of users that a filter may name. There is one address a person, and it is the primary work address. */
export const userColumns: ScimColumns = {
  id: { sql: 'person_id::text', type: 'id' },
  externalid: { sql: 'external_id', type: 'id' },
  username: { sql: 'user_name', type: 'text' },
  displayname: { sql: 'display_name', type: 'text' },
  'name.formatted': { sql: 'display_name', type: 'text' },
  'name.givenname': { sql: 'given_name', type: 'text' },
  'name.familyname': { sql: 'family_name', type: 'text' },
  active: { sql: 'is_active', type: 'boolean' },
  emails: { sql: 'email', type: 'text' },
  'emails.value': { sql: 'email', type: 'text' },
  'emails.type': { sql: `CASE WHEN email IS NOT NULL THEN 'work' END`, type: 'text' },
  'emails.primary': { sql: 'CASE WHEN email IS NOT NULL THEN true END', type: 'boolean' },
  'meta.created': { sql: 'created_at', type: 'time' },
  'meta.lastmodified': { sql: 'changed_at', type: 'time' },
};
