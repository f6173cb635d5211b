/**
 * A fault that the person at the keyboard can mend. Its message is one sentence that says what is wrong and what to do;
 * it is shown alone, without a stack trace.
 */
export class SetupFault extends Error {
  /** @override */
  name = 'SetupFault';
}

/**
 * Runs a program's main function and ends the process with what it answers; a {@link SetupFault} becomes one sentence and status 1.
 * @param {() => Promise<number>} main
 * @returns {Promise<void>}
 */
export async function runMain(main) {
  let status = 1;
  try {
    status = await main();
  } catch (error) {
    process.stderr.write(error instanceof SetupFault ? `crossdock: ${error.message}\n` : `${describe(error)}\n`);
  }
  process.exit(status);
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function describe(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
