import type { Connection } from '@crossdock/connections';

/** A connection as callers see it: its secrets and addresses go in and never come out. */
export type ConnectionView = Omit<Connection, 'tenantId' | 'stateSince' | 'endpoint'> & { readonly stateSince: string };

export function toConnectionView({ tenantId: _, endpoint: __, stateSince, ...rest }: Connection): ConnectionView {
  return { ...rest, stateSince: stateSince.toISOString() };
}
