import type { Connection } from '@crossdock/connections';
import type { OrderSource, ShopOrder } from '@crossdock/order-source';
import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';

/** What a look at a shop found that the hub does not know. */
export interface OrderNews {
  readonly change: 'updated' | 'deleted' | 'restored';
  readonly order: ShopOrder;
}

interface Seen {
  readonly database: TenantDatabase;
  readonly source: OrderSource;
  readonly connection: Connection;
  readonly orders: readonly ShopOrder[];
  readonly signal: AbortSignal;
}

interface KnownOrder {
  readonly modifiedAt: string;
  readonly isDeleted: boolean;
}

/**
 * Of the orders that a listing showed, those whose state is not known yet. An order in the bin is a deletion, and is none
 * where the hub never heard of it. One that is known as deleted may have been listed before it went: it is looked up once
 * more before it counts as restored.
 */
export async function newsOf({ database, source, connection, orders, signal }: Seen): Promise<OrderNews[]> {
  const known = await database.transaction(connection.tenantId, (manager) => findKnown(manager, connection.id, orders));
  const news: OrderNews[] = [];
  for (const order of orders) {
    const { modifiedAt, isDeleted } = known.get(order.externalId) ?? { modifiedAt: '', isDeleted: order.isInBin };
    if (order.isInBin) {
      if (!isDeleted) news.push({ change: 'deleted', order });
    } else if (modifiedAt < order.modifiedAt) {
      const present = isDeleted ? await source.getOrder(connection, order.externalId, signal) : order;
      if (present && !present.isInBin) news.push({ change: isDeleted ? 'restored' : 'updated', order: present });
    }
  }
  return news;
}

async function findKnown(manager: EntityManager, connectionId: string, orders: readonly ShopOrder[]): Promise<Map<string, KnownOrder>> {
  const rows = await manager.query<Array<{ external_id: string; modified_at: Date; is_deleted: boolean }>>(
    `SELECT external_id, modified_at, deleted_at IS NOT NULL AS is_deleted FROM customer_order
     WHERE connection_id = $1 AND external_id = ANY($2)`,
    [connectionId, orders.map(({ externalId }) => externalId)],
  );
  return new Map(rows.map((row) => [row.external_id, { modifiedAt: row.modified_at.toISOString(), isDeleted: row.is_deleted }]));
}
