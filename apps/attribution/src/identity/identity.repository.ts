import { deterministicId } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { componentsOf } from './components.ts';
import { findExceptions, findLinks, type ToldLink } from './identity-link.repository.ts';

/** Everything that bears on who some keys are: all keys that a chain of links joins to them, now or before, with the links. */
export interface Neighbourhood {
  readonly keys: readonly string[];
  readonly links: readonly ToldLink[];
}

/** Whoever asks for more than this at once has found a fault: no person has so many keys. */
const mostKeys = 200_000;

/** Reads outwards from some keys until nothing new is linked. */
export async function readNeighbourhood(manager: EntityManager, start: readonly string[]): Promise<Neighbourhood> {
  const { tenantId } = tenantContext.require();
  const keys = new Set<string>(start);
  const links = new Map<string, ToldLink>();
  let frontier = [...keys];
  while (frontier.length > 0 && keys.size < mostKeys) {
    const found = await findLinks(manager, frontier);
    for (const link of found) links.set(`${link.source}\n${link.one}\n${link.other}`, link);
    const formerly = await manager.query<Array<{ key: string }>>(
      `SELECT member.key FROM identity AS known JOIN identity AS member USING (tenant_id, identity_id) WHERE known.tenant_id = $1 AND known.key = ANY($2)`,
      [tenantId, frontier]);
    frontier = [...new Set([...found.flatMap(({ one, other }) => [one, other]), ...formerly.map(({ key }) => key)])].filter((key) => !keys.has(key));
    for (const key of frontier) keys.add(key);
  }
  return { keys: [...keys], links: [...links.values()] };
}

/**
 * Brings who is who up to the links at these keys; nobody else is looked at.
 * @returns the identities whose keys are others than before, those that are no more among them
 */
export async function refreshIdentities(manager: EntityManager, changed: readonly string[]): Promise<{ readonly identityIds: readonly string[] }> {
  if (changed.length === 0) return { identityIds: [] };
  const { tenantId } = tenantContext.require();
  const { keys, links } = await readNeighbourhood(manager, changed);
  const names = componentsOf(keys, links, await findExceptions(manager, keys));
  const before = await identitiesOf(manager, keys);
  const moved = keys.map((key) => ({ key, id: identityIdOf(tenantId, names.get(key) ?? key) })).filter(({ key, id }) => before.get(key) !== id);
  await manager.query(
    `INSERT INTO identity (tenant_id, key, identity_id) SELECT $1, * FROM unnest($2::text[], $3::uuid[])
     ON CONFLICT (tenant_id, key) DO UPDATE SET identity_id = excluded.identity_id`,
    [tenantId, moved.map(({ key }) => key), moved.map(({ id }) => id)]);
  return { identityIds: [...new Set(moved.flatMap(({ key, id }) => [id, before.get(key) ?? id]))] };
}

/** Those of the keys that have no identity yet. */
export async function unknownKeys(manager: EntityManager, keys: readonly string[]): Promise<string[]> {
  const known = await identitiesOf(manager, keys);
  return keys.filter((key) => !known.has(key));
}

/** The identities of keys; keys that nobody has told of have none. */
export async function identitiesOf(manager: EntityManager, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await manager.query<Array<{ key: string; identity_id: string }>>(
    'SELECT key, identity_id FROM identity WHERE tenant_id = $1 AND key = ANY($2)', [tenantContext.require().tenantId, [...keys]]);
  return new Map(rows.map(({ key, identity_id: id }) => [key, id]));
}

/** @param name the key that names the identity best */
function identityIdOf(tenantId: string, name: string): string {
  return deterministicId('identity', tenantId, name);
}
