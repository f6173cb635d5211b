import type { Figure } from './bench.ts';

/** A figure held by its ratio to the baseline; its name says `…-vs-…`. */
export function ratioFigure({ name, unit, value, baseline, goal }: {
  readonly name: `${string}-vs-${string}`; readonly unit: string; readonly value: number; readonly baseline: number; readonly goal: number;
}): Figure {
  const ratio = value / baseline;
  return { name, value, unit, baseline, ratio, goal, met: ratio >= goal, lowerIsBetter: false };
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
