/** `npm start`, after the launcher has set the machine up: everything runs, one order's journey is shown, and it stays up until Ctrl-C. */
import { parseArgs } from 'node:util';
import { runJourney } from './journey/journey.ts';
import { runMain } from './launch/setup-fault.mjs';
import { System } from './running-system.ts';
import { stopRequested } from './stop-request.ts';

const INTERRUPTED = 130;

await runMain(async () => {
  const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
  const say = (sentence: string): void => void process.stdout.write(`  ${sentence}\n`);
  const stop = stopRequested();
  const system = new System(process.env, say);
  try {
    const journey = playJourney(system, values.once, say);
    const interrupted = stop.then(() => INTERRUPTED);
    const status = await Promise.race([journey, interrupted]);
    if (status !== INTERRUPTED && !values.once) await stop;
    return status;
  } finally {
    say('Stopping …');
    await system.stop();
    say('Stopped.');
  }
});

/** Answers the exit status: whether the journey was verified where that is all, else 0 now that everything is up. */
async function playJourney(system: System, once: boolean, say: (sentence: string) => void): Promise<number> {
  const running = await system.start();
  const isVerified = await runJourney(running);
  if (once) return isVerified ? 0 : 1;
  say(`Crossdock is up at ${running.gatewayUrl}; the vendors' sandbox at ${running.sandboxUrl}. Ctrl-C stops everything.`);
  return 0;
}
