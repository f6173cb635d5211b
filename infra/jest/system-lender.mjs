// JavaScript for the same reason as running-stack.mjs.
import { SystemLender } from '../journey/system-lender.ts';

/** @type {SystemLender | undefined} */
let lender;

/** Lends a test run's files one system among them. */
export const systemLender = {
  /** @returns where it listens */
  async listen() {
    lender ??= new SystemLender();
    await lender.listen();
    return lender.address;
  },
  async stop() {
    await lender?.stop();
    lender = undefined;
  },
};
