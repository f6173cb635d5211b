import { formatMoney } from '../../ui/amounts.ts';

interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** Amounts of several currencies side by side, or what they come to in one, where that is known. */
export function formatAmounts(amounts: readonly Money[], converted?: Money): string {
  if (converted) return formatMoney(converted);
  return amounts.length === 0 ? '–' : amounts.map(formatMoney).join(' + ');
}
