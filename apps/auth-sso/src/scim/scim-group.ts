import { z } from 'zod';
import { scimSchemas } from './scim-documents.ts';
import type { ScimColumns } from './scim-query.ts';

/** A group of people; the roles that it gives are the tenant's own word, not the client's. */
export interface Group {
  readonly groupId: string;
  readonly displayName: string;
  readonly externalId: string | null;
  readonly createdAt: Date;
  readonly changedAt: Date;
}

export interface GroupMember {
  readonly personId: string;
  readonly display: string;
}

const text = z.string().max(255).refine((value) => !value.includes('\0'), 'must hold no zero byte');

/** A group as a client writes it (RFC 7643 §4.2). */
export const scimGroupSchema = z.object({
  displayName: text.trim().min(1),
  externalId: text.nullish(),
  members: z.array(z.object({ value: z.uuid().toLowerCase() })).max(10_000).nullish(),
});

/** A group as a client reads it. */
export function scimGroupOf({ groupId, displayName, externalId, createdAt, changedAt }: Group, members: readonly GroupMember[], baseUrl: string): Record<string, unknown> {
  return {
    schemas: [scimSchemas.group], id: groupId, ...(externalId !== null && { externalId }), displayName,
    members: members.map(({ personId, display }) => ({ value: personId, display, type: 'User', $ref: `${baseUrl}/Users/${personId}` })),
    meta: { resourceType: 'Group', created: createdAt.toISOString(), lastModified: changedAt.toISOString(), location: `${baseUrl}/Groups/${groupId}` },
  };
}

/** Attributes of groups that a filter may name. */
export const groupColumns: ScimColumns = {
  id: { sql: 'group_id::text', type: 'id' },
  externalid: { sql: 'external_id', type: 'id' },
  displayname: { sql: 'display_name', type: 'text' },
  'meta.created': { sql: 'created_at', type: 'time' },
  'meta.lastmodified': { sql: 'changed_at', type: 'time' },
};
