import { runningStack } from './running-stack.mjs';

/** Jest's global tear-down: gives the servers up; they end unless somebody else uses them. */
export default async function tearDown(): Promise<void> {
  await runningStack.stop();
}
