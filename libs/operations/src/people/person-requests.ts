import { personRequestKinds } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Person } from './person.ts';

const clueKinds = ['email', 'phone', 'name', 'contact'] as const;

const wantedSchema = z.object({ kind: z.enum(personRequestKinds), round: z.int(), salt: z.instanceof(Buffer).nullable(), publicKey: z.record(z.string(), z.unknown()).nullable() });
const cluesSchema = z.array(z.object({ kind: z.enum(clueKinds), value: z.string() }));

/** A request that is under way. */
export interface OpenPersonRequest {
  readonly kind: (typeof personRequestKinds)[number];
  readonly round: number;
  readonly person: Person;
  readonly salt: Buffer;
  /** What an export is sealed for, as JSON Web Key. */
  readonly publicKey: Readonly<Record<string, unknown>> | undefined;
}

/** In the caller's tenant transaction. @returns undefined where it has ended, or is none of the tenant's. */
export async function findOpenRequest(manager: EntityManager, requestId: string): Promise<OpenPersonRequest | undefined> {
  const [row] = await manager.query<unknown[]>(
    `SELECT kind, round, salt, public_key AS "publicKey" FROM privacy.person_request WHERE request_id = $1 AND state = 'running'`, [requestId]);
  if (row === undefined) return undefined;
  const { kind, round, salt, publicKey } = wantedSchema.parse(row);
  if (!salt) throw new Error(`The request ${requestId} about a person has no salt although it is under way.`);
  const clues = cluesSchema.parse(await manager.query('SELECT kind, value FROM privacy.person_clue WHERE request_id = $1 ORDER BY kind, value', [requestId]));
  const of = (wanted: (typeof clueKinds)[number]): string[] => clues.flatMap(({ kind: clue, value }) => (clue === wanted ? [value] : []));
  return { kind, round, salt, publicKey: publicKey ?? undefined, person: { emails: of('email'), phones: of('phone'), names: of('name'), contacts: of('contact') } };
}

/** Keeps what the person is known by. @returns how much of it is news. */
export async function keepClues(manager: EntityManager, { tenantId, requestId }: { readonly tenantId: string; readonly requestId: string }, person: Person): Promise<number> {
  const clues = [
    ...person.emails.map((value) => ['email', value] as const), ...person.phones.map((value) => ['phone', value] as const),
    ...person.names.map((value) => ['name', value] as const), ...person.contacts.map((value) => ['contact', value] as const),
  ];
  const kept = await manager.query<unknown[]>(
    `INSERT INTO privacy.person_clue (request_id, tenant_id, kind, value) SELECT DISTINCT $1::uuid, $2::uuid, * FROM unnest($3::text[], $4::text[])
     ON CONFLICT DO NOTHING RETURNING value`, [requestId, tenantId, clues.map(([kind]) => kind), clues.map(([, value]) => value)]);
  return kept.length;
}

/** Keeps a service's part of an export, which nobody opens but the gateway. The last one counts. */
export async function keepExportPart(manager: EntityManager, { tenantId, requestId, service }: { readonly tenantId: string; readonly requestId: string; readonly service: string }, sealed: string): Promise<void> {
  await manager.query(
    `INSERT INTO privacy.person_export_part (request_id, tenant_id, service, sealed) VALUES ($1, $2, $3, $4)
     ON CONFLICT (request_id, service) DO UPDATE SET sealed = excluded.sealed`, [requestId, tenantId, service, sealed]);
}
