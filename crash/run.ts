/** `npm run test:crash [-- --minutes N --scenario NAME --seed S]`, after the launcher has set the machine up and built the packages. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runMain, SetupFault } from '../infra/launch/setup-fault.mjs';
import { runStep } from '../infra/launch/progress.mjs';
import { stopRequested } from '../infra/stop-request.ts';
import { Careless } from './careless.ts';
import { Chance } from './chance.ts';
import { Fleet } from './fleet.ts';
import { Ground } from './ground.ts';
import { startHub } from './hub/hub.ts';
import type { Ledger } from './ledger.ts';
import { startPair } from './pair/pair.ts';
import { play, playBack, type Stage } from './play.ts';
import { choose, type Programme } from './programme.ts';
import { Report } from './report.ts';

const INTERRUPTED = 130;
const SERVICE_REPLICAS = 2;
const pairRoles = { accept: 'accept', effect: 'effect' } as const;

await runMain(async () => await Promise.race([main(), stopRequested().then(() => INTERRUPTED)]));

/** Answers the exit status: 0 when all scenarios passed. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '2' }, scenario: { type: 'string' }, seed: { type: 'string' }, pair: { type: 'boolean', default: false }, 'every-service': { type: 'boolean', default: false } },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new SetupFault('--minutes must be a number above 0.');
  const seed = values.seed === undefined ? randomInt(1, 1_000_000) : Number(values.seed);
  if (!Number.isInteger(seed)) throw new SetupFault('--seed must be a whole number.');
  const { scenarios, pairReplicas, hasCareless, hasServices, hasPair, killsServers } = choose(values.scenario, minutes);
  const say = (sentence: string): void => void process.stdout.write(`  ${sentence}\n`);
  say(`seed ${seed}; the same one gives the same kills`);

  // A port that is fixed for the developer's own servers is not for these.
  for (const name of Object.keys(process.env).filter((each) => /^CROSSDOCK_.*_PORT$/.test(each))) Reflect.deleteProperty(process.env, name);
  const ground = await Ground.prepare(process.env, say, { killsServers });
  const chance = new Chance(seed);
  const fleet = await Fleet.create(ground.guardian, () => 100 + Math.random() * 900);
  const ledgers: Ledger[] = [];
  const report = new Report();
  // Beside the others, as it waits most of the time; chance of its own, so that it does not take theirs.
  const careless = hasCareless ? Careless.start(ground, new Chance(seed), report) : Promise.resolve(undefined);
  careless.catch(() => undefined); // told of once the others have started
  try {
    if (scenarios.length > 0 && hasPair) await runStep('Pair', async () => ledgers.push(await startPair(ground, fleet, { name: 'pair', roles: pairRoles, consumer: 'effect', replicas: pairReplicas })));
    if (hasServices && !values.pair) await runStep('Services', async () => ledgers.push(await startHub(ground, fleet, { replicas: SERVICE_REPLICAS, ofEveryService: values['every-service'] })));
    return await playAll({ ground, fleet, ledgers, chance, report }, scenarios, await careless) ? 0 : 1;
  } finally {
    await careless.then((started) => started?.stop(), () => undefined);
    await Promise.all(ledgers.map((ledger) => ledger.stop()));
    await fleet.stop();
    await ground.release();
  }
}

async function playAll(stage: Stage, scenarios: Programme['scenarios'], careless: Careless | undefined): Promise<boolean> {
  const beside = careless?.play();
  beside?.catch(() => undefined); // told of after the others
  for (const [index, scenario] of scenarios.entries()) {
    await stage.report.scenario(await play(stage, scenario, `${String(index + 1).padStart(2, '0')} ${scenario.name}`));
  }
  await beside;
  if (scenarios.length > 1) await stage.report.scenario(await playBack(stage));
  for (const end of stage.fleet.ownEnds) stage.report.note(`ended by itself: ${end}`);
  return stage.report.end();
}
