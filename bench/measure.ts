import type { Measurement } from './bench.ts';
import { measureOwnUsage } from './process-usage.ts';
import type { Report } from './report.ts';
import { type Series, summarise } from './series.ts';

type Subject = () => Promise<Measurement>;

/** What `BenchContext.measure` promises. */
export async function measureInTurns<Name extends string>(
  subjects: Readonly<Record<Name, Subject>>, { repetitions, report }: { readonly repetitions: number; readonly report: Report },
): Promise<Record<Name, Series>> {
  const names = Object.keys(subjects) as Name[];
  const counted = new Map<Name, Measurement[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= repetitions; round += 1) {
    for (const name of rotate(names, round)) {
      const measurement = await repeat(subjects[name]);
      if (round > 0) counted.get(name)?.push(measurement);
    }
  }
  const series = names.map((name) => [name, summarise(counted.get(name) ?? [])] as const);
  for (const [name, result] of series) report.addSeries(name, result);
  return Object.fromEntries(series) as Record<Name, Series>;
}

async function repeat(subject: Subject): Promise<Measurement> {
  const usage = measureOwnUsage();
  const measurement = await subject();
  return { usage: usage(), ...measurement };
}

function rotate<Item>(items: readonly Item[], by: number): Item[] {
  const start = by % Math.max(1, items.length);
  return [...items.slice(start), ...items.slice(0, start)];
}
