import { setUpAndRun } from '../launch/handover.mjs';
import { runMain } from '../launch/setup-fault.mjs';

await runMain(() => setUpAndRun('documents/generate.ts', process.argv.slice(2)));
