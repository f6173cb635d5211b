import type { SandboxControl } from '@crossdock/sandbox';
import type { Books } from '../books.ts';
import type { Fault } from '../judge.ts';
import type { Finding } from '../ledger.ts';
import { emailOf, totalOf, type Shop } from './shop.ts';

/** An order that was sent to the hub. */
export interface SentOrder {
  readonly shop: Shop;
  readonly orderNumber: number;
  /** The last one that was answered 200; 0 before the first. */
  revision: number;
}

/**
 * Compares the orders with the CRM's own books: one deal an order, as the shop told of it last, and one contact. Calls that
 * set nothing new or came again are harmless, as an upsert is; they are counted apart.
 */
export async function accountForCrm(books: Books, sandbox: SandboxControl, shops: readonly Shop[], sent: readonly SentOrder[]): Promise<Finding> {
  const orders = sent.filter(({ revision }) => revision > 0);
  const rows = await books.query<{ tenant: string; number: string; id: string }>(
    'SELECT tenant_id AS tenant, external_id AS number, order_id AS id FROM orders.customer_order WHERE external_id = ANY($1)',
    [orders.map(({ orderNumber }) => String(orderNumber))]);
  const idOf = new Map(rows.map(({ tenant, number, id }) => [`${tenant}/${number}`, id]));
  const lost: Fault[] = [];
  const doubled: Fault[] = [];
  const judgeRecords = (id: string, name: string, count: number): void => {
    if (count === 0) lost.push({ id, what: `HubSpot has no ${name}` });
    if (count > 1) doubled.push({ id, what: `HubSpot has ${count} times the ${name}` });
  };
  for (const shop of shops) {
    const deals = Map.groupBy(await sandbox.hubSpotRecords(shop.portalId, 'deals'), ({ properties }) => properties['crossdock_external_id']);
    const contacts = Map.groupBy(await sandbox.hubSpotRecords(shop.portalId, 'contacts'), ({ properties }) => properties['email']);
    for (const { orderNumber, revision } of orders.filter((order) => order.shop === shop)) {
      const id = idOf.get(`${shop.tenantId}/${orderNumber}`) ?? `order ${orderNumber}`;
      const own = deals.get(id) ?? [];
      judgeRecords(id, `deal of order ${orderNumber}`, own.length);
      judgeRecords(id, `contact of order ${orderNumber}`, contacts.get(emailOf(orderNumber))?.length ?? 0);
      const amount = own[0]?.properties['amount'];
      if (own.length === 1 && Number(amount) !== Number(totalOf(revision))) {
        lost.push({ id, what: `the deal of order ${orderNumber} says ${amount ?? 'nothing'} instead of ${totalOf(revision)}` });
      }
    }
  }
  const { byType } = await sandbox.writes('hubspot');
  return { what: 'orders at the CRM', accepted: orders.length, lost, doubled, outOfOrder: [], repeats: (byType['deals']?.unchanged ?? 0) + (byType['contacts']?.unchanged ?? 0) };
}
