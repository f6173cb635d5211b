/** A statement that reads facts by their ids, in order, and what its rows say. */
export interface FactSelection<Fact> {
  readonly statement: string;
  readonly values: readonly unknown[];
  factsOf(rows: readonly unknown[]): Fact[];
}
