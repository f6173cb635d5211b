import { minorUnitDigits, type Money } from '@crossdock/contracts';

/**
 * Reads one of the shop's decimal strings exactly. A shop may be set to more decimals than its currency has; those are
 * rounded to the currency's smallest unit, half away from zero, as the shop itself does when it charges.
 * @returns undefined where the text is no plain decimal number.
 */
export function readAmount(decimal: string | number, currency: string): Money | undefined {
  const match = /^(-?)(\d{1,13})(?:\.(\d+))?$/.exec(String(decimal).trim());
  if (!match) return undefined;
  const [, sign, whole = '0', fraction = ''] = match;
  const digits = minorUnitDigits(currency);
  const kept = Number(`${whole}${fraction.slice(0, digits).padEnd(digits, '0')}`);
  const roundsUp = (fraction[digits] ?? '0') >= '5';
  const absolute = kept + (roundsUp ? 1 : 0);
  if (!Number.isSafeInteger(absolute)) return undefined;
  return { amountMinor: sign === '-' && absolute !== 0 ? -absolute : absolute, currency };
}
