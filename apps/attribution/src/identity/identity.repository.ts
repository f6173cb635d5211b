import { deterministicId } from '@crossdock/contracts';
import { textArray, uuidArray } from '@crossdock/event-bus';
import { runLater, tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { componentsOf, type IdentityException } from './components.ts';
import { tellingLink, type ToldLink } from './identity-link.repository.ts';

/** Everything that bears on who some keys are: all keys that a chain of links joins to them, now or before, with the links. */
export interface Neighbourhood {
  readonly keys: readonly string[];
  readonly links: readonly ToldLink[];
  /** The identities that the keys have so far. */
  readonly identityOf: ReadonlyMap<string, string>;
  /** What persons took back of them. */
  readonly exceptions: readonly IdentityException[];
}

/** Whoever asks for more than this at once has found a fault: no person has so many keys. */
const mostKeys = 200_000;

interface KeyRow {
  readonly key: string;
  readonly identity_id: string | null;
  /** Those that it is the first of: of each link both keys are there. */
  readonly links: ReadonlyArray<Omit<ToldLink, 'one'>> | null;
  readonly exceptions: ReadonlyArray<{ readonly other: string | null }> | null;
}

/** Reads outwards from some keys until nothing new is linked, by one statement. */
export async function readNeighbourhood(manager: EntityManager, start: readonly string[]): Promise<Neighbourhood> {
  const rows = await manager.query<KeyRow[]>(neighbourhood, [tenantContext.require().tenantId, [...start], mostKeys]);
  return {
    keys: rows.map(({ key }) => key),
    links: rows.flatMap(({ key: one, links }) => (links ?? []).map((link) => ({ one, ...link }))),
    identityOf: new Map(rows.flatMap(({ key, identity_id: id }) => (id === null ? [] : [[key, id]]))),
    exceptions: rows.flatMap(({ key: one, exceptions }) => (exceptions ?? []).map(({ other }) => ({ one, ...(other !== null && { other }) }))),
  };
}

const neighbourhood = `
  WITH RECURSIVE near (key) AS (
    SELECT unnest($2::text[])
    UNION
    SELECT beside.key FROM near CROSS JOIN LATERAL (
      SELECT link.other AS key FROM identity_link AS link WHERE link.tenant_id = $1 AND link.one = near.key AND ${tellingLink}
      UNION ALL SELECT link.one FROM identity_link AS link WHERE link.tenant_id = $1 AND link.other = near.key AND ${tellingLink}
      UNION ALL SELECT member.key FROM identity AS known JOIN identity AS member ON member.tenant_id = $1 AND member.identity_id = known.identity_id
      WHERE known.tenant_id = $1 AND known.key = near.key) AS beside),
  around AS MATERIALIZED (SELECT key FROM near LIMIT $3)
  SELECT around.key, identity.identity_id,
    (SELECT json_agg(json_build_object('source', source, 'other', other, 'reason', reason)) FROM identity_link AS link WHERE tenant_id = $1 AND one = around.key AND ${tellingLink}) AS links,
    (SELECT json_agg(json_build_object('other', other)) FROM identity_exception WHERE tenant_id = $1 AND one = around.key) AS exceptions
  FROM around LEFT JOIN identity ON identity.tenant_id = $1 AND identity.key = around.key`;

/** What became of keys whose links have changed, or of which nobody had told. */
export interface RefreshedIdentities {
  /** The identities whose keys are others than before, those that are no more among them. */
  readonly movedIds: readonly string[];
  /** The identities that all keys around have now. */
  readonly identityOf: ReadonlyMap<string, string>;
}

/** Brings who is who up to the links at these keys; nobody else is looked at. */
export async function refreshIdentities(manager: EntityManager, changed: readonly string[]): Promise<RefreshedIdentities> {
  if (changed.length === 0) return { movedIds: [], identityOf: new Map() };
  const { tenantId } = tenantContext.require();
  const { keys, links, exceptions, identityOf: before } = await readNeighbourhood(manager, changed);
  const names = componentsOf(keys, links, exceptions);
  const identityOf = new Map(keys.map((key) => [key, identityIdOf(tenantId, names.get(key) ?? key)]));
  const moved = [...identityOf].filter(([key, id]) => before.get(key) !== id);
  if (moved.length > 0) {
    runLater(manager, {
      text: `INSERT INTO identity (tenant_id, key, identity_id) SELECT $1, * FROM unnest($2::text[], $3::uuid[])
       ON CONFLICT (tenant_id, key) DO UPDATE SET identity_id = excluded.identity_id`,
      values: [tenantId, textArray(moved.map(([key]) => key)), uuidArray(moved.map(([, id]) => id))],
    });
  }
  return { movedIds: [...new Set(moved.flatMap(([key, id]) => [id, before.get(key) ?? id]))], identityOf };
}

/** The identities of keys; keys that nobody has told of have none. */
export async function identitiesOf(manager: EntityManager, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await manager.query<Array<{ key: string; identity_id: string }>>(
    'SELECT key, identity_id FROM identity WHERE tenant_id = $1 AND key = ANY($2)', [tenantContext.require().tenantId, [...keys]]);
  return new Map(rows.map(({ key, identity_id: id }) => [key, id]));
}

/** @param name the key that names the identity best */
function identityIdOf(tenantId: string, name: string): string {
  return deterministicId('identity', tenantId, name);
}
