/** `npm start`, after the launcher has set the machine up: everything runs, one order's journey is shown, and it stays up until Ctrl-C. */
import { parseArgs } from 'node:util';
import { SandboxControl } from '@crossdock/sandbox';
import { admitAdministrators, admitOperators, demoPeople } from './journey/demo-people.ts';
import { GatewayApi } from './journey/gateway-api.ts';
import { runJourney } from './journey/journey.ts';
import { runMain } from './launch/setup-fault.mjs';
import { System, type RunningSystem } from './running-system.ts';
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
  const { isVerified, tenantId } = await runJourney(running);
  if (once) return isVerified ? 0 : 1;
  say(`Crossdock is up at ${running.gatewayUrl}; the vendors' sandbox at ${running.sandboxUrl}. Ctrl-C stops everything.`);
  if (tenantId !== undefined) await openConsole(running, tenantId, say);
  return 0;
}

/** Says where people look at what is there: nobody is asked for a password. */
async function openConsole(running: RunningSystem, tenantId: string, say: (sentence: string) => void): Promise<void> {
  const parts = { running, gateway: await GatewayApi.forDemo(running), sandbox: new SandboxControl(running.sandboxUrl) };
  const { ada, hopper } = demoPeople;
  say(`The tenant's console: ${await admitAdministrators(parts, tenantId, `demo-${tenantId.slice(-8)}.localhost`)}/console, to sign in as ${ada.email}.`);
  say(`The operators' console: ${await admitOperators(parts)}/console, to sign in as ${hopper.email}.`);
}
