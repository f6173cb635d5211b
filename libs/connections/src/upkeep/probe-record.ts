import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Connection } from '../connection.ts';

const recordSchema = z.object({
  probedAt: z.date().nullable(),
  /** Why the last probe failed; null where it did not. */
  probeFailure: z.string().nullable(),
  /** Probes that failed in a row. */
  probeFailures: z.int(),
  isRenewalDue: z.boolean(),
});
/** What upkeep knows of a connection. */
export type ProbeRecord = z.infer<typeof recordSchema>;

const dueSchema = z.array(z.object({ tenantId: z.uuid(), connectionId: z.uuid() }));
export type DueConnection = z.infer<typeof dueSchema>[number];

type Subject = Pick<Connection, 'id'>;

export async function readProbeRecord(manager: EntityManager, { id }: Subject): Promise<ProbeRecord> {
  const rows: unknown = await manager.query(
    `SELECT probed_at AS "probedAt", probe_failure AS "probeFailure", probe_failures AS "probeFailures",
       coalesce(renew_at <= now(), false) AS "isRenewalDue"
     FROM connections.connection WHERE id = $1`, [id]);
  return z.array(recordSchema).length(1).parse(rows)[0] ?? { probedAt: null, probeFailure: null, probeFailures: 0, isRenewalDue: false };
}

/** Writes down how a probe ended, and when the next one is. */
export async function writeProbeRecord(
  manager: EntityManager, { id }: Subject, probe: { readonly failure?: string; readonly failures: number; readonly nextInMs: number },
): Promise<void> {
  await manager.query(
    `UPDATE connections.connection SET probed_at = now(), probe_failure = $2, probe_failures = $3,
       probe_at = now() + make_interval(secs => $4) WHERE id = $1`,
    [id, probe.failure ?? null, probe.failures, probe.nextInMs / 1_000],
  );
}

/** Puts the next try to renew off, after one that did not work. */
export async function putRenewalOff(manager: EntityManager, { id }: Subject, byMs: number): Promise<void> {
  await manager.query('UPDATE connections.connection SET renew_at = now() + make_interval(secs => $2) WHERE id = $1', [id, byMs / 1_000]);
}

/** Connections whose token is to be renewed or that are to be looked at, the longest due first. */
export async function findDueConnections(database: TenantDatabase, limit: number): Promise<DueConnection[]> {
  const rows: unknown = await database.systemTransaction((manager) => manager.query(
    `SELECT tenant_id AS "tenantId", id AS "connectionId" FROM connections.connection
     WHERE state <> 'disconnected' AND LEAST(renew_at, probe_at) <= now() ORDER BY LEAST(renew_at, probe_at) LIMIT $1`, [limit]));
  return dueSchema.parse(rows);
}
