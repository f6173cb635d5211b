import { orderStatusSchema, type OrderStatus } from '@crossdock/contracts';
import { z } from 'zod';
import type { MoveDecision, OrderMachine } from '../state-machine/order-machine.ts';
import { ownAfter, readDeal, wordOverwritten, type OwnWords } from './deal-words.ts';

/** What a CRM said that the order should be, until the CRM has been asked again. */
export const verificationSchema = z.object({
  to: orderStatusSchema,
  /** The deal's word for it, which it must still say. */
  word: z.string(),
  askedAt: z.iso.datetime({ precision: 3 }),
  /** The events by which the CRM was asked: what it tells because of one of them is an answer. */
  requestIds: z.array(z.uuid()),
});
export type Verification = z.infer<typeof verificationSchema>;

/** What is known of an order and its deal. Times are ISO 8601 in UTC with milliseconds. */
export interface KnownDeal {
  readonly status: OrderStatus;
  readonly isDeleted: boolean;
  /** What the deal said last. */
  readonly words: readonly string[];
  readonly own: OwnWords;
  /** The CRM has answered all that it was asked to write. */
  readonly isInStep: boolean;
  /** When what was told of it last was changed. */
  readonly modifiedAt: string | undefined;
  /** When the CRM took from the hub last where the order stands; undefined where it did not say. */
  readonly writtenAt: string | undefined;
  readonly verification: Verification | undefined;
}

export interface ToldDeal {
  readonly words: readonly string[];
  readonly modifiedAt: string;
  /** It was read because the verification under way asked for it. */
  readonly isAnswer: boolean;
}

/** What a CRM's word about a deal leads to. */
export type DealVerdict =
  | { readonly outcome: 'stale' }
  /** It says nothing new, while an answer is waited for that may have gone to whoever asked for the same deal before. */
  | { readonly outcome: 'ask_again' }
  | {
    readonly outcome: 'taken';
    readonly own: OwnWords;
    /** What the verification under way came to. */
    readonly verified?: 'holds' | 'differs' | undefined;
    readonly move?: MoveDecision | undefined;
    /** The deal's word for it. */
    readonly word?: string | undefined;
    readonly unknownWord?: string | undefined;
  };

/**
 * Decides what a deal as the CRM tells it means for its order. What is older than what is known counts for nothing; CRMs that
 * keep whole seconds tell two changes with one time, so that what is as old and says something else is the newer.
 */
export function verdictOnDeal(machine: OrderMachine, before: KnownDeal, told: ToldDeal): DealVerdict {
  const known = { ...before, own: mayComeBack(before, told) };
  const { verification } = known;
  const isOlder = isOlderThanKnown(known, told);
  const isRepeat = told.modifiedAt === known.modifiedAt && isDeepEqual(told.words, known.words);
  if (!told.isAnswer && (isOlder || isRepeat)) {
    if (verification) return { outcome: 'ask_again' };
    return (isOlder ? undefined : saidAgain(machine, known, told.words)) ?? { outcome: 'stale' };
  }
  const own = isOlder ? known.own : ownAfter(known.own, told.words);
  if (told.isAnswer && verification) {
    // What the hub itself has written since it asked is its own word.
    const holds = !isOlder && told.words.includes(verification.word) && !known.own.flat().includes(verification.word);
    if (holds) return { outcome: 'taken', own: stillOwn(known, own), verified: 'holds', move: decide(machine, known, verification.to, true), word: verification.word };
    if (isOlder && told.modifiedAt >= (known.writtenAt ?? '')) return { outcome: 'ask_again' };
    return isOlder ? { outcome: 'taken', own, verified: 'differs' } : { ...heard(machine, known, told, own), verified: 'differs' };
  }
  return heard(machine, known, told, own);
}

/** What the hub wrote before its last write cannot be told any more since that one. */
function mayComeBack({ own, isInStep, writtenAt }: KnownDeal, { modifiedAt }: ToldDeal): OwnWords {
  return isInStep && writtenAt !== undefined && modifiedAt > writtenAt ? own.slice(-1) : own;
}

/** Whether it was read before what is known, or before the hub wrote over it. */
export function isOlderThanKnown({ modifiedAt, writtenAt }: Pick<KnownDeal, 'modifiedAt' | 'writtenAt'>, told: Pick<ToldDeal, 'modifiedAt'>): boolean {
  return [modifiedAt, writtenAt].some((at) => at !== undefined && told.modifiedAt < at);
}

function heard(machine: OrderMachine, known: KnownDeal, { words }: ToldDeal, own: OwnWords): Extract<DealVerdict, { outcome: 'taken' }> {
  const news = readDeal(machine, { before: known.words, own: known.own }, words);
  const isOutdated = known.verification !== undefined && !words.includes(known.verification.word);
  const taken = { outcome: 'taken', own, ...(isOutdated && { verified: 'differs' as const }) } as const;
  switch (news.outcome) {
    case 'nothing': return saidAgain(machine, known, words) ?? taken;
    case 'unknown': return { ...taken, unknownWord: news.word };
    case 'asks': return { ...taken, own: stillOwn(known, own), move: unverified(machine, known, news.to), word: news.word };
  }
}

/** What we wrote before a person changed it does not come back; what is being written may. */
function stillOwn({ isInStep }: KnownDeal, own: OwnWords): OwnWords {
  return isInStep ? [] : own.slice(-1);
}

/** Has a word verified that may be a person's, though the deal held it before: what was written since may not have reached the reading, and may come yet. */
function saidAgain(machine: OrderMachine, known: KnownDeal, words: readonly string[]): Extract<DealVerdict, { outcome: 'taken' }> | undefined {
  const word = known.isInStep && !known.verification ? wordOverwritten({ before: known.words, own: known.own }, words) : undefined;
  const to = word === undefined ? undefined : machine.stateOf('crm', word);
  if (to === undefined || to === known.status) return undefined;
  return { outcome: 'taken', own: ownAfter(known.own, words), move: { outcome: 'to_verify', from: known.status, to }, word };
}

/** What would be refused is verified as well: a late echo of what the hub wrote looks like a person's step back. */
function unverified(machine: OrderMachine, known: KnownDeal, to: OrderStatus): MoveDecision {
  const move = decide(machine, known, to, false);
  return move.outcome === 'refused' ? { outcome: 'to_verify', from: known.status, to } : move;
}

function decide(machine: OrderMachine, { status, isDeleted }: KnownDeal, to: OrderStatus, isVerified: boolean): MoveDecision {
  return machine.decide({ from: status, to, by: 'crm', isVerified, isDeleted });
}

function isDeepEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, index) => word === other[index]);
}
