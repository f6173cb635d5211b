import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import type { Group, GroupMember } from './scim-group.ts';
import type { ScimCondition } from './scim-query.ts';
import type { GroupOfPerson } from './scim-user.ts';

const columns = 'group_id AS "groupId", display_name AS "displayName", external_id AS "externalId", created_at AS "createdAt", changed_at AS "changedAt"';
const rowSchema = z.object({ groupId: z.uuid(), displayName: z.string(), externalId: z.string().nullable(), createdAt: z.date(), changedAt: z.date() });
const memberSchema = z.object({ groupId: z.uuid(), personId: z.uuid(), display: z.string() });
const groupOfPersonSchema = z.object({ personId: z.uuid(), value: z.uuid(), display: z.string() });

/** Groups of people. Every function runs in a transaction of the tenant. */
export const groups = {
  async findAndLock(manager: EntityManager, groupId: string): Promise<Group | undefined> {
    const [row] = await manager.query<unknown[]>(`SELECT ${columns} FROM person_group WHERE group_id = $1 FOR UPDATE`, [groupId]);
    return row === undefined ? undefined : rowSchema.parse(row);
  },

  /** Those that fulfil a condition, in the order of their making, and how many there are in all. */
  async list(manager: EntityManager, condition: ScimCondition, offset: number, limit: number): Promise<{ items: Group[]; total: number }> {
    const [count] = await manager.query<Array<{ total: number }>>(`SELECT count(*)::int AS total FROM person_group WHERE ${condition.sql}`, [...condition.parameters]);
    const rows = await manager.query<unknown[]>(
      `SELECT ${columns} FROM person_group WHERE ${condition.sql} ORDER BY group_id LIMIT ${limit} OFFSET ${offset}`, [...condition.parameters]);
    return { items: rows.map((row) => rowSchema.parse(row)), total: count?.total ?? 0 };
  },

  /** @returns undefined where the name is taken. */
  async insert(manager: EntityManager, tenantId: string, { displayName, externalId }: Pick<Group, 'displayName' | 'externalId'>): Promise<Group | undefined> {
    const [row] = await manager.query<unknown[]>(
      `INSERT INTO person_group (group_id, tenant_id, display_name, external_id) VALUES ($1, $2, $3, $4)
       ON CONFLICT (tenant_id, lower(display_name)) DO NOTHING RETURNING ${columns}`,
      [uuid(), tenantId, displayName, externalId],
    );
    return row === undefined ? undefined : rowSchema.parse(row);
  },

  /** @returns whether the name was free. */
  async rename(manager: EntityManager, groupId: string, { displayName, externalId }: Pick<Group, 'displayName' | 'externalId'>): Promise<boolean> {
    const taken = await manager.query<unknown[]>('SELECT 1 FROM person_group WHERE lower(display_name) = lower($1) AND group_id <> $2', [displayName, groupId]);
    if (taken.length > 0) return false;
    await manager.query('UPDATE person_group SET display_name = $2, external_id = $3, version = version + 1, changed_at = now() WHERE group_id = $1', [groupId, displayName, externalId]);
    return true;
  },

  async remove(manager: EntityManager, groupId: string): Promise<void> {
    await manager.query('DELETE FROM person_group WHERE group_id = $1', [groupId]);
  },

  async membersOf(manager: EntityManager, groupIds: readonly string[]): Promise<Array<GroupMember & { readonly groupId: string }>> {
    const rows = await manager.query<unknown[]>(
      `SELECT m.group_id AS "groupId", m.person_id AS "personId", coalesce(p.display_name, p.user_name) AS display
       FROM group_member m JOIN person p USING (person_id) WHERE m.group_id = ANY($1) ORDER BY m.person_id`,
      [groupIds],
    );
    return rows.map((row) => memberSchema.parse(row));
  },

  /** Gives a group these members and no others. @returns who is none any more; undefined where one of them is nobody of the tenant. */
  async setMembers(manager: EntityManager, tenantId: string, groupId: string, personIds: readonly string[]): Promise<string[] | undefined> {
    const wanted = [...new Set(personIds)];
    const known = await manager.query<unknown[]>('SELECT 1 FROM person WHERE person_id = ANY($1)', [wanted]);
    if (known.length !== wanted.length) return undefined;
    const gone = await manager.query<Array<{ person_id: string }>>(
      'WITH gone AS (DELETE FROM group_member WHERE group_id = $1 AND person_id <> ALL($2) RETURNING person_id) SELECT person_id FROM gone', [groupId, wanted]);
    await manager.query(
      'INSERT INTO group_member (group_id, person_id, tenant_id) SELECT $1, unnest($2::uuid[]), $3 ON CONFLICT DO NOTHING', [groupId, wanted, tenantId]);
    await manager.query('UPDATE person_group SET changed_at = now() WHERE group_id = $1', [groupId]);
    return gone.map(({ person_id }) => person_id);
  },

  async ofPeople(manager: EntityManager, personIds: readonly string[]): Promise<Array<GroupOfPerson & { readonly personId: string }>> {
    const rows = await manager.query<unknown[]>(
      `SELECT m.person_id AS "personId", g.group_id AS value, g.display_name AS display FROM group_member m JOIN person_group g USING (group_id)
       WHERE m.person_id = ANY($1) ORDER BY g.group_id`,
      [personIds],
    );
    return rows.map((row) => groupOfPersonSchema.parse(row));
  },
};
