import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Starts work at an even rate, whether or not earlier work has ended: what is slow does not slow down what comes after it.
 * Resolves when all of it has ended; a fault of any ends it.
 */
export async function runPaced({ count, perSecond, work }: {
  readonly count: number; readonly perSecond: number; readonly work: (index: number) => Promise<void>;
}): Promise<void> {
  const startedMs = performance.now();
  const running: Array<Promise<void>> = [];
  for (let index = 0; index < count; index += 1) {
    const aheadMs = startedMs + (index * 1_000) / perSecond - performance.now();
    if (aheadMs > 1) await wait(aheadMs);
    running.push(work(index));
  }
  await Promise.all(running);
}
