import type { Benchmark } from './bench.ts';
import { measureFreshness } from './sync/freshness.ts';
import { measureInitialLoad } from './sync/initial-load.ts';
import { measureVendorCalls } from './sync/vendor-calls.ts';

/** What it costs to keep CRM records in step. */
export const benchmark: Benchmark = {
  name: 'sync',
  parts: { 'calls': measureVendorCalls, 'initial-load': measureInitialLoad, 'freshness': measureFreshness },
};
