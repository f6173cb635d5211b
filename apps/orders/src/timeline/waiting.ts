import type { ConnectionStore } from '@crossdock/connections';
import type { EntityManager } from 'typeorm';
import type { OrderWaiting } from '@crossdock/contracts';
import type { CustomerOrder } from '../order.entity.ts';

interface TaskRow {
  readonly kind: string;
  readonly state: string;
  readonly attempt: number;
  readonly notBefore: Date;
  readonly createdAt: Date;
  readonly lastError: string | null;
}

const waitingFor: Readonly<Record<string, OrderWaiting['for']>> = { 'orders.write-to-shop': 'shop_write', 'orders.look-up': 'shop_look_up' };

/** What an order waits for now; nothing where all are in step. In the caller's tenant transaction. */
export async function waitingOf(manager: EntityManager, connections: ConnectionStore, order: CustomerOrder): Promise<OrderWaiting[]> {
  const atCrm = await blockedBy(manager, connections, order.crmConnectionId);
  const [asked] = order.crmSync.underWay === undefined ? [] : await manager.query<Array<{ since: Date | null }>>(
    'SELECT min(requested_at) AS since FROM crm_request WHERE order_id = $1 AND outcome IS NULL', [order.orderId]);
  const tasks = await manager.query<TaskRow[]>(
    `SELECT kind, state, attempt, not_before AS "notBefore", created_at AS "createdAt", last_error AS "lastError" FROM task
     WHERE tenant_id = $1 AND record_key = ANY($2) ORDER BY id`,
    [order.tenantId, [`order/${order.orderId}/shop`, `${order.connectionId}/order/${order.externalId}`]]);
  return [
    ...(order.verification ? [{ for: 'crm_verification' as const, since: order.verification.askedAt, ...atCrm }] : []),
    ...(asked ? [{ for: 'crm_answer' as const, since: (asked.since ?? order.updatedAt).toISOString(), ...atCrm }] : []),
    ...tasks.flatMap((task) => waitingTask(task)),
  ];
}

function waitingTask({ kind, state, attempt, notBefore, createdAt, lastError }: TaskRow): OrderWaiting[] {
  const what = waitingFor[kind];
  if (what === undefined) return [];
  const because = state === 'parked' ? 'The shop must be connected again.' : state === 'dead' ? 'It was given up; it stands in the dead letters.' : undefined;
  const reason = [because, lastError].filter((each) => each != null).join(' ');
  return [{
    for: what, since: createdAt.toISOString(), attempts: attempt, ...(reason !== '' && { because: reason }),
    ...(state === 'waiting' && { nextTryAt: notBefore.toISOString() }),
  }];
}

async function blockedBy(manager: EntityManager, connections: ConnectionStore, connectionId: string | null): Promise<{ because?: string }> {
  const connection = connectionId === null ? undefined : await connections.findWithin(manager, connectionId);
  if (!connection || connection.state === 'healthy') return {};
  return { because: `The CRM account is ${connection.state}${connection.stateReason === undefined ? '' : `: ${connection.stateReason}`}` };
}
