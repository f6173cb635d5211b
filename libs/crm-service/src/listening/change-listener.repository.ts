import type { EntityManager } from 'typeorm';
import { z } from 'zod';

const listenerSchema = z.object({
  tenantId: z.uuid(),
  connectionId: z.uuid(),
  /** Up to where was heard; null where that is from now on. */
  place: z.string().nullable(),
  /** Tries in a row that came to nothing. */
  failures: z.int(),
});
/** An account whose stream is listened to. */
export type ChangeListener = z.infer<typeof listenerSchema>;
type ListenerKey = Pick<ChangeListener, 'tenantId' | 'connectionId'>;

/** How long a process that says nothing keeps its accounts; a dead one's are taken over after this. */
const leaseSeconds = 10;

/** From now on, in a tenant transaction; whoever listens already begins anew, since the account may have another address. */
export async function beginListening(manager: EntityManager, { tenantId, connectionId }: ListenerKey): Promise<void> {
  await manager.query(
    `INSERT INTO change_listener (tenant_id, connection_id) VALUES ($1, $2)
     ON CONFLICT (tenant_id, connection_id) DO UPDATE SET begins_at = now(), failures = 0, problem = NULL, holder = NULL, lease_until = '-infinity'`,
    [tenantId, connectionId]);
}

/** In a tenant transaction. What is listened to now ends with its lease. */
export async function endListening(manager: EntityManager, { tenantId, connectionId }: ListenerKey): Promise<void> {
  await manager.query('DELETE FROM change_listener WHERE tenant_id = $1 AND connection_id = $2', [tenantId, connectionId]);
}

/** Takes accounts that nobody listens to, in a system transaction. */
export async function claimListeners(manager: EntityManager, holder: string, atMost: number): Promise<ChangeListener[]> {
  const [rows] = await manager.query<[unknown[], number]>(
    `UPDATE change_listener SET holder = $1, lease_until = now() + make_interval(secs => $2)
     WHERE (tenant_id, connection_id) IN (
       SELECT tenant_id, connection_id FROM change_listener WHERE begins_at <= now() AND lease_until < now()
       ORDER BY begins_at LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING tenant_id AS "tenantId", connection_id AS "connectionId", place, failures`, [holder, leaseSeconds, atMost]);
  return z.array(listenerSchema).parse(rows);
}

/** Prolongs what a process holds, in a system transaction. @returns the connections that are still its own. */
export async function renewListeners(manager: EntityManager, holder: string): Promise<Set<string>> {
  const [rows] = await manager.query<[Array<{ id: string }>, number]>(
    `UPDATE change_listener SET lease_until = now() + make_interval(secs => $2) WHERE holder = $1 AND lease_until >= now() RETURNING connection_id AS id`,
    [holder, leaseSeconds]);
  return new Set(rows.map(({ id }) => id));
}

/**
 * Notes up to where was heard, in the tenant transaction of what follows from it.
 * @returns false where another process listens by now: nothing may follow.
 */
export async function movePlace(manager: EntityManager, { tenantId, connectionId }: ListenerKey, holder: string, place: string | undefined): Promise<boolean> {
  const [, moved] = await manager.query<[unknown[], number]>(
    `UPDATE change_listener SET place = coalesce($4, place), failures = 0, problem = NULL
     WHERE tenant_id = $1 AND connection_id = $2 AND holder = $3 AND lease_until >= now()`, [tenantId, connectionId, holder, place ?? null]);
  return moved > 0;
}

/** How a listening ended. */
export interface ListeningEnd {
  /** When somebody may begin again. */
  readonly pauseMs: number;
  /** Why it failed; left out, it did not. */
  readonly problem?: string;
  /** The vendor does not know the place any more. */
  readonly forgetsPlace?: boolean;
}

/** Gives an account free again, in a tenant transaction; nothing happens where another process has it. */
export async function releaseListener(
  manager: EntityManager, { tenantId, connectionId }: ListenerKey, holder: string, { pauseMs, problem, forgetsPlace = false }: ListeningEnd,
): Promise<void> {
  await manager.query(
    `UPDATE change_listener SET holder = NULL, lease_until = '-infinity', begins_at = now() + make_interval(secs => $4),
       failures = CASE WHEN $5::text IS NULL THEN 0 ELSE failures + 1 END, problem = $5, place = CASE WHEN $6 THEN NULL ELSE place END
     WHERE tenant_id = $1 AND connection_id = $2 AND holder = $3`,
    [tenantId, connectionId, holder, pauseMs / 1_000, problem?.slice(0, 2_000) ?? null, forgetsPlace]);
}

const countsSchema = z.tuple([z.object({ heard: z.int(), waiting: z.int() })]);

/** Over all tenants, in a system transaction: how many accounts some process listens to, and how many none does. */
export async function countListeners(manager: EntityManager): Promise<z.infer<typeof countsSchema>[0]> {
  const [counts] = countsSchema.parse(await manager.query(
    `SELECT count(*) FILTER (WHERE lease_until >= now())::int AS heard, count(*) FILTER (WHERE lease_until < now())::int AS waiting FROM change_listener`));
  return counts;
}
