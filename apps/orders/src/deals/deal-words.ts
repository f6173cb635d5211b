import type { DealFields, DealState, OrderStatus } from '@crossdock/contracts';
import type { OrderMachine } from '../state-machine/order-machine.ts';

/** What a deal says in the words of the state machine: the hub's own field first, then the stage, then open, won or lost. */
export function wordsOfDeal({ orderStatus, vendorStage, status }: Pick<DealState, 'orderStatus' | 'vendorStage' | 'status'>): string[] {
  return [
    ...(orderStatus === undefined ? [] : [`order_status:${orderStatus}`]), ...(vendorStage === undefined ? [] : [`stage:${vendorStage}`]), `deal:${status}`,
  ];
}

/** The same of what the hub itself asks a deal to hold; which stage that leads to is the CRM's. */
export function wordsAsked(fields: DealFields): string[] {
  return wordsOfDeal({ status: fields.status, ...(fields.orderStatus !== undefined && { orderStatus: fields.orderStatus }) });
}

/** What the hub asked for and has not been told back, the oldest first. */
export type OwnWords = ReadonlyArray<readonly string[]>;

const mostRemembered = 10;

export function remember(own: OwnWords, words: readonly string[]): OwnWords {
  return [...own, words].slice(-mostRemembered);
}

/** Whether a deal that says, or was asked to say, the first says in the hub's own field what the second asks for. */
export function saysAlready(words: readonly string[], asked: readonly string[]): boolean {
  const field = asked.find((word) => word.startsWith('order_status:'));
  return field !== undefined && words.includes(field);
}

/** What a deal says that it did not say before. */
export type DealNews =
  | { readonly outcome: 'nothing' }
  /** A person, or a workflow, wants the order to be in this state. */
  | { readonly outcome: 'asks'; readonly to: OrderStatus; readonly word: string }
  | { readonly outcome: 'unknown'; readonly word: string };

/**
 * Tells a person's word from the echo of our own. The hub's own field counts before the stage, which moves with it; a stage that nobody
 * has given a meaning is named only where the tenant reads stages at all. An echo that is mistaken for a word, because what
 * was asked in between was never told, is found out when it is verified.
 * @param before what the deal said last
 */
export function readDeal(machine: OrderMachine, { before, own }: { readonly before: readonly string[]; readonly own: OwnWords }, words: readonly string[]): DealNews {
  const news = words.filter((word) => !before.includes(word));
  const ours = new Set(own.flat());
  const field = news.find((word) => word.startsWith('order_status:'));
  if (field !== undefined) return ours.has(field) ? { outcome: 'nothing' } : meaningOf(machine, field);
  if (news.some((word) => ours.has(word))) return { outcome: 'nothing' };
  const spoken = news.find((word) => machine.stateOf('crm', word) !== undefined) ?? news.find((word) => word.startsWith('stage:') && readsStages(machine));
  return spoken === undefined ? { outcome: 'nothing' } : meaningOf(machine, spoken);
}

/**
 * A word in the hub's own field that the deal said before, or that the hub itself wrote before it wrote another one. Either a person has
 * said it again, or it was read before the hub's last write; only the CRM can tell.
 * @returns undefined where the deal says nothing of the kind
 */
export function wordOverwritten({ before, own }: { readonly before: readonly string[]; readonly own: OwnWords }, words: readonly string[]): string | undefined {
  const field = words.find((word) => word.startsWith('order_status:'));
  const last = own.at(-1);
  if (field === undefined || last === undefined || last.includes(field)) return undefined;
  return before.includes(field) || own.flat().includes(field) ? field : undefined;
}

/** What is still to be told back after a deal said this. */
export function ownAfter(own: OwnWords, words: readonly string[]): OwnWords {
  const told = words.find((word) => word.startsWith('order_status:')) ?? words.find((word) => word.startsWith('deal:')) ?? '';
  return own.slice(own.findIndex((asked) => asked.includes(told)) + 1);
}

function meaningOf(machine: OrderMachine, word: string): DealNews {
  const to = machine.stateOf('crm', word);
  if (to !== undefined) return { outcome: 'asks', to, word };
  return machine.isSilent('crm', word) ? { outcome: 'nothing' } : { outcome: 'unknown', word };
}

function readsStages({ definition: { states } }: OrderMachine): boolean {
  return Object.values(states).some(({ crm }) => crm.some((word) => word.startsWith('stage:')));
}
