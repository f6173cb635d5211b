import { planWords, takeDeal, takeSaidMeanwhile, takeWritten, withQuestion, type DealTaking } from '../../apps/orders/src/deals/deal-memory.ts';
import type { KnownDeal } from '../../apps/orders/src/deals/deal-verdict.ts';
import { wordsOfDeal } from '../../apps/orders/src/deals/deal-words.ts';
import { defaultMachine } from '../../apps/orders/src/state-machine/default-machine.ts';
import { OrderMachine } from '../../apps/orders/src/state-machine/order-machine.ts';
import { states, type State } from './order-history.fixture.ts';

const machine = new OrderMachine(defaultMachine, 0);

/** A deal as somebody has read it. */
interface Reading {
  readonly word: State;
  readonly modifiedAt: string;
  /** The question that it answers. */
  readonly answers?: string;
}

/** A deal at a CRM, whose changes are told by webhook or found by a look; questions are answered with the deal as it is when it is read. */
class DealAtCrm {
  word: State = 'processing';
  #seconds = 0;
  #told: Reading | undefined;
  /** What somebody wants read and nobody has read: for a webhook, or for a question. */
  readonly #wanted: Array<string | undefined> = [];

  get modifiedAt(): string {
    return new Date(this.#seconds * 1_000).toISOString();
  }

  set(word: State, isTold: boolean): void {
    this.word = word;
    this.#seconds += 1;
    if (isTold) this.#wanted.push(undefined);
  }

  ask(question: string): void {
    this.#wanted.push(question);
  }

  read(): Reading | undefined {
    if (this.#wanted.length === 0) return undefined;
    const answers = this.#wanted.shift();
    return this.#tell(answers);
  }

  /** A look tells what has not been told. */
  look(): Reading | undefined {
    const isKnown = this.#told?.word === this.word && this.#told.modifiedAt === this.modifiedAt;
    return isKnown ? undefined : this.#tell(undefined);
  }

  #tell(answers: string | undefined): Reading {
    this.#told = { word: this.word, modifiedAt: this.modifiedAt, ...(answers !== undefined && { answers }) };
    return this.#told;
  }
}

/** An order as the hub keeps it with the verdicts under test, beside its deal, what is being written there, and what was read and has not been heard. */
export class OrderBesideDeal {
  readonly deal = new DealAtCrm();
  status: State = 'processing';
  refusals = 0;
  /** What was refused last. */
  refused: State | undefined;
  #known: Omit<KnownDeal, 'status' | 'isDeleted' | 'isInStep'> = {
    words: wordsOfDeal({ orderStatus: 'processing', status: 'open' }), own: [], modifiedAt: undefined, writtenAt: undefined, verification: undefined,
  };
  #questions = 0;
  #isWriteDue = false;
  /** What is being written, and when the CRM took it. */
  #writing: { readonly word: State | undefined; takenAt?: string } | undefined;
  readonly #unheard: Reading[] = [];

  get isInStep(): boolean {
    return this.#writing === undefined && !this.#isWriteDue;
  }

  shopSays(to: State): void {
    const { outcome } = machine.decide({ from: this.status, to, by: 'shop' });
    if (outcome === 'refused') this.refusals += 1;
    if (outcome === 'moved') this.#moveTo(to);
  }

  /** Something of the order that is no state has changed. */
  edit(): void {
    this.#isWriteDue = true;
    this.#startWrite();
  }

  /** @returns whether there was something to read; so for all that follow */
  read(): boolean {
    return this.#keep(this.deal.read());
  }

  look(): boolean {
    return this.#keep(this.deal.look());
  }

  hear(): boolean {
    const reading = this.#unheard.shift();
    if (reading) this.#take(reading);
    return reading !== undefined;
  }

  /** Has what was read first heard second. */
  overtake(): boolean {
    const first = this.#unheard.shift();
    if (first) this.#unheard.splice(1, 0, first);
    return first !== undefined;
  }

  write(isTold: boolean): boolean {
    if (!this.#writing || this.#writing.takenAt !== undefined) return false;
    this.deal.set(this.#writing.word ?? this.deal.word, isTold);
    this.#writing.takenAt = this.deal.modifiedAt;
    return true;
  }

  answer(): boolean {
    if (this.#writing?.takenAt === undefined) return false;
    const { word, takenAt: modifiedAt } = this.#writing;
    this.#known = takeWritten(this.#known, { outcome: { outcome: 'upserted', crmId: 'deal-1', created: false, modifiedAt }, wasRefused: false, leavesStatus: word === undefined });
    this.#writing = undefined;
    this.#startWrite();
    const taking = takeSaidMeanwhile(machine, this.#knownDeal(), modifiedAt);
    if (taking) this.#follow(taking);
    return true;
  }

  #keep(reading: Reading | undefined): boolean {
    if (reading) this.#unheard.push(reading);
    return reading !== undefined;
  }

  #startWrite(): void {
    if (this.#writing || !this.#isWriteDue) return;
    this.#isWriteDue = false;
    const { leavesStatus, own } = planWords(this.#known, { name: 'Order 727', status: 'open', orderStatus: this.status }, true);
    this.#writing = { word: leavesStatus ? undefined : this.status };
    this.#known = { ...this.#known, own };
  }

  #take({ word, modifiedAt, answers }: Reading): void {
    const words = wordsOfDeal({ orderStatus: word, status: 'open' });
    const taking = takeDeal(machine, this.#knownDeal(), { words, modifiedAt, causedBy: answers, heardAt: modifiedAt });
    if (taking.outcome === 'ask_again') this.#ask();
    if (taking.outcome === 'taken') this.#follow(taking);
  }

  #follow({ known, verdict: { move }, isToBeAsked }: Extract<DealTaking, { outcome: 'taken' }>): void {
    this.#known = known;
    if (move?.outcome === 'refused') [this.refusals, this.refused] = [this.refusals + 1, states.find((state) => state === move.asked)];
    if (move?.outcome === 'moved') this.#moveTo(states.find((state) => state === move.to) ?? this.status);
    if (isToBeAsked) this.#ask();
  }

  #knownDeal(): KnownDeal {
    return { ...this.#known, status: this.status, isDeleted: false, isInStep: this.isInStep };
  }

  #ask(): void {
    if (!this.#known.verification) return;
    const question = String(this.#questions += 1);
    this.#known = { ...this.#known, verification: withQuestion(this.#known.verification, question) };
    this.deal.ask(question);
  }

  #moveTo(to: State): void {
    this.status = to;
    this.edit();
  }
}
