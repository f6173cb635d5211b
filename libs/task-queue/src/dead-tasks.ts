import type { EntityManager } from 'typeorm';

/** What became of a task that an operator wants to be run again. */
export type RevivedTask = 'queued' | 'superseded' | 'not_found';

/**
 * Makes a dead or parked task ready again, with its attempts reset. A dead one goes behind everything that was enqueued
 * for its record since, so that never two tasks of one record run at once; a parked one has kept its place. A coalescing
 * task that a newer one has taken the place of is removed: the newer one does its work.
 */
export async function reviveTask(manager: EntityManager, id: string): Promise<RevivedTask> {
  const [task] = await manager.query<Array<{ superseded: boolean }>>(
    `SELECT task.coalesces AND EXISTS (
       SELECT 1 FROM task AS newer WHERE newer.tenant_id = task.tenant_id AND newer.kind = task.kind
         AND newer.record_key = task.record_key AND newer.id <> task.id
         AND newer.coalesces AND newer.state IN ('ready', 'waiting', 'parked')) AS superseded
     FROM task WHERE task.id = $1 AND task.state IN ('dead', 'parked') FOR UPDATE OF task`,
    [id],
  );
  if (!task) return 'not_found';
  if (task.superseded) {
    await removeTask(manager, id);
    return 'superseded';
  }
  const reset = `state = 'ready', attempt = 0, not_before = now(), lease_holder = NULL, lease_until = NULL`;
  const [, moved] = await manager.query<[unknown[], number]>(`UPDATE task SET id = DEFAULT, ${reset} WHERE id = $1 AND state = 'dead'`, [id]);
  if (moved === 0) await manager.query(`UPDATE task SET ${reset} WHERE id = $1`, [id]);
  return 'queued';
}

/** Gives a dead or parked task up. @returns whether there was one. */
export async function removeTask(manager: EntityManager, id: string): Promise<boolean> {
  const [, removed] = await manager.query<[unknown[], number]>(
    `DELETE FROM task WHERE id = $1 AND state IN ('dead', 'parked')`, [id]);
  return removed > 0;
}
