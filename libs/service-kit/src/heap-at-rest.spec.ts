import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@crossdock/test-stack';
import { HeapAtRest } from './heap-at-rest.ts';

const heapBytes = (): number => getHeapStatistics().total_heap_size;
const burstBytes = 64 * 2 ** 20;
const everyMs = 20;
/** Code goes with everything else. */
const always = { everyMs, codeKeptMs: 0 };
/** Of a collection: long enough that none is due again while a test runs. */
const costMs = 200;

let heapAtRest: HeapAtRest | undefined;
afterEach(() => heapAtRest?.stop());

/** V8's own collector, as `--expose-gc` offers it. */
function collector(): NodeJS.GCFunction {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as NodeJS.GCFunction;
}

describe('the heap of a process at rest', () => {
  it('gives back what a burst of work took', async () => {
    const gc = collector();
    const burst = Array.from({ length: burstBytes / 64 }, (_, index) => ({ index, text: `${index}` }));
    const fullBytes = heapBytes();
    expect(burst.length).toBeGreaterThan(0);
    burst.length = 0;
    heapAtRest = new HeapAtRest((flavor) => gc({ type: 'major', execution: 'sync', flavor }), always);
    heapAtRest.start();
    await eventually('half of the burst is given back', () => heapBytes() < fullBytes - burstBytes / 2);
  });

  it('gives compiled code back after the start, and after work when there was none for a while', async () => {
    const flavors: string[] = [];
    heapAtRest = new HeapAtRest((flavor) => void flavors.push(flavor), { everyMs, codeKeptMs: 40 * everyMs });
    heapAtRest.start();
    await eventually('it was collected after the start', () => flavors.length > 0);
    const grown: object[] = [];
    await eventually('it was collected after work', () => {
      grown.push(Array.from({ length: burstBytes / 512 }, (_, index) => ({ index })));
      return flavors.length > 1;
    });
    await eventually('it was collected after a rest', () => flavors.at(-1) === 'last-resort' && flavors.length > 2);
    expect({ first: flavors[0], second: flavors[1], grown: grown.length > 0 }).toEqual({ first: 'last-resort', second: 'regular', grown: true });
  });

  it('is not collected again where it has not grown', async () => {
    let collections = 0;
    let looks = 0;
    heapAtRest = new HeapAtRest(() => void (collections += 1), always);
    heapAtRest.start();
    const counter = setInterval(() => void (looks += 1), everyMs);
    await eventually('there was time to look twenty times', () => looks > 20);
    clearInterval(counter);
    expect(collections).toBeLessThanOrEqual(2);
  });

  it('is not collected again at once where a little work makes it grow all the time', async () => {
    let collections = 0;
    let looks = 0;
    heapAtRest = new HeapAtRest(() => {
      collections += 1;
      for (const beganMs = performance.now(); performance.now() - beganMs < costMs;);
    }, always);
    heapAtRest.start();
    await eventually('it was collected', () => collections > 0);
    const grown = Array.from({ length: burstBytes / 64 }, (_, index) => ({ index, text: `${index}` }));
    const counter = setInterval(() => void (looks += 1), everyMs);
    await eventually('there was time to look twenty times', () => looks > 20);
    clearInterval(counter);
    expect({ collections, grown: grown.length }).toEqual({ collections: 1, grown: burstBytes / 64 });
  });
});
