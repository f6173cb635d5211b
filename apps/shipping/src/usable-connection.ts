import type { Connection, ConnectionStore } from '@crossdock/connections';
import { Failure } from '@crossdock/contracts';

/** @throws Failure `not_found` where the tenant has no such connection, `unauthorised` where it must be connected again. */
export async function usableConnection(connections: ConnectionStore, tenantId: string, connectionId: string): Promise<Connection> {
  const connection = await connections.find(tenantId, connectionId);
  if (!connection) throw new Failure('not_found', `The tenant has no connection ${connectionId}.`);
  if (connection.state === 'needs_reconnect' || connection.state === 'disconnected') {
    throw new Failure('unauthorised', `Connection ${connectionId} is ${connection.state}; connect the account again.`);
  }
  return connection;
}
