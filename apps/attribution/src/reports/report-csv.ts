import { stringify } from 'csv-stringify/sync';
import type { RevenueReport } from './revenue-report.ts';

/** A line a key, model and currency; amounts in minor units. Texts that a spreadsheet would take for formulas are quoted as text. */
export function reportAsCsv({ by, rows }: RevenueReport): string {
  const lines = rows.flatMap(({ key, touches, credits }) => credits.flatMap(({ model, conversions, revenue }) =>
    revenue.map(({ currency, amountMinor }) => [key ?? '', touches, model, conversions, currency, amountMinor])));
  return stringify(lines, { header: true, columns: [by, 'touches', 'model', 'conversions', 'currency', 'amount_minor'], escape_formulas: true });
}
