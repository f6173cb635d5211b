import { z } from 'zod';

export const scimMediaType = 'application/scim+json; charset=utf-8';
const maxResults = 200;

/** What a list is asked for by (RFC 7644 §3.4.2). */
export const listQuerySchema = z.object({
  filter: z.string().max(2_048).optional(),
  startIndex: z.coerce.number().int().catch(1).transform((index) => Math.min(Math.max(1, index), 1_000_000)),
  count: z.coerce.number().int().catch(maxResults).transform((count) => Math.min(Math.max(0, count), maxResults)),
  attributes: z.string().max(1_000).optional(),
  excludedAttributes: z.string().max(1_000).optional(),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

/** A page of a list: `startIndex` counts from 1. */
export function listDocument(resources: readonly object[], { startIndex }: Pick<ListQuery, 'startIndex'>, totalResults: number): object {
  return { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults, startIndex, itemsPerPage: resources.length, Resources: resources };
}

/** A resource with the attributes that were asked for; its id and schemas are always there. */
export function selected(resource: Readonly<Record<string, unknown>>, { attributes, excludedAttributes }: Pick<ListQuery, 'attributes' | 'excludedAttributes'>): Record<string, unknown> {
  const wanted = namesOf(attributes);
  const unwanted = namesOf(excludedAttributes);
  const always = ['id', 'schemas'];
  return Object.fromEntries(Object.entries(resource).filter(([name, value]) => value !== undefined && (always.includes(name)
    || ((wanted.size === 0 || wanted.has(name.toLowerCase())) && !unwanted.has(name.toLowerCase())))));
}

function namesOf(list: string | undefined): Set<string> {
  return new Set((list ?? '').split(',').flatMap((name) => name.trim().replace(/^urn:[\w.:-]+:/i, '').split('.')[0]?.toLowerCase() || []));
}

/** What this service provider can do (RFC 7643 §5). */
export const serviceProviderConfig = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [{ type: 'oauthbearertoken', name: 'Bearer token', description: 'A token that an administrator of the tenant made for this client.', primary: true }],
};

const coreUser = 'urn:ietf:params:scim:schemas:core:2.0:User';
const coreGroup = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const scimSchemas = { user: coreUser, group: coreGroup } as const;

/** The kinds of resources there are (RFC 7643 §6). */
export const resourceTypes = [
  { schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'], id: 'User', name: 'User', endpoint: '/Users', schema: coreUser },
  { schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'], id: 'Group', name: 'Group', endpoint: '/Groups', schema: coreGroup },
];
