import type { Money } from '@crossdock/contracts';
import type { CurrencyRates, DatedAmount, MissingRate } from '../rates/currency-rates.ts';
import type { DaySum, TouchSum } from './read-sums.ts';

/** A report's amounts in one currency, each day by the rate of that day, so that converted credits sum to converted revenue. */
export class Converted {
  readonly #rates: CurrencyRates;
  readonly #revenue = new Map<string, number | undefined>();
  readonly #cost = new Map<string, number | undefined>();
  readonly #missing = new Map<string, MissingRate>();

  constructor(rates: CurrencyRates, sums: readonly DaySum[], touches: readonly TouchSum[]) {
    this.#rates = rates;
    for (const of of Map.groupBy(sums, ({ model, day, currency }) => `${model}\n${day}\n${currency}`).values()) {
      this.#add(this.#revenue, of.map((sum) => ({ ...sum, name: `${sum.model}\n${sum.key}` })));
    }
    const costs = touches.flatMap(({ key, day, cost }) => (cost ? [{ name: key, day, ...cost }] : []));
    for (const of of Map.groupBy(costs, ({ day, currency }) => `${day}\n${currency}`).values()) this.#add(this.#cost, of);
  }

  /** @returns undefined where a rate is missing for a part of it */
  revenueOf(key: string, model: string): Money | undefined {
    return this.#moneyOf(this.#revenue, `${model}\n${key}`);
  }

  costOf(key: string): Money | undefined {
    return this.#moneyOf(this.#cost, key);
  }

  /** By currency and day. */
  get missing(): MissingRate[] {
    return [...this.#missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rate]) => rate);
  }

  #add(into: Map<string, number | undefined>, parts: ReadonlyArray<DatedAmount & { readonly name: string }>): void {
    const amounts = this.#rates.convert(parts);
    const [first] = parts;
    if (!amounts && first) this.#missing.set(`${first.currency}\n${first.day}`, { currency: first.currency, base: this.#rates.base, day: first.day });
    parts.forEach(({ name }, index) => {
      const sum = into.has(name) ? into.get(name) : 0;
      into.set(name, sum === undefined || !amounts ? undefined : sum + (amounts[index] ?? 0));
    });
  }

  #moneyOf(from: ReadonlyMap<string, number | undefined>, name: string): Money | undefined {
    const amountMinor = from.get(name);
    return amountMinor === undefined ? undefined : { amountMinor, currency: this.#rates.base };
  }
}
