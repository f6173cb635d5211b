import { SetupFault } from '../infra/launch/setup-fault.mjs';
import { carelessScenario } from './careless.ts';
import type { PairPlan } from './pair/pair.ts';
import { randomScenario, rollingRestart, type Scenario, scenarios, shortScenario } from './scenario.ts';

/** How many replicas there are of the pair's two parts. */
const twoOfEach = { accept: 2, effect: 2 };
/** As many as there are steps at which the short form kills at the same time. */
const forTheShortForm = { accept: 2, effect: 3 };
/** The random kills come in rounds, so that a fault is found near to its cause. */
const ROUND_MS = 60_000;

/** What is played in a run. */
export interface Programme {
  readonly scenarios: readonly Scenario[];
  readonly pairReplicas: PairPlan['replicas'];
  /** Whether it is shown beside them that faults would be found. */
  readonly hasCareless: boolean;
  /** Whether the services are killed as well, or the pair alone. */
  readonly hasServices: boolean;
  /** Whether the pair runs. */
  readonly hasPair: boolean;
  /** Whether servers are killed, which must be the run's own then. */
  readonly killsServers: boolean;
}

/** @param name one scenario, or several of those that share their processes, separated by commas; all of them where none is given */
export function choose(name: string | undefined, minutes: number): Programme {
  const rounds = Math.max(1, Math.round((minutes * 60_000) / ROUND_MS));
  const random = Array.from({ length: rounds }, () => randomScenario((minutes * 60_000) / rounds));
  switch (name) {
    case undefined: return { scenarios: [...scenarios, ...random], pairReplicas: twoOfEach, hasCareless: true, hasServices: true, hasPair: true, killsServers: true };
    case 'random': return { scenarios: random, pairReplicas: twoOfEach, hasCareless: false, hasServices: true, hasPair: true, killsServers: true };
    case shortScenario.name: return { scenarios: [shortScenario], pairReplicas: forTheShortForm, hasCareless: true, hasServices: false, hasPair: true, killsServers: true };
    // Nothing of the pair is replaced: it would only take time.
    case rollingRestart.name: return { scenarios: [rollingRestart], pairReplicas: twoOfEach, hasCareless: false, hasServices: true, hasPair: false, killsServers: false };
    case carelessScenario.name: return { scenarios: [], pairReplicas: twoOfEach, hasCareless: true, hasServices: false, hasPair: true, killsServers: true };
  }
  return { scenarios: name.split(',').map(scenarioOf), pairReplicas: twoOfEach, hasCareless: false, hasServices: true, hasPair: true, killsServers: true };
}

function scenarioOf(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  const names = [...scenarios, shortScenario, carelessScenario].map((each) => each.name);
  throw new SetupFault(`There is no scenario ${name}: choose one of ${names.join(', ')}, random.`);
}
