/** `npm run test:crash [-- --minutes N --scenario NAME --seed S]`, after the launcher has set the machine up and built the packages. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runMain, SetupFault } from '../infra/launch/setup-fault.mjs';
import { runStep } from '../infra/launch/progress.mjs';
import { stopRequested } from '../infra/stop-request.ts';
import { Chance } from './chance.ts';
import { Fleet } from './fleet.ts';
import { Ground } from './ground.ts';
import { startHub } from './hub/hub.ts';
import type { Ledger } from './ledger.ts';
import { startPair } from './pair/pair.ts';
import { play, playBack, type Stage } from './play.ts';
import { Report } from './report.ts';
import { randomScenario, type Scenario, scenarios, shortScenario } from './scenario.ts';

const INTERRUPTED = 130;
const REPLICAS = 2;
/** The random kills come in rounds, so that a fault is found near to its cause. */
const ROUND_MS = 60_000;

await runMain(async () => await Promise.race([main(), stopRequested().then(() => INTERRUPTED)]));

/** Answers the exit status: 0 when all scenarios passed. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '2' }, scenario: { type: 'string' }, seed: { type: 'string' }, pair: { type: 'boolean', default: false } },
  });
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new SetupFault('--minutes must be a number above 0.');
  const seed = values.seed === undefined ? randomInt(1, 1_000_000) : Number(values.seed);
  if (!Number.isInteger(seed)) throw new SetupFault('--seed must be a whole number.');
  const chosen = choose(values.scenario, minutes);
  const say = (sentence: string): void => void process.stdout.write(`  ${sentence}\n`);
  say(`seed ${seed}; the same one gives the same kills`);

  // A port that is fixed for the developer's own servers is not for these.
  for (const name of Object.keys(process.env).filter((each) => /^CROSSDOCK_.*_PORT$/.test(each))) Reflect.deleteProperty(process.env, name);
  const ground = await Ground.prepare(process.env, say);
  const chance = new Chance(seed);
  const fleet = await Fleet.create(ground.guardian, () => 100 + Math.random() * 900);
  const ledgers: Ledger[] = [];
  try {
    await runStep('Pair', async () => ledgers.push(await startPair(ground, fleet, REPLICAS)));
    if (!values.pair && values.scenario !== shortScenario.name) await runStep('Services', async () => ledgers.push(await startHub(ground, fleet, REPLICAS)));
    return await playAll({ ground, fleet, ledgers, chance, report: new Report() }, chosen) ? 0 : 1;
  } finally {
    await Promise.all(ledgers.map((ledger) => ledger.stop()));
    await fleet.stop();
    await ground.release();
  }
}

async function playAll(stage: Stage, chosen: readonly Scenario[]): Promise<boolean> {
  for (const [index, scenario] of chosen.entries()) {
    await stage.report.scenario(await play(stage, scenario, `${String(index + 1).padStart(2, '0')} ${scenario.name}`));
  }
  if (chosen.length > 1) await stage.report.scenario(await playBack(stage));
  for (const end of stage.fleet.ownEnds) stage.report.note(`ended by itself: ${end}`);
  return stage.report.end();
}

function choose(name: string | undefined, minutes: number): readonly Scenario[] {
  const rounds = Math.max(1, Math.round((minutes * 60_000) / ROUND_MS));
  const random = Array.from({ length: rounds }, () => randomScenario((minutes * 60_000) / rounds));
  if (name === undefined) return [...scenarios, ...random];
  if (name === 'random') return random;
  const found = [...scenarios, shortScenario].find((scenario) => scenario.name === name);
  if (found === undefined) throw new SetupFault(`There is no scenario ${name}: choose one of ${[...scenarios, shortScenario].map((each) => each.name).join(', ')}, random.`);
  return [found];
}
