import { describe, expect, it } from '@jest/globals';
import { modelsOf, periodOfMonth, reportSearchOf } from './report-search.ts';

describe('the address of a report', () => {
  it('leaves out what makes no sense', () => {
    expect(reportSearchOf({ by: 'colour', models: 7, from: 'yesterday', to: '2026-03-01', model: 'guess', key: ['x'] })).toEqual({ to: '2026-03-01' });
  });

  it('means a campaign by its name, whatever it is called', () => {
    expect(reportSearchOf({ by: 'campaign', model: 'linear', key: 2_026 })).toEqual({ by: 'campaign', model: 'linear', key: '2026' });
    expect(reportSearchOf({ key: '<script>alert(1)</script>' })).toEqual({ key: '<script>alert(1)</script>' });
  });

  it('names models that there are, and some in any case', () => {
    expect(modelsOf({ models: 'markov,guess,first' })).toEqual(['first', 'markov']);
    expect(modelsOf({ models: 'guess' })).toEqual(['first', 'last', 'linear']);
    expect(modelsOf({})).toEqual(['first', 'last', 'linear']);
  });
});

describe('the days of a month', () => {
  it('end with the first of the next one', () => {
    expect(periodOfMonth('2026-12', {})).toEqual({ from: '2026-12-01', to: '2027-01-01' });
    expect(periodOfMonth('2028-02', {})).toEqual({ from: '2028-02-01', to: '2028-03-01' });
  });

  it('are those of the period alone', () => {
    expect(periodOfMonth('2026-03', { from: '2026-03-10', to: '2026-03-20' })).toEqual({ from: '2026-03-10', to: '2026-03-20' });
    expect(periodOfMonth('2026-03', { from: '2026-01-10', to: '2026-12-20' })).toEqual({ from: '2026-03-01', to: '2026-04-01' });
  });
});
