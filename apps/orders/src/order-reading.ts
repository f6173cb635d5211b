import { Failure, type Order } from '@crossdock/contracts';
import type { OrderSource } from '@crossdock/order-source';
import type { OrderMachine } from './state-machine/order-machine.ts';

/** A shop's order, with the shop's own word for its status. */
export interface ReadOrder {
  readonly order: Order;
  readonly shopWord: string;
}

/** More than any order comes to, in minor units: what is beyond it is a fault of the shop or of a plugin. */
const largestTotalMinor = 1_000_000_000_000;

/** Reads a shop's own record. A word that the machine does not have stands at the beginning for now. @throws Failure `invalid` */
export function readShopOrder(source: OrderSource, payload: Record<string, unknown>, { connectionId, machine }: { readonly connectionId: string; readonly machine: OrderMachine }): ReadOrder {
  let shopWord = '';
  const order = source.canonical(payload, {
    connectionId,
    statusOf: (word) => {
      shopWord = word;
      return machine.stateOf('shop', word) ?? machine.definition.initial;
    },
  });
  const { externalId } = order.source;
  if (order.total.amountMinor < 0) throw new Failure('invalid', `The total of the shop's order ${externalId} is negative; see the order in the shop.`, { field: 'total' });
  if (order.total.amountMinor > largestTotalMinor) throw new Failure('invalid', `The total of the shop's order ${externalId} is beyond any that is believed; see the order in the shop.`, { field: 'total' });
  return { order, shopWord };
}
