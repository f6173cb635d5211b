import { setUpAndRun } from './handover.mjs';
import { runMain } from './setup-fault.mjs';

await runMain(() => setUpAndRun('../bench/run.ts', process.argv.slice(2)));
