import type { DashboardName } from './dashboard-names.ts';

/** Units by Grafana's own names. */
export type Unit = 's' | 'short' | 'percentunit' | 'reqps' | 'ops' | 'bytes' | 'dateTimeFromNow';

/** What is asked of Prometheus, and what a line of the answer is called: a template of its labels. */
export interface Query {
  readonly expression: string;
  readonly legend: string;
}

export interface Panel {
  readonly title: string;
  /** What it shows and what would be wrong, for who sees it for the first time. */
  readonly about: string;
  /** `lines` over time, or the present value as one `number`. */
  readonly shows: 'lines' | 'number';
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** Above it (below, where `isFloor`) something is wrong. */
  readonly bound?: { readonly value: number; readonly isFloor?: boolean };
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A choice at the top of a dashboard: the values of a label; all of them at first. */
export interface Choice {
  readonly name: string;
  /** A metric that has the label of the choice's name. */
  readonly metric: string;
}

export interface Dashboard {
  readonly name: DashboardName;
  readonly title: string;
  readonly choices?: readonly Choice[];
  readonly rows: readonly Row[];
}

/** Several lines in one panel. */
export function lines(title: string, unit: Unit, about: string, queries: readonly Query[], bound?: Panel['bound']): Panel {
  return { title, unit, about, queries, shows: 'lines', ...(bound && { bound }) };
}

/** One number that says how it stands. */
export function figure(title: string, unit: Unit, about: string, query: Query, bound?: Panel['bound']): Panel {
  return { title, unit, about, queries: [query], shows: 'number', ...(bound && { bound }) };
}

/** A quantile a line, of a histogram in seconds. */
export function quantiles(metric: string, matchers: string, by: string): Query[] {
  return [0.5, 0.99].map((of) => ({
    expression: `histogram_quantile(${of}, sum by (${by}, le) (rate(${metric}_bucket{${matchers}}[$__rate_interval])))`,
    legend: `p${of * 100} {{${by}}}`,
  }));
}

/** How fast a counter rises, by labels. */
export function rateOf(metric: string, matchers: string, by: string): Query {
  return { expression: `sum by (${by}) (rate(${metric}{${matchers}}[$__rate_interval]))`, legend: by.split(', ').map((label) => `{{${label}}}`).join(' ') };
}
