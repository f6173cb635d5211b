import { isOlderThanKnown, verdictOnDeal, type KnownDeal, type Verification } from '../../apps/orders/src/deals/deal-verdict.ts';
import { remember, saysAlready, wordsAsked, wordsOfDeal, type OwnWords } from '../../apps/orders/src/deals/deal-words.ts';
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
  #words: readonly string[] = wordsOfDeal({ orderStatus: 'processing', status: 'open' });
  #own: OwnWords = [];
  #modifiedAt: string | undefined;
  #writtenAt: string | undefined;
  #verification: Verification | undefined;
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
    if (this.#writing.word !== undefined) this.#writtenAt = this.#writing.takenAt;
    this.#writing = undefined;
    this.#startWrite();
    const word = states.find((state) => this.#words.includes(`order_status:${state}`));
    if (word !== undefined && this.#modifiedAt !== undefined) this.#take({ word, modifiedAt: this.#modifiedAt });
    return true;
  }

  #keep(reading: Reading | undefined): boolean {
    if (reading) this.#unheard.push(reading);
    return reading !== undefined;
  }

  #startWrite(): void {
    if (this.#writing || !this.#isWriteDue) return;
    this.#isWriteDue = false;
    const asked = wordsAsked({ name: 'Order 727', status: 'open', orderStatus: this.status });
    const isSaid = saysAlready(this.#own.at(-1) ?? this.#words, asked);
    this.#writing = { word: isSaid ? undefined : this.status };
    if (!isSaid) this.#own = remember(this.#own, asked);
  }

  #take({ word, modifiedAt, answers }: Reading): void {
    const known: KnownDeal = {
      status: this.status, isDeleted: false, words: this.#words, own: this.#own, isInStep: this.isInStep,
      modifiedAt: this.#modifiedAt, writtenAt: this.#writtenAt, verification: this.#verification,
    };
    const words = wordsOfDeal({ orderStatus: word, status: 'open' });
    const isAnswer = answers !== undefined && this.#verification?.requestIds.includes(answers) === true;
    const verdict = verdictOnDeal(machine, known, { words, modifiedAt, isAnswer });
    if (verdict.outcome === 'stale') return;
    if (verdict.outcome === 'ask_again') return this.#ask();
    if (!isOlderThanKnown(known, { modifiedAt })) [this.#words, this.#own, this.#modifiedAt] = [words, verdict.own, modifiedAt];
    const { move } = verdict;
    if (verdict.verified !== undefined || move) this.#verification = undefined;
    if (move?.outcome === 'refused') [this.refusals, this.refused] = [this.refusals + 1, word];
    if (move?.outcome === 'moved') this.#moveTo(word);
    if (move?.outcome === 'to_verify' && verdict.word !== undefined) {
      this.#verification = { to: move.to, word: verdict.word, askedAt: modifiedAt, requestIds: [] };
      this.#ask();
    }
  }

  #ask(): void {
    if (!this.#verification) return;
    const question = String(this.#questions += 1);
    this.#verification = { ...this.#verification, requestIds: [...this.#verification.requestIds, question] };
    this.deal.ask(question);
  }

  #moveTo(to: State): void {
    this.status = to;
    this.edit();
  }
}
