import type { Figure } from './bench.ts';
import { median, type Series } from './series.ts';

/** A figure held by its ratio to the baseline; its name says `…-vs-…`. */
export function ratioFigure({ name, unit, value, baseline, goal }: {
  readonly name: `${string}-vs-${string}`; readonly unit: string; readonly value: number; readonly baseline: number; readonly goal: number;
}): Figure {
  const ratio = value / baseline;
  return { name, value, unit, baseline, ratio, goal, met: ratio >= goal, lowerIsBetter: false };
}

/**
 * A figure held by the median of the ratios within the rounds: both turns of a round find the machine in much the same state, whose changes over a run move the medians of both sides by more than what is to be seen.
 * @param series and `baseline` of one `measure`
 */
export function pairedRatioFigure({ name, unit, series, baseline, goal }: {
  readonly name: `${string}-vs-${string}`; readonly unit: string; readonly series: Series; readonly baseline: Series; readonly goal: number;
}): Figure {
  const ratio = median(ratiosOfRounds(series, baseline));
  return { name, value: series.perSecond, unit, baseline: baseline.perSecond, ratio, goal, met: ratio >= goal, lowerIsBetter: false };
}

/** What one side of a `measure` did in each round, as a ratio to what the other did in it. */
export function ratiosOfRounds(series: Series, baseline: Series): number[] {
  return series.eachPerSecond.map((rate, round) => rate / (baseline.eachPerSecond[round] ?? Number.NaN));
}

/** A figure held by its own value; a baseline is told beside it. */
export function valueFigure({ name, unit, value, baseline, goal, lowerIsBetter = false }: {
  readonly name: string; readonly unit: string; readonly value: number; readonly baseline?: number; readonly goal: number; readonly lowerIsBetter?: boolean;
}): Figure {
  return {
    name, value, unit, goal, lowerIsBetter,
    ...(baseline !== undefined && { baseline, ratio: value / baseline }),
    met: lowerIsBetter ? value <= goal : value >= goal,
  };
}

/** How much a figure may suffer from growth: a fifth. */
const mostWorse = 0.2;

/** A figure under ten times the load of one kind, held by its ratio to the figure without it. */
export function growthFigure({ name, unit, value, baseline, lowerIsBetter = false }: {
  readonly name: `${string}-10x-${string}`; readonly unit: string; readonly value: number; readonly baseline: number; readonly lowerIsBetter?: boolean;
}): Figure {
  const [ratio, goal] = [value / baseline, lowerIsBetter ? 1 + mostWorse : 1 - mostWorse];
  return { name, value, unit, baseline, ratio, goal, met: lowerIsBetter ? ratio <= goal : ratio >= goal, lowerIsBetter };
}
