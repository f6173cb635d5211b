import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { identityLinkSchema, type IdentityException, type IdentityLink } from './components.ts';

/** A link with the record that says it. */
export const toldLinkSchema = identityLinkSchema.extend({
  source: z.string().describe('The record: `contact:…`, `company:…`, `deal/…`, `order/…` or `touch/…`.'),
  reason: z.string().describe('What the record says, in a word or two.'),
});
export type ToldLink = z.infer<typeof toldLinkSchema>;

/**
 * Puts what a record says of identities in the place of what it said before.
 * @param modifiedAt when the record was last changed: an older word changes nothing
 * @returns keys whose links may have changed; undefined for an older word
 */
export async function storeLinks(
  manager: EntityManager, source: string, modifiedAt: string, links: ReadonlyArray<Omit<ToldLink, 'source'>>,
): Promise<string[] | undefined> {
  const { tenantId } = tenantContext.require();
  const known = await manager.query<Array<{ one: string | null; other: string | null }>>(
    `WITH news AS (
       INSERT INTO identity_source (tenant_id, source, modified_at) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id, source) DO UPDATE SET modified_at = excluded.modified_at WHERE excluded.modified_at >= identity_source.modified_at
       RETURNING tenant_id, source)
     SELECT one, other FROM news LEFT JOIN identity_link USING (tenant_id, source)`,
    [tenantId, source, modifiedAt]);
  if (known.length === 0) return undefined;
  const before = known.flatMap(({ one, other }) => (one === null || other === null ? [] : [{ one, other }]));
  const namesOf = (each: readonly IdentityLink[]): string => each.map(({ one, other }) => `${one}\n${other}`).sort().join('\n');
  if (namesOf(before) === namesOf(links)) return [];
  await manager.query('DELETE FROM identity_link WHERE tenant_id = $1 AND source = $2', [tenantId, source]);
  await manager.query(
    `INSERT INTO identity_link (tenant_id, source, one, other, reason)
     SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
    [tenantId, source, links.map(({ one }) => one), links.map(({ other }) => other), links.map(({ reason }) => reason)]);
  return [...new Set([...before, ...links].flatMap(({ one, other }) => [one, other]))];
}

/**
 * The links at these keys. What a deal or an order says of a CRM's contact counts only until that contact was told itself.
 */
export async function findLinks(manager: EntityManager, keys: readonly string[]): Promise<ToldLink[]> {
  const { tenantId } = tenantContext.require();
  return manager.query<ToldLink[]>(
    `SELECT DISTINCT source, one, other, reason FROM (
       SELECT * FROM identity_link WHERE tenant_id = $1 AND one = ANY($2)
       UNION ALL SELECT * FROM identity_link WHERE tenant_id = $1 AND other = ANY($2)) AS link
     WHERE NOT (source LIKE 'deal/%' AND EXISTS (
       SELECT FROM identity_source WHERE identity_source.tenant_id = $1 AND identity_source.source = link.one))`,
    [tenantId, [...keys]]);
}

export async function findExceptions(manager: EntityManager, keys: readonly string[]): Promise<Array<IdentityException & { readonly id: string; readonly note: string }>> {
  const rows = await manager.query<Array<{ exception_id: string; one: string; other: string | null; note: string }>>(
    'SELECT exception_id, one, other, note FROM identity_exception WHERE tenant_id = $1 AND (one = ANY($2) OR other = ANY($2)) ORDER BY exception_id',
    [tenantContext.require().tenantId, [...keys]]);
  return rows.map(({ exception_id: id, one, other, note }) => ({ id, one, note, ...(other !== null && { other }) }));
}
