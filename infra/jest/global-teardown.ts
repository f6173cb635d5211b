import { runningStack } from './running-stack.mjs';
import { systemLender } from './system-lender.mjs';

/** Jest's global tear-down: ends the system that tests shared, then gives the servers up; they end unless somebody else uses them. */
export default async function tearDown(): Promise<void> {
  await systemLender.stop();
  await runningStack.stop();
}
