import { setUpAndRun } from './handover.mjs';
import { runMain } from './setup-fault.mjs';

await runMain(() => setUpAndRun('test.ts', process.argv.slice(2)));
