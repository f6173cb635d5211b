import type { CrmObject } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { syncRulesSchema, type SyncRules } from '../merge/sync-rules.ts';

export const syncStates = ['loading', 'active', 'paused'] as const;

/** Keeps records of one kind in step between accounts. */
export interface Sync {
  readonly id: string;
  readonly name: string;
  readonly rules: SyncRules;
  readonly pollEverySeconds: number;
  /** How often the accounts are read and compared completely. */
  readonly reconcileEveryHours: number;
  /** `loading`: the accounts are read for the first time, and nothing is written yet. */
  readonly state: (typeof syncStates)[number];
  readonly createdAt: Date;
}

const rowSchema = z.object({
  sync_id: z.uuid(), name: z.string(), rules: syncRulesSchema, poll_every_seconds: z.int(), reconcile_every_hours: z.int(),
  state: z.enum(syncStates), created_at: z.date(),
}).transform(({ sync_id: id, poll_every_seconds: pollEverySeconds, reconcile_every_hours: reconcileEveryHours, created_at: createdAt, ...rest }): Sync => ({
  id, pollEverySeconds, reconcileEveryHours, createdAt, ...rest,
}));
const columns = 'sync.sync_id, sync.name, sync.rules, sync.poll_every_seconds, sync.reconcile_every_hours, sync.state, sync.created_at';

/** The sync that an account's records of a kind take part in; they take part in one at most. */
export async function findSyncOf(manager: EntityManager, connectionId: string, object: CrmObject): Promise<Sync | undefined> {
  const rows = await manager.query<unknown[]>(
    `SELECT ${columns} FROM sync JOIN sync_side USING (sync_id) WHERE sync_side.tenant_id = $1 AND connection_id = $2 AND sync_side.object = $3`,
    [tenantContext.require().tenantId, connectionId, object]);
  return z.array(rowSchema).parse(rows)[0];
}

export async function findSync(manager: EntityManager, id: string): Promise<Sync | undefined> {
  return z.array(rowSchema).parse(await manager.query(`SELECT ${columns} FROM sync WHERE sync_id = $1`, [id]))[0];
}

export async function listSyncs(manager: EntityManager): Promise<Sync[]> {
  return z.array(rowSchema).parse(await manager.query(`SELECT ${columns} FROM sync WHERE tenant_id = $1 ORDER BY name`, [tenantContext.require().tenantId]));
}

/** @returns what is taken already where it cannot be made: its name, or one of its accounts by another sync of such records. */
export async function insertSync(manager: EntityManager, { id, name, rules, pollEverySeconds, reconcileEveryHours, state }: Omit<Sync, 'createdAt'>): Promise<'name' | 'side' | undefined> {
  const { tenantId } = tenantContext.require();
  const made = await manager.query<unknown[]>(
    `INSERT INTO sync (sync_id, tenant_id, name, object, rules, poll_every_seconds, reconcile_every_hours, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT DO NOTHING RETURNING 1`, [id, tenantId, name, rules.object, JSON.stringify(rules), pollEverySeconds, reconcileEveryHours, state]);
  if (made.length === 0) return 'name';
  const sides = await manager.query<unknown[]>(
    `INSERT INTO sync_side (tenant_id, connection_id, object, sync_id) SELECT $1, connection_id, $2, $3 FROM unnest($4::uuid[]) AS side(connection_id)
     ON CONFLICT DO NOTHING RETURNING 1`, [tenantId, rules.object, id, rules.sides.map(({ connectionId }) => connectionId)]);
  return sides.length === rules.sides.length ? undefined : 'side';
}

export async function setSyncState(manager: EntityManager, id: string, state: Sync['state']): Promise<void> {
  await manager.query('UPDATE sync SET state = $2 WHERE sync_id = $1', [id, state]);
}

/** Forgets what the accounts hold, and of no record which counterparts it has: all of it is taken over afresh when it is told again. */
export async function forgetContents(manager: EntityManager, id: string): Promise<void> {
  await manager.query(`UPDATE golden_record SET fields = '{}', origins = '{}', associations = '{}', identity = NULL WHERE sync_id = $1`, [id]);
  await manager.query(
    `UPDATE record_link SET seen = '{}', held = '{}', associations = '{}', unknown_associations = '{}', unkept = '{}', pending = NULL, refusal = NULL,
            modified_at = NULL, told_at = NULL, written = NULL
     FROM golden_record WHERE golden_record.golden_id = record_link.golden_id AND sync_id = $1`, [id]);
}

/** Syncs whose last complete reading began longer ago than they want, or whose first one broke off without anybody having wanted that. */
export async function listOverdue(manager: EntityManager): Promise<Sync[]> {
  return z.array(rowSchema).parse(await manager.query(
    `SELECT ${columns} FROM sync WHERE tenant_id = $1 AND state <> 'paused'
       AND NOT EXISTS (SELECT FROM sync_run WHERE sync_run.sync_id = sync.sync_id AND (sync_run.state = 'running'
         OR sync.state = 'loading' AND sync_run.state = 'cancelled' AND NOT EXISTS (SELECT FROM sync_run AS later WHERE later.sync_id = sync.sync_id AND later.run_id > sync_run.run_id)
         OR started_at > now() - CASE sync.state WHEN 'loading' THEN interval '10 minutes' ELSE make_interval(hours => reconcile_every_hours) END))`,
    [tenantContext.require().tenantId]));
}

/** Its golden records and links go with it; the accounts' records stay as they are. */
export async function deleteSync(manager: EntityManager, id: string): Promise<void> {
  await manager.query('DELETE FROM sync WHERE sync_id = $1', [id]);
}
