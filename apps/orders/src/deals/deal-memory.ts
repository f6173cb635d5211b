import type { DealFields, UpsertOutcome } from '@crossdock/contracts';
import type { OrderMachine } from '../state-machine/order-machine.ts';
import { isOlderThanKnown, verdictOnDeal, type DealVerdict, type KnownDeal, type Verification } from './deal-verdict.ts';
import { remember, saysAlready, wordOverwritten, wordsAsked } from './deal-words.ts';

/** So many questions about one deal are remembered; an answer to an older one is no answer any more. */
const mostRequests = 20;

/** A deal as a CRM tells it. Times are ISO 8601 in UTC with milliseconds. */
export interface HeardDeal {
  readonly words: readonly string[];
  readonly modifiedAt: string;
  /** The event that it was told for, where there was one. */
  readonly causedBy: string | undefined;
  readonly heardAt: string;
}

export type TakenVerdict = Extract<DealVerdict, { outcome: 'taken' }>;

/** What a deal that was told leads to. */
export type DealTaking =
  | Exclude<DealVerdict, { outcome: 'taken' }>
  | {
    readonly outcome: 'taken';
    readonly verdict: TakenVerdict;
    /** What is known from now on; where the order moves, that is the caller's. */
    readonly known: KnownDeal;
    /** Nothing that was told before is newer. */
    readonly isNewest: boolean;
    /** The CRM is to be asked what the deal says. */
    readonly isToBeAsked: boolean;
  };

export function takeDeal(machine: OrderMachine, before: KnownDeal, { words, modifiedAt, causedBy, heardAt }: HeardDeal): DealTaking {
  const isAnswer = causedBy !== undefined && before.verification?.requestIds.includes(causedBy) === true;
  const verdict = verdictOnDeal(machine, before, { words, modifiedAt, isAnswer });
  if (verdict.outcome !== 'taken') return verdict;
  const { move, word, verified, own } = verdict;
  const isNewest = !isOlderThanKnown(before, { modifiedAt });
  const asked: Verification | undefined = move?.outcome === 'to_verify' && word !== undefined ? { to: move.to, word, askedAt: heardAt, requestIds: [] } : undefined;
  const verification = asked ?? (verified !== undefined || move ? undefined : before.verification);
  return { outcome: 'taken', verdict, known: { ...before, ...(isNewest && { words, own, modifiedAt }), verification }, isNewest, isToBeAsked: asked !== undefined };
}

/** Whether what the deal said while the hub wrote may be a person's word, so that `takeSaidMeanwhile` has something to decide. */
export function mayBeSaidMeanwhile({ words, own, modifiedAt }: KnownDeal): boolean {
  return modifiedAt !== undefined && wordOverwritten({ before: words, own }, words) !== undefined;
}

/**
 * Looks again, once the CRM has answered what the hub wrote, at what the deal said meanwhile: that counted for nothing, since the hub's word was on its
 * way; where the deal says it since the hub wrote, a person has said it, and the CRM is asked.
 * @returns undefined where nobody has
 */
export function takeSaidMeanwhile(machine: OrderMachine, known: KnownDeal, heardAt: string): Extract<DealTaking, { outcome: 'taken' }> | undefined {
  const { words, modifiedAt } = known;
  if (modifiedAt === undefined || !mayBeSaidMeanwhile(known)) return undefined;
  const taking = takeDeal(machine, known, { words, modifiedAt, causedBy: undefined, heardAt });
  return taking.outcome === 'taken' && taking.isToBeAsked ? taking : undefined;
}

/** Remembers a question to the CRM; what is told because of it is the answer. */
export function withQuestion(verification: Verification, requestId: string): Verification {
  return { ...verification, requestIds: [...verification.requestIds, requestId].slice(-mostRequests) };
}

/** What is asked of a deal's words with a write of it, and what is to be told back of that. */
export interface PlannedWords extends Pick<KnownDeal, 'own'> {
  /** The deal says already where the order stands, as far as is known: a person may have changed it, and the hub not have heard of it. */
  readonly leavesStatus: boolean;
}

/** @param isThere false where the deal is still to be made, which then says nothing yet */
export function planWords({ words, own }: Pick<KnownDeal, 'words' | 'own'>, wanted: DealFields, isThere: boolean): PlannedWords {
  const asked = wordsAsked(wanted);
  const leavesStatus = isThere && saysAlready(own.at(-1) ?? words, asked);
  return { leavesStatus, own: leavesStatus ? own : remember(own, asked) };
}

/** The CRM's answer to a write of a deal. */
export interface AnsweredWrite {
  readonly outcome: UpsertOutcome;
  /** It was refused before, and has been tried again. */
  readonly wasRefused: boolean;
  readonly leavesStatus: boolean;
}

/** Notes when the CRM took where the order stands; what it refused the deal does not say, and after what it took late it may say anything. */
export function takeWritten<Known extends Pick<KnownDeal, 'words' | 'own' | 'writtenAt'>>(known: Known, { outcome, wasRefused, leavesStatus }: AnsweredWrite): Known {
  if (wasRefused) return { ...known, words: [], own: [] };
  if (leavesStatus) return known;
  if (outcome.outcome === 'refused') return { ...known, own: known.own.slice(0, -1) };
  return outcome.modifiedAt === undefined ? known : { ...known, writtenAt: outcome.modifiedAt };
}
