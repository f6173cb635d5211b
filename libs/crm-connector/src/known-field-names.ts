const rememberForMs = 3_600_000;
const mostRemembered = 5_000;

/**
 * Which fields a kind of record has in an account, remembered for an hour: for fields that a person may have left out or
 * taken away, without which a record is read and written all the same.
 */
export class KnownFieldNames {
  readonly #known = new Map<string, { readonly names: ReadonlySet<string>; readonly untilMs: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** @param load asks the account; called where nothing is remembered. */
  async has(connectionId: string, type: string, field: string, load: () => Promise<ReadonlySet<string>>): Promise<boolean> {
    const place = `${connectionId}/${type}`;
    const known = this.#known.get(place);
    if (known && known.untilMs > this.#now()) return known.names.has(field);
    const names = await load();
    if (this.#known.size >= mostRemembered) this.#known.clear();
    this.#known.set(place, { names, untilMs: this.#now() + rememberForMs });
    return names.has(field);
  }

  /** What was remembered of a connection may not hold any more. */
  forget(connectionId: string): void {
    for (const place of this.#known.keys()) if (place.startsWith(`${connectionId}/`)) this.#known.delete(place);
  }
}
