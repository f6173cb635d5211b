import { textArray } from '@crossdock/event-bus';
import { runLater, tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { newestOf } from '../newest-of.ts';
import { identityLinkSchema, type IdentityException, type IdentityLink } from './components.ts';

/** A link with the record that says it. */
export const toldLinkSchema = identityLinkSchema.extend({
  source: z.string().describe('The record: `contact:…`, `company:…`, `deal/…`, `order/…` or `touch/…`.'),
  reason: z.string().describe('What the record says, in a word or two.'),
});
export type ToldLink = z.infer<typeof toldLinkSchema>;

/** What a record says of who is who. */
export interface ToldLinks {
  /** The record, as in `ToldLink`. */
  readonly source: string;
  /** When the record was last changed: an older word changes nothing. */
  readonly modifiedAt: string;
  readonly links: ReadonlyArray<Omit<ToldLink, 'source'>>;
}

/**
 * Puts what records say of identities in the place of what they said before, however many by three statements. Of several words of one record the last of the newest counts.
 * @returns for each word that counts the keys whose links may have changed; an older one is missing
 */
export async function storeLinks(manager: EntityManager, told: readonly ToldLinks[]): Promise<ReadonlyMap<ToldLinks, readonly string[]>> {
  if (told.length === 0) return new Map();
  const { tenantId } = tenantContext.require();
  const words = newestOf(told, ({ source }) => source).sort((a, b) => (a.source < b.source ? -1 : 1));
  const rows = await manager.query<Array<{ source: string; one: string | null; other: string | null }>>(
    `WITH news AS (
       INSERT INTO identity_source (tenant_id, source, modified_at)
       SELECT $1, source, modified_at FROM unnest($2::text[], $3::timestamptz[]) AS told (source, modified_at) ORDER BY source
       ON CONFLICT (tenant_id, source) DO UPDATE SET modified_at = excluded.modified_at WHERE excluded.modified_at >= identity_source.modified_at
       RETURNING tenant_id, source)
     SELECT source, one, other FROM news LEFT JOIN identity_link USING (tenant_id, source)`,
    [tenantId, words.map(({ source }) => source), words.map(({ modifiedAt }) => modifiedAt)]);
  const known = Map.groupBy(rows, ({ source }) => source);
  const counting = words.filter(({ source }) => known.has(source)).map((word) => ({
    word, before: (known.get(word.source) ?? []).flatMap(({ one, other }) => (one === null || other === null ? [] : [{ one, other }])),
  }));
  const changed = counting.filter(({ word, before }) => namesOf(before) !== namesOf(word.links));
  replaceLinks(manager, tenantId, changed);
  const keysOf = new Map(changed.map(({ word, before }) => [word, [...new Set([...before, ...word.links].flatMap(({ one, other }) => [one, other]))]]));
  return new Map(counting.map(({ word }) => [word, keysOf.get(word) ?? []]));
}

function namesOf(links: readonly IdentityLink[]): string {
  return links.map(({ one, other }) => `${one}\n${other}`).sort().join('\n');
}

/** A word of a record and the links that it stood for before. */
interface ChangedWord {
  readonly word: ToldLinks;
  readonly before: readonly IdentityLink[];
}

/** With the transaction's next statement. */
function replaceLinks(manager: EntityManager, tenantId: string, changed: readonly ChangedWord[]): void {
  const outdated = changed.filter(({ before }) => before.length > 0).map(({ word: { source } }) => source);
  if (outdated.length > 0) runLater(manager, { text: 'DELETE FROM identity_link WHERE tenant_id = $1 AND source = ANY($2)', values: [tenantId, textArray(outdated)] });
  const links = changed.flatMap(({ word: { source, links: own } }) => own.map((link) => ({ source, ...link })));
  if (links.length === 0) return;
  const column = (of: (link: ToldLink) => string): Buffer => textArray(links.map(of));
  runLater(manager, {
    text: `INSERT INTO identity_link (tenant_id, source, one, other, reason)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
    values: [tenantId, column(({ source }) => source), column(({ one }) => one), column(({ other }) => other), column(({ reason }) => reason)],
  });
}

/** Of `link` the ones that count: what a deal says of a CRM's contact counts only until that contact was told itself. `$1` is the tenant. */
export const tellingLink = `NOT (link.source LIKE 'deal/%' AND EXISTS (
  SELECT FROM identity_source WHERE identity_source.tenant_id = $1 AND identity_source.source = link.one))`;

export async function findExceptions(manager: EntityManager, keys: readonly string[]): Promise<Array<IdentityException & { readonly id: string; readonly note: string }>> {
  const rows = await manager.query<Array<{ exception_id: string; one: string; other: string | null; note: string }>>(
    'SELECT exception_id, one, other, note FROM identity_exception WHERE tenant_id = $1 AND (one = ANY($2) OR other = ANY($2)) ORDER BY exception_id',
    [tenantContext.require().tenantId, [...keys]]);
  return rows.map(({ exception_id: id, one, other, note }) => ({ id, one, note, ...(other !== null && { other }) }));
}
