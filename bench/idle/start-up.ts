import { SERVICES } from '../../infra/services.ts';
import type { BenchContext, Figure, Measurement } from '../bench.ts';
import { valueFigure } from '../figures.ts';
import { readMemory, readProcessorSeconds } from '../process-usage.ts';
import type { ReadyProcess } from '../../infra/supervisor.ts';
import { withWholeSystem } from '../servers/whole-system.ts';
import { BareProcess } from './bare-process.ts';

const mostSeconds = 2;

/** Each service is stopped and started by itself, while all others run and have nothing to do. */
export async function measureStartUp(context: BenchContext): Promise<Figure[]> {
  const bare = new BareProcess();
  try {
    return await withWholeSystem(context, async ({ supervisor }) => {
      const starts = Object.fromEntries(SERVICES.map(({ name }) => [name, async () => started(await supervisor.restart(name))]));
      const series = await context.measure({ 'bare NestJS': async () => started(await bare.restart()), ...starts });
      const rows = Object.entries(series).map(([name, { perSecond, slowestPerSecond, fastestPerSecond, cpuCores = 0 }]) => ({
        name, seconds: 1 / perSecond, fastest: 1 / fastestPerSecond, slowest: 1 / slowestPerSecond, cpuSeconds: cpuCores / perSecond,
      }));
      for (const { name, seconds, fastest, slowest, cpuSeconds } of rows) {
        context.say(`${name.padEnd(16)} ready after ${seconds.toFixed(2)} s (${fastest.toFixed(2)} to ${slowest.toFixed(2)}), of which it computed for ${cpuSeconds.toFixed(2)} s`);
      }
      const [baseline, ...services] = rows;
      const slowest = services.toSorted((one, other) => other.seconds - one.seconds)[0];
      if (baseline === undefined || slowest === undefined) throw new Error('There is no service to start.');
      context.say(`slowest is ${slowest.name}; all services together computed for ${services.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0).toFixed(1)} s`);
      return [valueFigure({ name: 'start-up-seconds', unit: 's', value: slowest.seconds, baseline: baseline.seconds, goal: mostSeconds, lowerIsBetter: true })];
    });
  } finally {
    await bare.stop();
  }
}

function started({ pid, readyAfterMs }: ReadyProcess): Measurement {
  return { count: 1, seconds: readyAfterMs / 1_000, usage: { cpuSeconds: readProcessorSeconds(pid), residentBytes: readMemory(pid).residentBytes } };
}
