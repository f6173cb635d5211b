import type { DashboardName } from '../dashboards/dashboard-names.ts';
import type { Duration, Pace } from './pace.ts';

/** `page` wakes a person at once; `ticket` waits for the morning. */
export type Severity = 'page' | 'ticket';

/** Files of `docs/runbooks/alerts`; each alert has a section under its name in one of them. */
export type Runbook = 'service-levels' | 'services' | 'event-core' | 'work' | 'vendors' | 'connections';

/** Series by name and labels, in promtool's notation of values, a value a step from the beginning. */
export type CaseSeries = Readonly<Record<string, string>>;

/** Cases of days are played in large steps: each step looks at every rule. */
export type Step = '1m' | '30m';

/** What is measured, and the alert that follows from it at a time. */
export interface FiringCase {
  readonly series: CaseSeries;
  /** When it is looked at. */
  readonly at: Duration;
  /** Time from one value to the next, and from one look of all rules to the next. Default a minute. */
  readonly step?: Step;
  /** The labels that come from the series. */
  readonly labels: Readonly<Record<string, string>>;
  /** The whole summary as a person reads it. */
  readonly says: string;
}

/** What is measured while nobody should be told. */
export type SilentCase = Pick<FiringCase, 'series' | 'at' | 'step'>;

/** A condition that somebody is told about, with the proof that it fires and that it is silent. */
export interface Alert {
  /** Upper camel case, without the prefix. */
  readonly name: string;
  /** A symptom is what tenants notice; a cause is why they may notice it soon. */
  readonly about: 'symptom' | 'cause';
  readonly severity: Severity;
  /** True for each set of labels that somebody is told about. */
  readonly expression: (pace: Pace) => string;
  readonly holdsFor: Duration;
  /** One sentence with the number, as a template of Prometheus. */
  readonly summary: string;
  readonly runbook: Runbook;
  readonly dashboard: DashboardName;
  readonly fires: FiringCase;
  readonly silent: SilentCase;
}

/** The name under which Prometheus knows the alert. */
export function alertName({ name }: Pick<Alert, 'name'>): string {
  return `Crossdock${name}`;
}

/** Where its runbook stands, from the repository's root. */
export function runbookOf(alert: Pick<Alert, 'name' | 'runbook'>): string {
  return `docs/runbooks/alerts/${alert.runbook}.md#${alertName(alert).toLowerCase()}`;
}

/** Where its dashboard stands at any Grafana. */
export function dashboardOf({ dashboard }: Pick<Alert, 'dashboard'>): string {
  return `/d/crossdock-${dashboard}`;
}
