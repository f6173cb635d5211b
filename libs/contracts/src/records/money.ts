import { z } from 'zod';

/** An amount in integer minor units (cents for USD, yen for JPY) and its ISO 4217 code. */
export const moneySchema = z.object({
  amountMinor: z.int(),
  currency: z.string().regex(/^[A-Z]{3}$/),
});
export type Money = z.infer<typeof moneySchema>;

/** A formatter is dear to make, an order holds a dozen amounts, and there are no more codes than three letters allow. */
const knownDigits = new Map<string, number>();

/** How many digits follow the decimal point in a currency's usual notation, after CLDR as Node ships it. */
export function minorUnitDigits(currency: string): number {
  const known = knownDigits.get(currency);
  if (known !== undefined) return known;
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  knownDigits.set(currency, digits);
  return digits;
}

/**
 * Reads a decimal notation such as `"29.35"` or `29.3` exactly, without floating point.
 * @returns undefined where the text is no plain decimal number or has more digits than the currency.
 */
export function parseMoney(decimal: string | number, currency: string): Money | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(decimal).trim());
  if (!match) return undefined;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const digits = minorUnitDigits(currency);
  const significant = fraction.replace(/0+$/, '');
  if (significant.length > digits) return undefined;
  const amountMinor = Number(`${sign}${whole}${significant.padEnd(digits, '0')}`);
  return Number.isSafeInteger(amountMinor) ? { amountMinor: amountMinor === 0 ? 0 : amountMinor, currency } : undefined;
}

/** Writes money as the plain decimal notation that vendors' interfaces take, such as `29.35`. */
export function formatDecimal({ amountMinor, currency }: Money): string {
  const digits = minorUnitDigits(currency);
  const absolute = String(Math.abs(amountMinor)).padStart(digits + 1, '0');
  const whole = absolute.slice(0, absolute.length - digits);
  const sign = amountMinor < 0 ? '-' : '';
  return digits === 0 ? `${sign}${whole}` : `${sign}${whole}.${absolute.slice(-digits)}`;
}
