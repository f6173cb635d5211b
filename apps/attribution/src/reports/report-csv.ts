import { stringify } from 'csv-stringify/sync';
import type { ReportLine } from './report-lines.ts';

/** A line a key, model and currency. Texts that a spreadsheet would take for formulas are quoted as text. */
export function reportAsCsv(by: string, lines: readonly ReportLine[]): string {
  return stringify(lines.map(({ key, touches, model, conversions, currency, amountMinor }) => [key ?? '', touches, model, conversions, currency, amountMinor]), {
    header: true, columns: [by, 'touches', 'model', 'conversions', 'currency', 'amount_minor'], escape_formulas: true,
  });
}

/** What such a file looks like. */
export const reportCsvExample = reportAsCsv('channel', [
  { key: 'sample', touches: 3, model: 'linear', conversions: 1.5, currency: 'EUR', amountMinor: 5870 },
  { key: 'paid search', touches: 1, model: 'linear', conversions: 0.5, currency: 'EUR', amountMinor: 1957 },
]);
