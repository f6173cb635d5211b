import type { Connection, ConnectionStore } from '@crossdock/connections';
import type { CrmConnector } from '@crossdock/crm-connector';
import { Failure } from '@crossdock/contracts';
import type { TaskBatch } from '@crossdock/task-queue';
import type { InjectionToken } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Injection token of the CRM that this service speaks with. */
export const CRM_CONNECTOR: InjectionToken<CrmConnector> = Symbol('CRM_CONNECTOR');

/** Whom a batch of tasks works for. */
export type WorkingFor = Pick<TaskBatch, 'tenantId' | 'groupKey'>;

/**
 * The connection that a batch of tasks works for; the tasks' group is its id.
 * @throws Failure `not_found` where the tenant has no such connection, `unauthorised` while a person has to reconnect
 * it: its tasks rest until then.
 */
export async function connectionOf(store: ConnectionStore, { tenantId, groupKey }: WorkingFor): Promise<Connection> {
  return usable(await store.find(tenantId, groupKey), groupKey);
}

/** The same inside a tenant transaction that is already running. @throws Failure as `connectionOf` */
export async function connectionWithin(manager: EntityManager, store: ConnectionStore, { groupKey }: WorkingFor): Promise<Connection> {
  return usable(await store.findWithin(manager, groupKey), groupKey);
}

function usable(connection: Connection | undefined, groupKey: string): Connection {
  if (!connection) throw new Failure('not_found', `The tenant has no connection ${groupKey}.`);
  if (connection.state === 'needs_reconnect' || connection.state === 'disconnected') {
    throw new Failure('unauthorised', `Connection ${groupKey} is ${connection.state}: ${connection.stateReason ?? 'connect the account again'}`);
  }
  return connection;
}
