import type { EntityManager } from 'typeorm';
import { personColumns, personRowSchema, type Person } from './person.ts';

/** People in the order in which they were added, `limit` of those behind `after`. Runs in a transaction of the tenant. */
export async function listPeople(manager: EntityManager, { after, limit }: { readonly after: string | undefined; readonly limit: number }): Promise<Person[]> {
  const rows = await manager.query<unknown[]>(
    `SELECT ${personColumns} FROM person WHERE $1::uuid IS NULL OR person_id > $1 ORDER BY person_id LIMIT $2`, [after ?? null, limit]);
  return rows.map((row) => personRowSchema.parse(row));
}
