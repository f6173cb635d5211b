interface Remembered<Value> {
  readonly value: Promise<Value | undefined>;
  readonly expiresAtMs: number;
  /** What the search has found, once it has. */
  found?: Value;
}

/**
 * Remembers what was found for a short time, at most so many things; the one not asked for longest goes first. Who asks
 * while a search is under way shares it. Nothing found and nothing known is not remembered.
 */
export class ShortMemory<Value> {
  readonly #entries = new Map<string, Remembered<Value>>();
  readonly #keptMs: number;
  readonly #maxEntries: number;
  readonly #nowMs: () => number;

  constructor(options: { readonly keptMs: number; readonly maxEntries: number; readonly nowMs: () => number }) {
    this.#keptMs = options.keptMs;
    this.#maxEntries = options.maxEntries;
    this.#nowMs = options.nowMs;
  }

  /** What is remembered under the key, or else what `find` finds. */
  get(key: string, find: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const known = this.#entries.get(key);
    if (known === undefined || known.expiresAtMs <= this.#nowMs()) return this.renew(key, find);
    // A Map keeps the order of insertion: what is asked for moves to the end.
    this.#entries.delete(key);
    this.#entries.set(key, known);
    return known.value;
  }

  /** What is remembered under the key, where it was found already: for who would rather not wait. */
  known(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.expiresAtMs > this.#nowMs() ? entry.found : undefined;
  }

  /** What `find` finds now, in place of what is remembered. */
  renew(key: string, find: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const entry: Remembered<Value> = { value: find(), expiresAtMs: this.#nowMs() + this.#keptMs };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#dropOverflow();
    const settle = (found?: Value): void => {
      if (found !== undefined) entry.found = found;
      else if (this.#entries.get(key) === entry) this.#entries.delete(key);
    };
    entry.value.then(settle, () => settle());
    return entry.value;
  }

  #dropOverflow(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries) return;
      this.#entries.delete(key);
    }
  }
}
