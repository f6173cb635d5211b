import type { Benchmark } from './bench.ts';
import { measureInitialLoad } from './sync/initial-load.ts';

/** What it costs to keep CRM records in step. */
export const benchmark: Benchmark = { name: 'sync', run: measureInitialLoad };
