import type { Vendor } from '@crossdock/contracts';
import type { Connection, ConnectionStore } from '@crossdock/connections';
import { z } from 'zod';

const connectionIdSchema = z.uuid();

/** The connection that a webhook's address names, where there is one of this vendor. */
export async function findNamedConnection(
  connections: ConnectionStore, vendor: Vendor, connectionId: string | undefined,
): Promise<Connection | undefined> {
  if (!connectionIdSchema.safeParse(connectionId).success || connectionId === undefined) return undefined;
  const connection = await connections.findForIngest(connectionId);
  return connection?.vendor === vendor ? connection : undefined;
}
