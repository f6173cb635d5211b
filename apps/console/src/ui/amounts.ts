// Made once: to make one takes longer than to write a hundred numbers with it.
const counts = new Intl.NumberFormat();
const shares = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });

/** A whole number as the reader writes it. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** A share between 0 and 1 in per cent. */
export function formatShare(share: number): string {
  return shares.format(share);
}

/** Money in minor units of its currency, such as 1,999 for 19.99 euros; currencies have none, two or three places (ISO 4217). */
export function formatMoney({ amountMinor, currency }: { readonly amountMinor: number; readonly currency: string }): string {
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency });
  return format.format(amountMinor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

/** A span of time in its largest unit, such as "3 minutes". */
export function formatSpan(seconds: number): string {
  const [unit, size] = seconds < 120 ? ['second', 1] as const : seconds < 7_200 ? ['minute', 60] as const : seconds < 172_800 ? ['hour', 3_600] as const : ['day', 86_400] as const;
  return new Intl.NumberFormat(undefined, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 0 }).format(Math.round(seconds / size));
}
