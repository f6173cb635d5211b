import type { HealthReport } from '@crossdock/connections';
import type { CrmObject } from '@crossdock/contracts';
import DataLoader from 'dataloader';
import type { ConnectionReading } from '../connections/connection-reading.ts';
import type { ConnectionView } from '../connections/connection-view.ts';
import { orderListSchema, type OrderNode } from './orders/order-node.ts';
import { recordListSchema, type Counterpart, type RecordNode } from './records/record-node.ts';
import type { ServiceReader } from './service-reader.ts';
import { shipmentListSchema, type ShipmentNode } from './shipments/shipment-node.ts';

/** As many as services take at once. */
const maxBatchSize = 500;
/** Records that name another one, of which there may be any number. */
const mostNaming = 20;

type DealName = Omit<Counterpart, 'object'>;

/**
 * What the fields of one operation look up: all that is asked for at one depth goes out as one question, and nothing is asked twice.
 * They live as long as the operation, so that nothing is shown to another caller.
 */
export class RequestLoaders {
  readonly connections: DataLoader<string, ConnectionView | null>;
  readonly health: DataLoader<string, HealthReport | null>;
  readonly orders: DataLoader<string, OrderNode | null>;
  /** By the id of their deal at the CRM. */
  readonly ordersOfDeals: DataLoader<DealName, OrderNode | null, string>;
  readonly shipmentsOfOrders: DataLoader<string, readonly ShipmentNode[]>;
  readonly records: DataLoader<string, RecordNode | null>;
  readonly counterparts: DataLoader<Counterpart, RecordNode | null, string>;
  readonly #reader: ServiceReader;
  readonly #naming = new Map<CrmObject, DataLoader<string, readonly RecordNode[]>>();

  constructor({ connections, reader }: { readonly connections: ConnectionReading; readonly reader: ServiceReader }) {
    this.#reader = reader;
    this.connections = new DataLoader(async (ids) => {
      const byId = new Map((await connections.list()).map((connection) => [connection.id, connection]));
      return ids.map((id) => byId.get(id) ?? null);
    });
    this.health = new DataLoader(async (ids) => (await connections.healthOf(ids)).map((report) => report ?? null));
    this.orders = new DataLoader(async (ids) => {
      const byId = new Map((await this.#lookUpOrders({ ids })).map((order) => [order.id, order]));
      return ids.map((id) => byId.get(id) ?? null);
    }, { maxBatchSize });
    this.ordersOfDeals = new DataLoader(async (deals) => {
      const found = await this.#lookUpOrders({ deals });
      const byDeal = new Map(found.map((order) => [`${order.crm.connectionId ?? ''} ${order.crm.dealId ?? ''}`, order]));
      return deals.map((deal) => byDeal.get(dealKey(deal)) ?? null);
    }, { maxBatchSize, cacheKeyFn: dealKey });
    this.shipmentsOfOrders = new DataLoader(async (orderIds) => {
      const { shipments } = await reader.read('shipping', { method: 'POST', path: '/v1/shipments/look-up', body: { orderIds } }, shipmentListSchema);
      const byOrder = Map.groupBy(shipments, ({ orderId }) => orderId);
      return orderIds.map((id) => byOrder.get(id) ?? []);
    }, { maxBatchSize });
    this.records = new DataLoader(async (ids) => {
      const byId = new Map((await this.#lookUpRecords({ ids })).map((record) => [record.id, record]));
      return ids.map((id) => byId.get(id) ?? null);
    }, { maxBatchSize });
    this.counterparts = new DataLoader(async (counterparts) => {
      const found = await this.#lookUpRecords({ counterparts });
      const byKey = new Map(found.flatMap((record) => record.accounts.map(({ connectionId, externalId = '' }) => [counterpartKey({ connectionId, object: record.object, externalId }), record] as const)));
      return counterparts.map((counterpart) => byKey.get(counterpartKey(counterpart)) ?? null);
    }, { maxBatchSize, cacheKeyFn: counterpartKey });
  }

  /** Records of a kind that name another one, by that one's id. */
  naming(object: CrmObject): DataLoader<string, readonly RecordNode[]> {
    const known = this.#naming.get(object);
    if (known) return known;
    const loader = new DataLoader<string, readonly RecordNode[]>(async (ids) => {
      const found = await this.#lookUpRecords({ naming: { object, ids, mostOfOne: mostNaming } });
      return ids.map((id) => found.filter(({ associations }) => associations.includes(id)).slice(0, mostNaming));
    }, { maxBatchSize });
    this.#naming.set(object, loader);
    return loader;
  }

  async #lookUpOrders(body: unknown): Promise<OrderNode[]> {
    return (await this.#reader.read('orders', { method: 'POST', path: '/v1/orders/look-up', body }, orderListSchema)).items;
  }

  async #lookUpRecords(body: unknown): Promise<RecordNode[]> {
    return (await this.#reader.read('sync', { method: 'POST', path: '/v1/golden-records/look-up', body }, recordListSchema)).items;
  }
}

function dealKey({ connectionId, externalId }: DealName): string {
  return `${connectionId} ${externalId}`;
}

function counterpartKey({ object, ...rest }: Counterpart): string {
  return `${object} ${dealKey(rest)}`;
}
