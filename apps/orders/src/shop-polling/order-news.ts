import type { Connection } from '@crossdock/connections';
import type { OrderSource, ShopOrder } from '@crossdock/order-source';
import type { TenantDatabase } from '@crossdock/tenancy';
import { In, type EntityManager } from 'typeorm';
import { saysTheSame } from '../order-intake.ts';
import { readShopOrder } from '../order-reading.ts';
import { CustomerOrder } from '../order.entity.ts';
import type { OrderMachine } from '../state-machine/order-machine.ts';
import type { OrderMachines } from '../state-machine/machine.repository.ts';

/** What a look at a shop found that the hub does not know. */
export interface OrderNews {
  readonly change: 'updated' | 'deleted' | 'restored';
  readonly order: ShopOrder;
  /** The version of what the hub knows of it; 0 where that is nothing. */
  readonly knownVersion: number;
}

interface Seen {
  readonly database: TenantDatabase;
  readonly machines: OrderMachines;
  readonly source: OrderSource;
  readonly connection: Connection;
  readonly orders: readonly ShopOrder[];
  readonly signal: AbortSignal;
}

/**
 * Of the orders that a listing showed, those whose state is not known yet. Shops tell times in whole seconds, so that an order of the same
 * time is news where it says something else. An order in the bin is a deletion, and is none
 * where the hub never heard of it. One that is known as deleted may have been listed before it went: it is looked up once
 * more before it counts as restored.
 */
export async function newsOf({ database, machines, source, connection, orders, signal }: Seen): Promise<OrderNews[]> {
  const { known, machine } = await database.transaction(connection.tenantId, async (manager) => ({
    known: await findKnown(manager, connection.id, orders), machine: await machines.active(manager),
  }));
  const news: OrderNews[] = [];
  for (const order of orders) {
    const before = known.get(order.externalId);
    const knownVersion = before?.version ?? 0;
    const isDeleted = before ? before.deletedAt !== null : order.isInBin;
    if (order.isInBin) {
      if (!isDeleted) news.push({ change: 'deleted', order, knownVersion });
    } else if (!before || isNews(source, machine, before, order)) {
      const present = isDeleted ? await source.getOrder(connection, order.externalId, signal) : order;
      if (present && !present.isInBin) news.push({ change: isDeleted ? 'restored' : 'updated', order: present, knownVersion });
    }
  }
  return news;
}

function isNews(source: OrderSource, machine: OrderMachine, before: CustomerOrder, { modifiedAt, payload }: ShopOrder): boolean {
  const knownAt = before.modifiedAt.toISOString();
  if (modifiedAt !== knownAt) return modifiedAt > knownAt;
  if (before.deletedAt !== null) return true;
  try {
    return !saysTheSame({ order: before.canonical, shopWord: before.shopWord }, readShopOrder(source, payload, { connectionId: before.connectionId, machine }));
  } catch {
    // What cannot be read is told, so that it is refused where people see it.
    return true;
  }
}

async function findKnown(manager: EntityManager, connectionId: string, orders: readonly ShopOrder[]): Promise<Map<string, CustomerOrder>> {
  const rows = await manager.findBy(CustomerOrder, { connectionId, externalId: In(orders.map(({ externalId }) => externalId)) });
  return new Map(rows.map((order) => [order.externalId, order]));
}
