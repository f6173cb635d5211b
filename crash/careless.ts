import type { Chance } from './chance.ts';
import { Fleet } from './fleet.ts';
import type { Ground } from './ground.ts';
import type { PairLedger } from './pair/pair-ledger.ts';
import { startPair } from './pair/pair.ts';
import { play, type Stage } from './play.ts';
import type { Report } from './report.ts';
import type { Scenario } from './scenario.ts';
import { carelessStep } from './steps.ts';

const roles = { accept: 'careless-accept', effect: 'careless-effect' } as const;

/** Kills a consumer that is made wrong, where that shows. */
export const carelessScenario: Scenario = {
  name: 'careless',
  what: 'a consumer that is made wrong, killed where that shows',
  async run(chaos) {
    const [one, another] = chaos.fleet.replicasOf(roles.effect);
    if (one === undefined || another === undefined) throw new Error('The careless pair needs two consumers.');
    await Promise.all([chaos.killAtStep(carelessStep, [one]), chaos.killAtStep('inbox.committed', [another])]);
  },
};

interface CarelessStage extends Stage {
  readonly ledgers: readonly [PairLedger];
}

/**
 * Shows that this run would find faults: has a pair of its own whose consumer has its effects outside of the inbox's
 * transaction, and passes only where its events are found lost and doubled, and its tasks, which are done as
 * they should be, faultless.
 */
export class Careless {
  readonly #stage: CarelessStage;

  private constructor(stage: CarelessStage) {
    this.#stage = stage;
  }

  /** Starts the pair, for which all servers have to be there. */
  static async start(ground: Ground, chance: Chance, report: Report): Promise<Careless> {
    const fleet = await Fleet.create(ground.guardian, () => 0);
    const ledger = await startPair(ground, fleet, { name: 'careless', roles, consumer: 'careless', replicas: { accept: 1, effect: 2 } });
    return new Careless({ ground, fleet, ledgers: [ledger], chance, report });
  }

  async play(): Promise<void> {
    this.#stage.report.careless(await play(this.#stage, carelessScenario));
  }

  async stop(): Promise<void> {
    await this.#stage.ledgers[0].stop();
    await this.#stage.fleet.stop();
  }
}
