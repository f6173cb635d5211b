import { setUpAndRun } from './handover.mjs';
import { runMain } from './setup-fault.mjs';

// Servers, data and logs of its own: what the developer has is not to be killed.
process.env['CROSSDOCK_STATE'] ??= 'crash';
await runMain(() => setUpAndRun('../crash/run.ts', process.argv.slice(2)));
