import type { EntityManager } from 'typeorm';

/** How far a shop's changes are known: the modification time of the last change that was seen, ISO 8601 UTC. */
export async function readCursor(manager: EntityManager, connectionId: string): Promise<string | undefined> {
  const [row] = await manager.query<Array<{ modified_at: Date }>>(
    'SELECT modified_at FROM shop_poll WHERE connection_id = $1', [connectionId]);
  return row?.modified_at.toISOString();
}

/** Moves the cursor forward; it never goes back. */
export async function moveCursor(manager: EntityManager, tenantId: string, connectionId: string, modifiedAt: string): Promise<void> {
  await manager.query(
    `INSERT INTO shop_poll (tenant_id, connection_id, modified_at) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id, connection_id) DO UPDATE SET modified_at = greatest(shop_poll.modified_at, excluded.modified_at)`,
    [tenantId, connectionId, modifiedAt],
  );
}
