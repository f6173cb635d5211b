import { setUpAndRun } from './handover.mjs';
import { runMain } from './setup-fault.mjs';

await runMain(() => setUpAndRun('advisories/audit.ts', process.argv.slice(2)));
