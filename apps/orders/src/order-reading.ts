import type { Order } from '@crossdock/contracts';
import type { OrderSource } from '@crossdock/order-source';
import type { OrderMachine } from './state-machine/order-machine.ts';

/** A shop's order, with the shop's own word for its status. */
export interface ReadOrder {
  readonly order: Order;
  readonly shopWord: string;
}

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
  return { order, shopWord };
}
