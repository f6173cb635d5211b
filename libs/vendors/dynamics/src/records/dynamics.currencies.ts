import type { DynamicsSession } from '../dynamics.api.ts';
import { readCurrencies } from '../dynamics.opportunities.ts';

const rememberForMs = 3_600_000;
const mostRemembered = 5_000;

/** The currencies of environments, ISO 4217 codes by the ids of their rows, remembered for an hour. */
export class DynamicsCurrencies {
  readonly #known = new Map<string, { readonly byId: ReadonlyMap<string, string>; readonly untilMs: number }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws Failure */
  async of(session: DynamicsSession): Promise<ReadonlyMap<string, string>> {
    const { id } = session.connection;
    const known = this.#known.get(id);
    if (known && known.untilMs > this.#now()) return known.byId;
    const byId = await readCurrencies(session);
    if (this.#known.size >= mostRemembered) this.#known.clear();
    this.#known.set(id, { byId, untilMs: this.#now() + rememberForMs });
    return byId;
  }
}
