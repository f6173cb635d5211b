import { personRoleSchema, type PersonRole } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { personColumns, personRowSchema, type Person, type PersonFields } from './person.ts';

const linkSchema = z.object({ personId: z.uuid(), providerId: z.uuid(), subject: z.string() });

/** A person's account at an identity provider. */
export interface LinkedIdentity {
  readonly providerId: string;
  readonly subject: string;
}

/** People and their accounts at identity providers. Every function runs in a transaction of the tenant. */
export const people = {
  async find(manager: EntityManager, personId: string): Promise<Person | undefined> {
    return one(manager, 'WHERE person_id = $1', [personId]);
  },

  /** The same, and keeps everybody else from changing the person until the transaction ends. */
  async findAndLock(manager: EntityManager, personId: string): Promise<Person | undefined> {
    return one(manager, 'WHERE person_id = $1 FOR UPDATE', [personId]);
  },

  async findByIdentity(manager: EntityManager, { providerId, subject }: LinkedIdentity): Promise<Person | undefined> {
    return one(manager, 'WHERE person_id = (SELECT person_id FROM linked_identity WHERE provider_id = $1 AND subject = $2)', [providerId, subject]);
  },

  /** Those who bear an address as their name or e-mail address; locked, so that of two sign-ons one comes first. */
  async findByAddress(manager: EntityManager, address: string): Promise<Person[]> {
    const rows = await manager.query<unknown[]>(
      `SELECT ${personColumns} FROM person WHERE lower(user_name) = lower($1) OR lower(email) = lower($1) ORDER BY person_id FOR UPDATE`, [address]);
    return rows.map((row) => personRowSchema.parse(row));
  },

  /** @returns undefined where the name is taken. */
  async insert(manager: EntityManager, tenantId: string, fields: PersonFields): Promise<Person | undefined> {
    const [row] = await manager.query<unknown[]>(
      `INSERT INTO person (person_id, tenant_id, user_name, external_id, email, display_name, given_name, family_name, is_active, roles)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (tenant_id, lower(user_name)) DO NOTHING RETURNING ${personColumns}`,
      [uuid(), tenantId, ...valuesOf(fields)],
    );
    return row === undefined ? undefined : personRowSchema.parse(row);
  },

  /** Writes all of a person's fields. @returns undefined where the name is taken by somebody else. */
  async update(manager: EntityManager, personId: string, fields: PersonFields): Promise<Person | undefined> {
    const taken = await manager.query<unknown[]>('SELECT 1 FROM person WHERE lower(user_name) = lower($1) AND person_id <> $2', [fields.userName, personId]);
    if (taken.length > 0) return undefined;
    await manager.query(
      `UPDATE person SET user_name = $2, external_id = $3, email = $4, display_name = $5, given_name = $6, family_name = $7, is_active = $8,
         roles = $9, version = version + 1, changed_at = now() WHERE person_id = $1`,
      [personId, ...valuesOf(fields)],
    );
    return people.find(manager, personId);
  },

  async remove(manager: EntityManager, personId: string): Promise<void> {
    await manager.query('DELETE FROM person WHERE person_id = $1', [personId]);
  },

  /** Links an account at a provider to a person, or writes down anew which roles its claims give. */
  async link(manager: EntityManager, person: Person, { providerId, subject }: LinkedIdentity, roles: readonly PersonRole[], now: Date): Promise<void> {
    await manager.query(
      `INSERT INTO linked_identity (provider_id, subject, tenant_id, person_id, roles, linked_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (provider_id, subject) DO UPDATE SET roles = excluded.roles WHERE linked_identity.person_id = excluded.person_id`,
      [providerId, subject, person.tenantId, person.personId, roles, now],
    );
  },

  async identitiesOf(manager: EntityManager, personIds: readonly string[]): Promise<Array<z.infer<typeof linkSchema>>> {
    const rows = await manager.query<unknown[]>(
      'SELECT person_id AS "personId", provider_id AS "providerId", subject FROM linked_identity WHERE person_id = ANY($1)', [personIds]);
    return rows.map((row) => linkSchema.parse(row));
  },

  /** Every role of a person: by name, by groups, and by what their providers last said. */
  async rolesOf(manager: EntityManager, personId: string): Promise<PersonRole[]> {
    const rows = await manager.query<Array<{ role: unknown }>>(
      `SELECT unnest(roles) AS role FROM person WHERE person_id = $1
       UNION SELECT unnest(roles) FROM linked_identity WHERE person_id = $1
       UNION SELECT unnest(g.roles) FROM person_group g JOIN group_member m USING (group_id) WHERE m.person_id = $1
       ORDER BY role`,
      [personId],
    );
    return rows.map(({ role }) => personRoleSchema.parse(role));
  },
};

async function one(manager: EntityManager, condition: string, values: readonly unknown[]): Promise<Person | undefined> {
  const [row] = await manager.query<unknown[]>(`SELECT ${personColumns} FROM person ${condition}`, [...values]);
  return row === undefined ? undefined : personRowSchema.parse(row);
}

function valuesOf({ userName, externalId, email, displayName, givenName, familyName, isActive, roles }: PersonFields): unknown[] {
  return [userName, externalId, email, displayName, givenName, familyName, isActive, roles];
}
