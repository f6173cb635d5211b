import { storedTimeSchema, type Vendor } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';

const auditActions = [
  'authorisation.started', 'authorisation.keys_received', 'authorisation.finished', 'authorisation.refused',
  'connection.created', 'connection.reconnected', 'connection.state', 'connection.secrets_changed', 'connection.disconnected', 'connection.revoked',
  'connection.webhooks',
] as const;
type AuditAction = (typeof auditActions)[number];

/** Something that was done to a connection, or tried. */
export interface ConnectionAuditEntry {
  /** Absent where nobody could be named, as for a forged callback; then it needs the system scope. */
  readonly tenantId?: string | undefined;
  readonly connectionId?: string | undefined;
  readonly vendor?: Vendor | undefined;
  /** The client that asked, or the service that noticed. */
  readonly actor: string;
  readonly action: AuditAction;
  readonly outcome: string;
  /** Never a secret nor personal data. */
  readonly detail?: string | undefined;
}

/** Writes down what was done, in the transaction that does it. Rows are never changed: the table refuses it. */
export async function auditConnection(manager: EntityManager, entry: ConnectionAuditEntry): Promise<void> {
  await manager.query(
    `INSERT INTO connections.connection_audit (id, tenant_id, connection_id, vendor, actor, action, outcome, detail)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      uuid(), entry.tenantId ?? null, entry.connectionId ?? null, entry.vendor ?? null, entry.actor, entry.action, entry.outcome,
      entry.detail ?? null,
    ],
  );
}

/** What was done to a connection, as callers see it. */
export const connectionAuditSchema = z.object({
  id: z.uuid(),
  at: storedTimeSchema,
  actor: z.string(),
  action: z.enum(auditActions),
  outcome: z.string(),
  detail: z.string().nullable(),
}).meta({ id: 'ConnectionAct' });
export type ConnectionAuditView = z.infer<typeof connectionAuditSchema>;

/** What was done to a connection, newest first, at most 200 entries. */
export async function listConnectionAudit(manager: EntityManager, connectionId: string): Promise<ConnectionAuditView[]> {
  const rows: unknown = await manager.query(
    `SELECT id, at, actor, action, outcome, detail FROM connections.connection_audit WHERE connection_id = $1 ORDER BY id DESC LIMIT 200`,
    [connectionId]);
  return z.array(connectionAuditSchema).parse(rows);
}
