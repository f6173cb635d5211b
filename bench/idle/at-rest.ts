import { setTimeout as pause } from 'node:timers/promises';
import { SANDBOX, SERVICES } from '../../infra/services.ts';
import type { BenchContext, Figure } from '../bench.ts';
import { valueFigure } from '../figures.ts';
import { type ProcessMemory, readMemory, readProcessorSeconds } from '../process-usage.ts';
import { median } from '../series.ts';
import { withWholeSystem } from '../servers/whole-system.ts';
import { BareProcess } from './bare-process.ts';

const bareName = 'bare NestJS';
const mostMebibytesEach = 150;
const mostMebibytesTogether = 1_200;
/** For each of `context.seconds`: a minute, unless the caller says otherwise. */
const watchedSecondsEach = 15;
const settleWindowMs = 3_000;
const mostSettleWindows = 20;
const mebibyte = 2 ** 20;

interface Rest extends ProcessMemory {
  readonly name: string;
  /** Of one core. */
  readonly cpuShare: number;
}

/** Everything is started anew, left alone until it has settled, and watched while nobody wants anything of it. */
export async function measureAtRest(context: BenchContext): Promise<Figure[]> {
  const bare = new BareProcess();
  try {
    return await withWholeSystem(context, async ({ supervisor }) => {
      const rounds: Rest[][] = [];
      while (rounds.length < context.repetitions) {
        const startedMs = performance.now();
        const names = [SANDBOX, ...SERVICES].map(({ name }) => name);
        const processes = await Promise.all(names.map(async (name) => ({ name, pid: (await supervisor.restart(name)).pid })));
        context.say(`all ${names.length} processes, started at once, are ready after ${((performance.now() - startedMs) / 1_000).toFixed(1)} s`);
        processes.push({ name: bareName, pid: (await bare.restart()).pid });
        await settle(processes.map(({ pid }) => pid));
        rounds.push(await watch(processes, watchedSecondsEach * context.seconds * 1_000));
      }
      context.say(`watched for ${watchedSecondsEach * context.seconds} s after each of ${rounds.length} starts`);
      return report(context, rounds);
    });
  } finally {
    await bare.stop();
  }
}

/** Resolves when the processes compute as little as in the moments before. */
async function settle(pids: readonly number[]): Promise<void> {
  let before = Number.POSITIVE_INFINITY;
  for (let windows = 0; windows < mostSettleWindows; windows += 1) {
    const started = pids.map((pid) => readProcessorSeconds(pid));
    await pause(settleWindowMs);
    const used = pids.reduce((sum, pid, index) => sum + readProcessorSeconds(pid) - (started[index] ?? 0), 0);
    if (used > 0.8 * before) return;
    before = used;
  }
  throw new Error('The services did not come to rest.');
}

async function watch(processes: ReadonlyArray<{ readonly name: string; readonly pid: number }>, forMs: number): Promise<Rest[]> {
  const started = processes.map(({ pid }) => readProcessorSeconds(pid));
  const startedMs = performance.now();
  await pause(forMs);
  const seconds = (performance.now() - startedMs) / 1_000;
  return processes.map(({ name, pid }, index) => ({ name, ...readMemory(pid), cpuShare: (readProcessorSeconds(pid) - (started[index] ?? 0)) / seconds }));
}

function report(context: BenchContext, rounds: readonly Rest[][]): Figure[] {
  const names = rounds[0]?.map(({ name }) => name) ?? [];
  const rows = names.map((name) => summarise(name, rounds.flatMap((round) => round.filter((rest) => rest.name === name))));
  const ours = rounds.map((round) => round.filter(({ name }) => name !== bareName));
  const together = summarise('together', ours.map((round) => ({
    name: 'together',
    residentBytes: sum(round, ({ residentBytes }) => residentBytes), proportionalBytes: sum(round, ({ proportionalBytes }) => proportionalBytes), cpuShare: sum(round, ({ cpuShare }) => cpuShare),
  })));
  for (const { name, resident, proportional, cpuPercent } of [...rows, together]) {
    context.say(`${name.padEnd(16)} RSS ${describe(resident)} MiB, PSS ${describe(proportional)} MiB, processor ${describe(cpuPercent, 1)} %`);
  }
  const baseline = rows.find(({ name }) => name === bareName);
  const largest = rows.filter(({ name }) => name !== bareName).toSorted((one, other) => other.resident.middle - one.resident.middle)[0];
  if (baseline === undefined || largest === undefined) throw new Error('Nothing was watched.');
  context.say(`largest is ${largest.name}; the launcher and its guardian are not in it`);
  return [
    valueFigure({ name: 'idle-rss-mib', unit: 'MiB', value: largest.resident.middle, baseline: baseline.resident.middle, goal: mostMebibytesEach, lowerIsBetter: true }),
    valueFigure({ name: 'idle-together-rss-mib', unit: 'MiB', value: together.resident.middle, goal: mostMebibytesTogether, lowerIsBetter: true }),
    valueFigure({ name: 'idle-together-pss-mib', unit: 'MiB', value: together.proportional.middle, goal: mostMebibytesTogether, lowerIsBetter: true }),
  ];
}

interface Spread {
  readonly least: number;
  readonly middle: number;
  readonly most: number;
}

function summarise(name: string, rests: readonly Rest[]): { readonly name: string; readonly resident: Spread; readonly proportional: Spread; readonly cpuPercent: Spread } {
  return {
    name,
    resident: spreadOf(rests.map(({ residentBytes }) => residentBytes / mebibyte)),
    proportional: spreadOf(rests.map(({ proportionalBytes }) => proportionalBytes / mebibyte)),
    cpuPercent: spreadOf(rests.map(({ cpuShare }) => cpuShare * 100)),
  };
}

function spreadOf(values: readonly number[]): Spread {
  return { least: Math.min(...values), middle: median(values), most: Math.max(...values) };
}

function describe({ least, middle, most }: Spread, digits = 0): string {
  return `${middle.toFixed(digits)} (${least.toFixed(digits)} to ${most.toFixed(digits)})`;
}

function sum(rests: readonly Rest[], pick: (rest: Rest) => number): number {
  return rests.reduce((total, rest) => total + pick(rest), 0);
}
