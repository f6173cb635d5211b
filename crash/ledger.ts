import type { Books } from './books.ts';
import type { Judgement } from './judge.ts';

/** What one kind of effect came to. */
export interface Finding extends Judgement {
  /** What was compared, such as `events of the pair`. */
  readonly what: string;
  /** What happened again and did no harm, such as a vendor that was told twice. */
  readonly repeats?: number;
}

/** How requests were answered, each attempt counted. */
export interface Requests {
  readonly sent: number;
  /** What was not answered as it should be, or not at all. */
  readonly failed: readonly string[];
}

/** A load with its books: what was accepted under it, and what became of that. */
export interface Ledger {
  readonly books: Books;
  /** Begins to send, under records of the scenario's own. */
  begin(scenario: string): void;
  /** Ends sending; what was sent last is repeated until it is accepted. */
  end(): Promise<void>;
  /** Compares what was accepted under a scenario, or ever where none is given, with the effects. */
  account(scenario?: string): Promise<readonly Finding[]>;
  /** The requests that were sent under a scenario. */
  requests(scenario: string): Requests;
  stop(): Promise<void>;
}
