import { personRoleSchema, type PersonRole } from '@crossdock/contracts';
import { z } from 'zod';

/** Somebody who may use the tenant's applications. */
export interface Person {
  readonly personId: string;
  readonly tenantId: string;
  /** Unique in the tenant, without regard to case. */
  readonly userName: string;
  readonly externalId: string | null;
  readonly email: string | null;
  readonly displayName: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  /** One who was switched off stays known and cannot sign on. */
  readonly isActive: boolean;
  /** Roles given to this person by name; others come with groups and from the identity provider. */
  readonly roles: readonly PersonRole[];
  readonly version: number;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

/** What is written of a person. */
export type PersonFields = Omit<Person, 'personId' | 'tenantId' | 'version' | 'createdAt' | 'changedAt'>;

export const personColumns = `person_id AS "personId", tenant_id AS "tenantId", user_name AS "userName", external_id AS "externalId", email,
  display_name AS "displayName", given_name AS "givenName", family_name AS "familyName", is_active AS "isActive", roles, version,
  created_at AS "createdAt", changed_at AS "changedAt"`;

export const personRowSchema = z.object({
  personId: z.uuid(), tenantId: z.uuid(), userName: z.string(), externalId: z.string().nullable(), email: z.string().nullable(),
  displayName: z.string().nullable(), givenName: z.string().nullable(), familyName: z.string().nullable(), isActive: z.boolean(),
  roles: z.array(personRoleSchema), version: z.int(), createdAt: z.date(), changedAt: z.date(),
});
