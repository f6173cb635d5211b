import type { Alert, SilentCase } from './alert.ts';
import { badPerStep, objectives, type Objective } from './objectives.ts';
import type { Duration, Pace } from './pace.ts';

/** A rule that keeps the result of an expression under a name. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** How fast a budget of thirty days is spent, seen over a long window and, so that the alert ends soon after, a short one. */
interface Burn {
  readonly rate: number;
  readonly long: Duration;
  readonly short: Duration;
}

/** Spends 2 % of the budget in an hour, or 5 % in six. */
const fastBurns: readonly Burn[] = [{ rate: 14.4, long: '1h', short: '5m' }, { rate: 6, long: '6h', short: '30m' }];
/** Spends 10 % of the budget in three days. */
const slowBurns: readonly Burn[] = [{ rate: 1, long: '3d', short: '6h' }];
const windows: readonly Duration[] = ['5m', '30m', '1h', '6h', '3d'];

/** What a good or a bad spell plays at, in parts of the budget. */
const spells = { within: 0.5, slow: 2, fast: 20 } as const;

/** The ratios of errors that the alerts compare. */
export function errorRatioRules(pace: Pace): RecordingRule[] {
  return objectives.flatMap(({ name, errorRatio }) =>
    windows.map((window) => ({ record: recordOf(window), expr: errorRatio(pace.window(window)), labels: { slo: name } })));
}

/** What is left of the budgets of thirty days: 1 where nothing has failed, below 0 where more has failed than may. */
export function budgetRules(pace: Pace): RecordingRule[] {
  return objectives.map(({ name, errorRatio, target }) => ({
    record: 'crossdock:slo_budget_left:ratio30d', expr: `1 - (${errorRatio(pace.window('30d'))}) / ${budgetOf(target)}`, labels: { slo: name },
  }));
}

/** Two alerts an objective: one that pages while the budget is spent fast, one ticket while it is spent faster than it comes back. */
export function burnRateAlerts(): Alert[] {
  return objectives.flatMap((objective) => [
    burnAlert(objective, {
      suffix: 'BurnsFast', severity: 'page', burns: fastBurns, how: 'which would spend a month’s allowance within five days',
      // What is worth a ticket wakes nobody.
      fires: { spell: spells.fast, at: '90m' }, silent: { spell: spells.slow, at: '90m' },
    }),
    burnAlert(objective, {
      suffix: 'BurnsSlowly', severity: 'ticket', burns: slowBurns, how: 'which spends a month’s allowance in less than a month',
      fires: { spell: spells.slow, at: '3d', step: '30m' }, silent: { spell: spells.within, at: '3d', step: '30m' },
    }),
  ]);
}

interface BurnPlan extends Pick<Alert, 'severity'> {
  readonly suffix: string;
  readonly burns: readonly Burn[];
  readonly how: string;
  readonly fires: Spell;
  readonly silent: Spell;
}

interface Spell extends Pick<SilentCase, 'at' | 'step'> {
  /** How fast the budget is spent. */
  readonly spell: number;
}

function burnAlert({ alertPrefix, name, target, failing, series }: Objective, { suffix, severity, burns, how, fires, silent }: BurnPlan): Alert {
  const budget = budgetOf(target);
  const ratio = (spell: number): number => budget * spell;
  return {
    name: `${alertPrefix}${suffix}`, about: 'symptom', severity, holdsFor: '0s', runbook: 'service-levels', dashboard: 'service-levels',
    expression: () => burns.map(({ rate, long, short }) => {
      const over = (window: Duration): string => `${recordOf(window)}{slo="${name}"} > ${round(rate * budget)}`;
      return `(${over(long)} and ${over(short)})`;
    }).join(' or '),
    summary: `{{ $value | humanizePercentage }} of ${failing}, ${how}.`,
    fires: {
      ...whenOf(fires), series: series(badPerStep(ratio(fires.spell))), labels: { slo: name },
      says: `${Number((ratio(fires.spell) * 100).toPrecision(4))}% of ${failing}, ${how}.`,
    },
    silent: { ...whenOf(silent), series: series(badPerStep(ratio(silent.spell))) },
  };
}

function whenOf({ spell: _, ...when }: Spell): Pick<SilentCase, 'at' | 'step'> {
  return when;
}

function recordOf(window: Duration): string {
  return `crossdock:slo_error_ratio:rate${window}`;
}

function budgetOf(target: number): number {
  return round(1 - target);
}

/** Without what floating-point numbers add in their last places. */
function round(value: number): number {
  return Number(value.toPrecision(6));
}
