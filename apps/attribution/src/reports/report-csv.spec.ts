import { describe, expect, it } from '@jest/globals';
import { reportAsCsv, reportCsvExample } from './report-csv.ts';

describe('a report as a file', () => {
  it('holds no text that a spreadsheet takes for a formula, whatever a campaign is called', () => {
    const names = ['=HYPERLINK(A1)', '+1', '-1', '@SUM(A1)', '\t=1', 'Spring, 2026'];
    const lines = reportAsCsv('campaign', names.map((key) => ({ key, touches: 1, model: 'linear', conversions: 1, currency: 'EUR', amountMinor: 5 }))).trim().split('\n').slice(1);
    expect(lines).toHaveLength(names.length);
    expect(lines.filter((line) => /^"?[=+\-@\t]/.test(line))).toEqual([]);
    expect(lines.at(-1)).toBe('"Spring, 2026",1,linear,1,EUR,5');
  });

  it('is described by an example that shows a line for each key', () => {
    expect(reportCsvExample).toBe('channel,touches,model,conversions,currency,amount_minor\nsample,3,linear,1.5,EUR,5870\npaid search,1,linear,0.5,EUR,1957\n');
  });
});
