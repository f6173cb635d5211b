import { minorUnitDigits } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { apportion } from '../credit/apportion.ts';

/** An amount on a day. */
export interface DatedAmount {
  readonly day: string;
  readonly currency: string;
  readonly amountMinor: number;
}

/** An amount that could not be converted, because no rate is known for it. */
export const missingRateSchema = z.object({ currency: z.string(), base: z.string(), day: z.iso.date() });
export type MissingRate = z.infer<typeof missingRateSchema>;

/** How old a rate may be on the day that it is used for: long enough for holidays, too short for a feed that has ended. */
const oldestRateDays = 31;
const millisecondsPerDay = 86_400_000;

/** A tenant's rates to one currency. A rate holds from its day until the next one; none is guessed. */
export class CurrencyRates {
  readonly base: string;
  /** By currency, the latest day first. */
  readonly #rates: ReadonlyMap<string, ReadonlyArray<{ readonly day: string; readonly rate: number }>>;

  constructor(base: string, rates: ReadonlyArray<{ readonly currency: string; readonly day: string; readonly rate: number }>) {
    this.base = base;
    this.#rates = new Map([...Map.groupBy(rates, ({ currency }) => currency)].map(([currency, of]) => [currency, of.toSorted((a, b) => (a.day < b.day ? 1 : -1))]));
  }

  static async read(manager: EntityManager, base: string): Promise<CurrencyRates> {
    const rows = await manager.query<Array<{ currency: string; day: string; rate: string }>>(
      `SELECT currency, to_char(day, 'YYYY-MM-DD') AS day, rate FROM currency_rate WHERE tenant_id = $1 AND base = $2`, [tenantContext.require().tenantId, base]);
    return new CurrencyRates(base, rows.map(({ rate, ...row }) => ({ ...row, rate: Number(rate) })));
  }

  /**
   * Converts the parts of a sum of one day and currency so that the converted parts sum to the converted sum.
   * @returns undefined where no rate is known
   */
  convert(parts: readonly DatedAmount[]): number[] | undefined {
    const [first] = parts;
    if (!first) return [];
    const factor = this.#factor(first.currency, first.day);
    if (factor === undefined) return undefined;
    const total = Math.round(parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0) * factor);
    const gains = parts.map(({ amountMinor }) => Math.max(0, amountMinor) * factor);
    const losses = parts.map(({ amountMinor }) => Math.max(0, -amountMinor) * factor);
    const lost = gains.some((gain) => gain > 0) ? Math.round(losses.reduce((sum, loss) => sum + loss, 0)) : -total;
    const [given, taken] = [apportion(total + lost, gains), apportion(lost, losses)];
    return parts.map((_part, index) => (given[index] ?? 0) - (taken[index] ?? 0));
  }

  #factor(currency: string, day: string): number | undefined {
    if (currency === this.base) return 1;
    const rate = this.#rates.get(currency)?.find((each) => each.day <= day);
    if (!rate || Date.parse(day) - Date.parse(rate.day) > oldestRateDays * millisecondsPerDay) return undefined;
    // A rate is between whole units; yen have no hundredths.
    return rate.rate * 10 ** (minorUnitDigits(this.base) - minorUnitDigits(currency));
  }
}

/** Stores rates, each in the place of the one of its day. */
export async function storeRates(
  manager: EntityManager, rates: ReadonlyArray<{ readonly currency: string; readonly base: string; readonly day: string; readonly rate: string }>,
): Promise<void> {
  await manager.query(
    `INSERT INTO currency_rate (tenant_id, currency, base, day, rate)
     SELECT $1, * FROM unnest($2::text[], $3::text[], $4::date[], $5::numeric[])
     ON CONFLICT (tenant_id, currency, base, day) DO UPDATE SET rate = excluded.rate`,
    [tenantContext.require().tenantId, rates.map(({ currency }) => currency), rates.map(({ base }) => base), rates.map(({ day }) => day), rates.map(({ rate }) => rate)]);
}
