import type { ReportRow } from './report-queries.ts';

type Credited = ReportRow['credits'][number];

export interface Bar {
  readonly model: Credited['model'];
  readonly amountMinor: number;
  /** Part of the longest bar, from 0 to 1. */
  readonly share: number;
}

/** Bars of one currency, since amounts of several cannot be compared by length. */
export interface BarChart {
  readonly currency: string;
  readonly groups: ReadonlyArray<{ readonly key: string | null; readonly bars: readonly Bar[] }>;
  /** Rows that have no bars, being smaller than those that have. */
  readonly leftOut: number;
}

const mostGroups = 12;

/** What the rows of a report look like as bars, by currency; rows with the most revenue first, months in their order. */
export function barCharts(rows: readonly ReportRow[], isInOrder: boolean): BarChart[] {
  const isConverted = rows.some(({ credits }) => credits.some(({ converted }) => converted)) && rows.every(({ credits }) => credits.every(({ converted, revenue }) => converted ?? revenue.length === 0));
  const amountsOf = ({ converted, revenue }: Credited): Credited['revenue'] => (isConverted ? (converted ? [converted] : []) : revenue);
  const currencies = [...new Set(rows.flatMap(({ credits }) => credits.flatMap((credit) => amountsOf(credit).map(({ currency }) => currency))))].sort();
  return currencies.map((currency) => {
    const groups = rows
      .map(({ key, credits }) => ({ key, amounts: credits.map((credit) => ({ model: credit.model, amountMinor: amountsOf(credit).find((each) => each.currency === currency)?.amountMinor ?? 0 })) }))
      .filter(({ amounts }) => amounts.some(({ amountMinor }) => amountMinor > 0));
    const largest = (group: (typeof groups)[number]): number => Math.max(...group.amounts.map(({ amountMinor }) => amountMinor));
    const shown = isInOrder ? groups.slice(-mostGroups) : groups.sort((one, other) => largest(other) - largest(one)).slice(0, mostGroups);
    const longest = Math.max(1, ...shown.map(largest));
    return {
      currency, leftOut: groups.length - shown.length,
      groups: shown.map(({ key, amounts }) => ({ key, bars: amounts.map(({ model, amountMinor }) => ({ model, amountMinor, share: Math.max(0, amountMinor / longest) })) })),
    };
  });
}
