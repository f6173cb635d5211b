import type { OrderStatus } from '@crossdock/contracts';
import type { Action, MachineDefinition, Mover, Transition } from './machine-definition.ts';

/** Why a move is refused. */
export type Refusal =
  /** It would go back, and is not declared as a correction. */
  | 'backward'
  /** The machine has no such transition for whoever asks. */
  | 'not_allowed'
  /** The machine does not have the state that the order is in, or the one that is asked for. */
  | 'unknown_state'
  /** The shop has deleted the order. */
  | 'not_in_shop';

/** What becomes of a state that is asked for; the order stays at `from` unless it moved. */
export type MoveDecision =
  | { readonly outcome: 'unchanged'; readonly to: OrderStatus }
  | { readonly outcome: 'moved'; readonly from: OrderStatus; readonly to: OrderStatus; readonly actions: readonly Action[] }
  /** Allowed, once the CRM has said so again. */
  | { readonly outcome: 'to_verify'; readonly from: OrderStatus; readonly to: OrderStatus }
  | { readonly outcome: 'refused'; readonly from: OrderStatus; readonly asked: OrderStatus; readonly reason: Refusal };

/** A state that is asked for, and what is known of the order. */
export interface AskedMove {
  readonly from: OrderStatus;
  readonly to: OrderStatus;
  readonly by: Mover;
  /** The CRM was asked just now and says so. */
  readonly isVerified?: boolean;
  readonly isDeleted?: boolean;
}

/** How a tenant's orders move, by one version of its definition. */
export class OrderMachine {
  readonly definition: MachineDefinition;
  /** 0 stands for the default. */
  readonly version: number;
  readonly #transitions: ReadonlyMap<string, Transition>;
  readonly #words: Readonly<Record<'shop' | 'crm', ReadonlyMap<string, OrderStatus>>>;

  constructor(definition: MachineDefinition, version: number) {
    this.definition = definition;
    this.version = version;
    this.#transitions = new Map(definition.transitions.map((transition) => [keyOf(transition), transition]));
    this.#words = { shop: wordsOf(definition, 'shop'), crm: wordsOf(definition, 'crm') };
  }

  /** The state that a word means; undefined where it means none. */
  stateOf(side: 'shop' | 'crm', word: string): OrderStatus | undefined {
    return this.#words[side].get(word);
  }

  /** Whether the word is known to say nothing of where an order stands. */
  isSilent(side: 'shop' | 'crm', word: string): boolean {
    return this.definition.unknown[side].includes(word);
  }

  /** What the shop is to be told for a state; undefined where it has no word for it. */
  shopWordOf(status: OrderStatus): string | undefined {
    return this.definition.states[status]?.shop[0];
  }

  /** Decides a move. An order whose state the machine does not have is where the shop says; nobody else can tell. */
  decide({ from, to, by, isVerified = false, isDeleted = false }: AskedMove): MoveDecision {
    if (from === to) return { outcome: 'unchanged', to };
    const [fromState, toState] = [this.definition.states[from], this.definition.states[to]];
    if (!fromState && toState && by === 'shop') return { outcome: 'moved', from, to, actions: [] };
    if (!fromState || !toState) return { outcome: 'refused', from, asked: to, reason: 'unknown_state' };
    const move = this.#transitions.get(keyOf({ from, to }))?.by[by];
    if (!move) return { outcome: 'refused', from, asked: to, reason: toState.rank < fromState.rank ? 'backward' : 'not_allowed' };
    if (move.guards.includes('kept_in_shop') && isDeleted) return { outcome: 'refused', from, asked: to, reason: 'not_in_shop' };
    if (move.guards.includes('verified_at_crm') && !isVerified) return { outcome: 'to_verify', from, to };
    return { outcome: 'moved', from, to, actions: move.actions };
  }
}

function keyOf({ from, to }: Pick<Transition, 'from' | 'to'>): string {
  return `${from}>${to}`;
}

function wordsOf({ states }: MachineDefinition, side: 'shop' | 'crm'): Map<string, OrderStatus> {
  return new Map(statusesOf(states).flatMap((status) => (states[status]?.[side] ?? []).map((word) => [word, status] as const)));
}

/** The states that a definition has. */
export function statusesOf(states: MachineDefinition['states']): OrderStatus[] {
  return Object.keys(states).filter((status): status is OrderStatus => status in states);
}
