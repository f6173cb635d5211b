/** The command line was not understood; the message says what to give. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault';
}
