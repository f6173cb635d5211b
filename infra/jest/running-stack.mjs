// JavaScript, so that jest, which turns TypeScript set-up files into CommonJS, leaves this file and all it imports to Node.
import { provideStack } from '../stack.ts';

/** @type {import('../stack.ts').Stack | undefined} */
let running;

/** The one stack of a test run, shared by the set-up that starts it and the tear-down that gives it up. */
export const runningStack = {
  async start() {
    running ??= await provideStack({ log: (sentence) => process.stderr.write(`${sentence}\n`) });
    return running;
  },
  async stop() {
    await running?.stop();
    running = undefined;
  },
};
