import { setUpAndRun } from './handover.mjs';
import { runMain } from './setup-fault.mjs';

await runMain(() => setUpAndRun('start.ts', process.argv.slice(2)));
