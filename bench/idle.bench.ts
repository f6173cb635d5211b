import type { Benchmark } from './bench.ts';
import { measureAtRest } from './idle/at-rest.ts';
import { measureStartUp } from './idle/start-up.ts';

/** What the hub takes to be there at all: how long each service starts, and what all of them hold and compute while nobody wants anything. */
export const benchmark: Benchmark = {
  name: 'idle',
  parts: { 'start-up': measureStartUp, 'at-rest': measureAtRest },
};
