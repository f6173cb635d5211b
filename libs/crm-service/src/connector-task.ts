import type { Connection, ConnectionStore } from '@crossdock/connections';
import type { CrmConnector } from '@crossdock/crm-connector';
import { Failure } from '@crossdock/contracts';
import type { TaskBatch } from '@crossdock/task-queue';
import type { InjectionToken } from '@nestjs/common';

/** Injection token of the CRM that this service speaks with. */
export const CRM_CONNECTOR: InjectionToken<CrmConnector> = Symbol('CRM_CONNECTOR');

/**
 * The connection that a batch of tasks works for; the tasks' group is its id.
 * @throws Failure `not_found` where the tenant has no such connection, `unauthorised` while a person has to reconnect
 * it: its tasks rest until then.
 */
export async function connectionOf(store: ConnectionStore, { tenantId, groupKey }: Pick<TaskBatch, 'tenantId' | 'groupKey'>): Promise<Connection> {
  const connection = await store.find(tenantId, groupKey);
  if (!connection) throw new Failure('not_found', `The tenant has no connection ${groupKey}.`);
  if (connection.state === 'needs_reconnect' || connection.state === 'disconnected') {
    throw new Failure('unauthorised', `Connection ${groupKey} is ${connection.state}: ${connection.stateReason ?? 'connect the account again'}`);
  }
  return connection;
}
