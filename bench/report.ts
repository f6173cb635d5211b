import type { Figure } from './bench.ts';
import type { Machine } from './machine.ts';
import type { Series } from './series.ts';

const mebibyte = 2 ** 20;

/** Prints what a run finds, line by line as it is found. */
export class Report {
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  title(name: string, machine: Machine): void {
    this.#print(`\n${name}`);
    for (const [what, value] of Object.entries(machine)) this.#print(`  ${what.padEnd(12)}${value}`);
    this.#print(`\n  ${pad(['', 'per second', 'spread', 'p50 ms', 'p99 ms', 'CPU cores', 'RSS MiB', 'count'])}`);
  }

  addSeries(name: string, { perSecond, slowestPerSecond, fastestPerSecond, p50Ms, p99Ms, cpuCores, residentBytes, count }: Series): void {
    this.#print(`  ${pad([
      name, round(perSecond), `${round(slowestPerSecond)}–${round(fastestPerSecond)}`, round(p50Ms), round(p99Ms), round(cpuCores),
      round(residentBytes === undefined ? undefined : residentBytes / mebibyte), String(count),
    ])}`);
  }

  say(sentence: string): void {
    this.#print(`  ${sentence}`);
  }

  figures(figures: readonly Figure[]): void {
    this.#print(`\n  ${pad(['figure', 'value', 'unit', 'baseline', 'ratio', 'goal', 'met'])}`);
    for (const { name, value, unit, baseline, ratio, goal, met, lowerIsBetter } of figures) {
      const bound = `${lowerIsBetter ? '≤' : '≥'} ${round(goal)}${ratio !== undefined && /-vs-|-10x-/.test(name) ? ' ×' : ''}`;
      this.#print(`  ${pad([name, round(value), unit, round(baseline), round(ratio), bound, met ? 'yes' : 'NO'])}`);
    }
    this.#print('');
  }
}

function pad([first = '', ...others]: readonly string[]): string {
  return first.padEnd(30) + others.map((cell) => cell.padStart(15)).join('');
}

/** Three digits that count, or whole numbers. */
function round(value: number | undefined): string {
  if (value === undefined) return '–';
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
