import type { Benchmark } from './bench.ts';
import { measureFreshness } from './sync/freshness.ts';
import { measureInitialLoad } from './sync/initial-load.ts';
import { measureLimitedLoad } from './sync/limited-load.ts';
import { measureTakeOver } from './sync/take-over.ts';
import { measureVendorCalls } from './sync/vendor-calls.ts';

/** What it costs to keep CRM records in step. */
export const benchmark: Benchmark = {
  name: 'sync',
  parts: {
    'calls': measureVendorCalls, 'initial-load': measureInitialLoad, 'limited-load': measureLimitedLoad, 'take-over': measureTakeOver, 'freshness': measureFreshness,
  },
};
