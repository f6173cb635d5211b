import { isDeepStrictEqual } from 'node:util';
import type { Order } from '@crossdock/contracts';
import type { MoveDecision, OrderMachine } from './state-machine/order-machine.ts';

/** What is known of an order. Times are ISO 8601 in UTC with milliseconds, so that text order is time order. */
export interface KnownOrder {
  readonly order: Order;
  readonly statusSince: string;
  /** The shop's own word for its status, as it last told. */
  readonly shopWord: string;
  /** False where the shop has never said a word that the machine knows. */
  readonly isStatusKnown: boolean;
  readonly deletedAt?: string;
}

/** What a shop told of an order, with its own word for the status; of a deleted one it tells no more than that. */
export type ToldOrder = (
  | { readonly change: 'created' | 'updated' | 'restored'; readonly order: Order; readonly shopWord: string }
  | { readonly change: 'deleted'; readonly receivedAt: string }
) & {
  /** The shop was asked for it just now. */
  readonly isLookedUp?: boolean;
};

export type IntakeDecision =
  | { readonly outcome: 'stale' }
  /** Only the shop can say which of two messages is the newer: the order is to be looked up there. */
  | { readonly outcome: 'unclear' }
  /** An order that is not known is gone: nothing but the shop can say what it was. */
  | { readonly outcome: 'unseen' }
  | { readonly outcome: 'applied'; readonly next: KnownOrder; readonly move?: MoveDecision; readonly unknownWord?: string };

/**
 * Decides what a shop's message does to an order. What is not newer than what is known is stale. The shop asks for another
 * state where its word has changed; what is refused leaves the rest of the message to count. A word that says nothing leaves the state as it is. A
 * deleted order counts as cancelled until the shop tells of it again; then the shop's word is taken as it is.
 *
 * A deletion tells no time, and the shop tells times in whole seconds: where one may be an old message, or two of one second
 * differ, the decision is `unclear` until the order was looked up.
 */
export function decideIntake(machine: OrderMachine, known: KnownOrder | undefined, told: ToldOrder): IntakeDecision {
  if (told.change === 'deleted') return decideDeletion(machine, known, told);
  const { order } = told;
  if (!known) return takenAsIs(machine, told, machine.definition.initial);
  if (known.deletedAt !== undefined) {
    if (order.modifiedAt < known.order.modifiedAt) return { outcome: 'stale' };
    const isBack = told.isLookedUp === true || told.change === 'restored' || order.modifiedAt > known.deletedAt;
    if (isBack) return takenAsIs(machine, told, known.order.status);
    return { outcome: order.modifiedAt > known.order.modifiedAt ? 'unclear' : 'stale' };
  }
  if (!known.isStatusKnown && machine.stateOf('shop', told.shopWord) !== undefined) {
    return order.modifiedAt < known.order.modifiedAt ? { outcome: 'stale' } : takenAsIs(machine, told, known.order.status);
  }
  return decideChange(machine, known, told);
}

type ToldState = Exclude<ToldOrder, { change: 'deleted' }>;

function takenAsIs(machine: OrderMachine, { order, shopWord }: ToldState, otherwise: Order['status']): IntakeDecision {
  const status = machine.stateOf('shop', shopWord);
  return {
    outcome: 'applied',
    next: { order: { ...order, status: status ?? otherwise }, statusSince: order.modifiedAt, shopWord, isStatusKnown: status !== undefined },
    ...(status === undefined && !machine.isSilent('shop', shopWord) && { unknownWord: shopWord }),
  };
}

function decideChange(machine: OrderMachine, known: KnownOrder, { order, shopWord, isLookedUp = false }: ToldState): IntakeDecision {
  const from = known.order.status;
  const hasNewWord = shopWord !== known.shopWord;
  const asked = hasNewWord ? machine.stateOf('shop', shopWord) : undefined;
  const move = asked === undefined ? undefined : machine.decide({ from, to: asked, by: 'shop' });
  const isOfSameTime = order.modifiedAt === known.order.modifiedAt;
  if (order.modifiedAt < known.order.modifiedAt || (isOfSameTime && saysTheSame(known, { order, shopWord }))) return { outcome: 'stale' };
  // An order is often placed and paid for within a second: of two messages of one second the one that takes it forward is the newer.
  if (isOfSameTime && !isLookedUp && move?.outcome !== 'moved') return { outcome: 'unclear' };
  const isUnknown = hasNewWord && asked === undefined && !machine.isSilent('shop', shopWord);
  const hasMoved = move?.outcome === 'moved';
  return {
    outcome: 'applied',
    next: {
      order: { ...order, status: hasMoved ? move.to : from }, statusSince: hasMoved ? order.modifiedAt : known.statusSince,
      shopWord, isStatusKnown: known.isStatusKnown,
    },
    ...(move && { move }),
    ...(isUnknown && { unknownWord: shopWord }),
  };
}

/** Whether a message says nothing of an order that is not known. */
export function saysTheSame(known: Pick<KnownOrder, 'order' | 'shopWord'>, told: { readonly order: Order; readonly shopWord: string }): boolean {
  return told.shopWord === known.shopWord && isDeepStrictEqual(contentOf(told.order), contentOf(known.order));
}

/** All but where it stands, which the state machine decides. */
function contentOf({ status: _, ...content }: Order): Omit<Order, 'status'> {
  return content;
}

function decideDeletion(
  machine: OrderMachine, known: KnownOrder | undefined, { receivedAt, isLookedUp = false }: Extract<ToldOrder, { change: 'deleted' }>,
): IntakeDecision {
  if (!known) return { outcome: 'unseen' };
  if (known.deletedAt !== undefined) return { outcome: 'stale' };
  if (!isLookedUp) return { outcome: 'unclear' };
  const move = machine.decide({ from: known.order.status, to: 'cancelled', by: 'shop' });
  const hasMoved = move.outcome === 'moved';
  return {
    outcome: 'applied',
    move,
    next: {
      ...known, order: { ...known.order, status: hasMoved ? move.to : known.order.status },
      statusSince: hasMoved ? receivedAt : known.statusSince, deletedAt: receivedAt,
    },
  };
}
