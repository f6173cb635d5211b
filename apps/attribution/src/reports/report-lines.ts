import type { RevenueReport } from './revenue-report.ts';

/** What one key is credited with by one model in one currency: a line of a file. */
export interface ReportLine {
  readonly key: string | null;
  readonly touches: number;
  readonly model: string;
  readonly conversions: number;
  readonly currency: string;
  readonly amountMinor: number;
}

/** A report as a flat table. */
export function linesOf({ rows }: RevenueReport): ReportLine[] {
  return rows.flatMap(({ key, touches, credits }) => credits.flatMap(({ model, conversions, revenue }) =>
    revenue.map(({ currency, amountMinor }) => ({ key, touches, model, conversions, currency, amountMinor }))));
}
