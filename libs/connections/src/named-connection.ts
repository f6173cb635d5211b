import { z } from 'zod';
import { connectionSchema } from './connection.ts';

/** What services ask of a connection whose account they do not go to: what people know it by, and where its records go. */
export const namedConnectionSchema = z.object({ ...connectionSchema.pick({ id: true, settings: true }).shape, accountName: connectionSchema.shape.accountName.unwrap().nullable() });
export type NamedConnection = z.infer<typeof namedConnectionSchema>;

/**
 * An expression for the tenant's connections among some, as a JSON array of `namedConnectionSchema` or null: for a statement that reads more than that.
 * @param ids the expression for their ids, a `uuid[]`
 */
export function namedConnectionsAmong(ids: string): string {
  return `(SELECT json_agg(json_build_object('id', id, 'accountName', account_name, 'settings', settings)) FROM connections.connection WHERE id = ANY (${ids}))`;
}
