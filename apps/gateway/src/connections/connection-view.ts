import { connectionSchema, type Connection } from '@crossdock/connections';
import { timestampSchema } from '@crossdock/contracts';
import type { z } from 'zod';

/** A connection as callers see it: its secrets and addresses go in and never come out. */
export const connectionViewSchema = connectionSchema.omit({ tenantId: true, endpoint: true }).extend({ stateSince: timestampSchema }).meta({ id: 'Connection' });
export type ConnectionView = z.infer<typeof connectionViewSchema>;

export function toConnectionView({ tenantId: _, endpoint: __, stateSince, ...rest }: Connection): ConnectionView {
  return { ...rest, stateSince: stateSince.toISOString() };
}
