import { describe, expect, it } from '@jest/globals';
import { reportAsCsv } from './report-csv.ts';

describe('a report as a file', () => {
  it('holds no text that a spreadsheet takes for a formula, whatever a campaign is called', () => {
    const names = ['=HYPERLINK(A1)', '+1', '-1', '@SUM(A1)', '\t=1', 'Spring, 2026'];
    const lines = reportAsCsv('campaign', names.map((key) => ({ key, touches: 1, model: 'linear', conversions: 1, currency: 'EUR', amountMinor: 5 }))).trim().split('\n').slice(1);
    expect(lines).toHaveLength(names.length);
    expect(lines.filter((line) => /^"?[=+\-@\t]/.test(line))).toEqual([]);
    expect(lines.at(-1)).toBe('"Spring, 2026",1,linear,1,EUR,5');
  });
});
