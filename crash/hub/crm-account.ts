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

/** What the CRM holds of one order. */
export interface AtCrm {
  /** The amounts of its deals. */
  readonly amounts: ReadonlyArray<string | null | undefined>;
  readonly contacts: number;
}

/**
 * Compares the orders with the CRM's own books: one deal an order, as the shop told of it last, and one contact. Calls that
 * set nothing new or came again are harmless, as an upsert is; they are counted apart, since the CRM's start.
 */
export async function accountForCrm(
  books: Books, sandbox: SandboxControl, shops: readonly Shop[], sent: readonly SentOrder[],
): Promise<Finding & { readonly repeats: number }> {
  const orders = sent.filter(({ revision }) => revision > 0);
  const rows = await books.query<{ tenant: string; number: string; id: string }>(
    'SELECT tenant_id AS tenant, external_id AS number, order_id AS id FROM orders.customer_order WHERE external_id = ANY($1)',
    [orders.map(({ orderNumber }) => String(orderNumber))]);
  const idOf = new Map(rows.map(({ tenant, number, id }) => [`${tenant}/${number}`, id]));
  const faults: Array<ReturnType<typeof judgeAtCrm>> = [];
  for (const shop of shops) {
    const deals = Map.groupBy(await sandbox.hubSpotRecords(shop.portalId, 'deals'), ({ properties }) => properties['crossdock_external_id']);
    const contacts = Map.groupBy(await sandbox.hubSpotRecords(shop.portalId, 'contacts'), ({ properties }) => properties['email']);
    for (const order of orders.filter((each) => each.shop === shop)) {
      const id = idOf.get(`${shop.tenantId}/${order.orderNumber}`) ?? `order ${order.orderNumber}`;
      const amounts = (deals.get(id) ?? []).map(({ properties }) => properties['amount']);
      faults.push(judgeAtCrm(id, order, { amounts, contacts: contacts.get(emailOf(order.orderNumber))?.length ?? 0 }));
    }
  }
  const { byType } = await sandbox.writes('hubspot');
  return {
    what: 'orders at the CRM', accepted: orders.length, outOfOrder: [],
    lost: faults.flatMap(({ lost }) => lost), doubled: faults.flatMap(({ doubled }) => doubled),
    repeats: (byType['deals']?.unchanged ?? 0) + (byType['contacts']?.unchanged ?? 0),
  };
}

/** What is wrong with one order at the CRM. An older amount is a change that was lost, or overtaken. */
export function judgeAtCrm(id: string, { orderNumber, revision }: Pick<SentOrder, 'orderNumber' | 'revision'>, { amounts, contacts }: AtCrm): {
  readonly lost: readonly Fault[]; readonly doubled: readonly Fault[];
} {
  const counts = [{ name: `deal of order ${orderNumber}`, count: amounts.length }, { name: `contact of order ${orderNumber}`, count: contacts }];
  const [amount] = amounts;
  const isStale = amounts.length === 1 && Number(amount) !== Number(totalOf(revision));
  return {
    lost: [
      ...counts.filter(({ count }) => count === 0).map(({ name }) => ({ id, what: `HubSpot has no ${name}` })),
      ...(isStale ? [{ id, what: `the deal of order ${orderNumber} says ${amount ?? 'nothing'} instead of ${totalOf(revision)}` }] : []),
    ],
    doubled: counts.filter(({ count }) => count > 1).map(({ name, count }) => ({ id, what: `HubSpot has ${count} times the ${name}` })),
  };
}
