import { Failure } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { countedLinks, identityExceptionSchema, type IdentityException } from './components.ts';
import { findExceptions, toldLinkSchema, type ToldLink } from './identity-link.repository.ts';
import { readNeighbourhood } from './identity.repository.ts';

/** Who somebody is, and why. */
export const identityExplanationSchema = z.object({
  identityId: z.uuid(),
  keys: z.array(z.string()).readonly(),
  because: z.array(toldLinkSchema).readonly().describe('What joins the keys: which record says of which two that they are one.'),
  notCounted: z.array(toldLinkSchema).readonly().describe('What records say and what does not count: a person took it back, or many share the number.'),
  exceptions: z.array(identityExceptionSchema.extend({
    id: z.uuid(),
    note: z.string(),
  })).readonly().describe('What persons took back.'),
}).meta({ id: 'Identity' });
export type IdentityExplanation = z.infer<typeof identityExplanationSchema>;

/** Explains an identity; undefined where there is none such. */
export async function explainIdentity(manager: EntityManager, identityId: string): Promise<IdentityExplanation | undefined> {
  const rows = await manager.query<Array<{ key: string }>>(
    'SELECT key FROM identity WHERE tenant_id = $1 AND identity_id = $2 ORDER BY key', [tenantContext.require().tenantId, identityId]);
  if (rows.length === 0) return undefined;
  const keys = rows.map(({ key }) => key);
  const { links, keys: around } = await readNeighbourhood(manager, keys);
  const exceptions = await findExceptions(manager, around);
  const counted = new Set(countedLinks(links, exceptions));
  const own = links.filter(({ one, other }) => keys.includes(one) || keys.includes(other)).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return {
    identityId, keys, because: own.filter((link) => counted.has(link)), notCounted: own.filter((link) => !counted.has(link)),
    exceptions: exceptions.filter(({ one, other }) => keys.includes(one) || (other !== undefined && keys.includes(other))),
  };
}

/** The identity of a key; undefined where nobody told of it. */
export async function findIdentity(manager: EntityManager, key: string): Promise<string | undefined> {
  const [row] = await manager.query<Array<{ identity_id: string }>>(
    'SELECT identity_id FROM identity WHERE tenant_id = $1 AND key = $2', [tenantContext.require().tenantId, key]);
  return row?.identity_id;
}

/** Keeps what a person took back. @returns its id. */
export async function insertException(manager: EntityManager, { one, other, note }: IdentityException & { readonly note: string }): Promise<string> {
  const id = uuid();
  await manager.query('INSERT INTO identity_exception (tenant_id, exception_id, one, other, note) VALUES ($1, $2, $3, $4, $5)', [tenantContext.require().tenantId, id, one, other ?? null, note]);
  return id;
}

/** @returns what it was about. @throws Failure `not_found`. */
export async function removeException(manager: EntityManager, id: string): Promise<IdentityException> {
  const [[row]] = await manager.query<[Array<{ one: string; other: string | null }>, number]>('DELETE FROM identity_exception WHERE exception_id = $1 RETURNING one, other', [id]);
  if (!row) throw new Failure('not_found', `There is no exception ${id}.`);
  return { one: row.one, ...(row.other !== null && { other: row.other }) };
}

function nameOf({ source, one, other }: ToldLink): string {
  return `${one}\n${other}\n${source}`;
}
