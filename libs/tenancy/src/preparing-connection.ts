import type { Writable } from 'node:stream';

/** A statement that a connection is asked for so often is prepared there: what comes once or twice would be kept for nothing. */
const usesBeforePreparing = 3;
/** PostgreSQL keeps each until the connection ends. */
const mostPrepared = 250;
/** Statements with values written into their text never come again; what was counted of them is forgotten. */
const mostCounted = 1_000;
/** PostgreSQL's `feature_not_supported`: here that a table has other columns than when the statement was prepared. */
const outdatedPlan = '0A000';

/**
 * Put into the text of a statement about a table that is empty at one moment and long at the next: it is planned for what is there
 * each time it runs. Of a statement that is prepared PostgreSQL keeps a plan until it looks at its tables anew.
 */
export const plannedEachTime = '/* planned each time */';

/**
 * Writes a parameter that is a list so that PostgreSQL does not see how long the list is when it plans. It takes ten for the length, where it does not; a plan for a list that is shorter
 * seems cheaper to it than the one it would keep, so that it plans the prepared statement each time, which can cost several times of what running it does.
 */
export function plannedForAnyLength(parameter: string, type: `${string}[]`): string {
  return `(SELECT ${parameter}::${type})::${type}`;
}

/** What is used of the driver's own client. */
export interface DriverClient {
  query(text: string, values?: readonly unknown[]): Promise<unknown>;
  query(statement: { readonly name: string; readonly text: string; readonly values: readonly unknown[] }): Promise<unknown>;
  /** What statements are written to: each at once, where the pool is one that pipelines. */
  readonly connection: { readonly stream: Pick<Writable, 'cork' | 'uncork'> };
}

/**
 * A pooled connection on which statements that come again are prepared: read and rewritten once, and soon planned once, they cost
 * a third of the time there and less than half of it here.
 */
export class PreparingConnection {
  static readonly #known = new WeakMap<DriverClient, PreparingConnection>();
  readonly #client: DriverClient;
  readonly #uses = new Map<string, number>();
  readonly #names = new Map<string, string>();
  #prepared = 0;

  private constructor(client: DriverClient) {
    this.#client = client;
  }

  /** The same for a connection each time the pool hands it out. */
  static of(client: DriverClient): PreparingConnection {
    const known = PreparingConnection.#known.get(client);
    if (known) return known;
    const connection = new PreparingConnection(client);
    PreparingConnection.#known.set(client, connection);
    return connection;
  }

  /** What is asked meanwhile goes out together: the other end is woken once. */
  inOneMessage<Answer>(ask: () => Answer): Answer {
    const { stream } = this.#client.connection;
    stream.cork();
    try {
      return ask();
    } finally {
      stream.uncork();
    }
  }

  async query(text: string, values: readonly unknown[] = []): Promise<unknown> {
    const name = values.length > 0 && !text.includes(plannedEachTime) ? this.#nameOf(text) : undefined;
    if (name === undefined) return this.#client.query(text, values);
    try {
      return await this.#client.query({ name, text, values });
    } catch (error) {
      // This transaction has failed; the next one prepares the statement anew.
      if (error instanceof Error && 'code' in error && error.code === outdatedPlan) this.#names.delete(text);
      throw error;
    }
  }

  /** @returns undefined where the statement is not prepared, at least not yet. */
  #nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    const uses = (this.#uses.get(text) ?? 0) + 1;
    if (uses < usesBeforePreparing || this.#prepared >= mostPrepared) {
      if (this.#uses.size >= mostCounted) this.#uses.clear();
      this.#uses.set(text, uses);
      return undefined;
    }
    this.#uses.delete(text);
    this.#prepared += 1;
    const name = `recurring_${this.#prepared}`;
    this.#names.set(text, name);
    return name;
  }
}
