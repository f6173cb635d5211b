import type { Part } from '../infra/keeper/keeper-protocol.ts';
import type { Chaos } from './chaos.ts';
import type { Replica } from './replica.ts';
import { stepDescriptions, steps, type Step } from './steps.ts';

/** One way in which things are killed while the load runs. */
export interface Scenario {
  readonly name: string;
  /** For people: what is killed, and when. */
  readonly what: string;
  /** Nothing is killed, so that no request may fail either. */
  readonly isSmooth?: boolean;
  run(chaos: Chaos): Promise<void>;
}

/** Who reaches which step. */
const rolesOf: Readonly<Record<Step, readonly string[]>> = {
  'outbox.committed': ['accept', 'gateway', 'orders', 'crm-hubspot'],
  'relay.acknowledged': ['accept', 'gateway', 'orders', 'crm-hubspot'],
  'consumer.fetched': ['effect', 'orders', 'crm-hubspot'],
  'inbox.committed': ['effect', 'orders', 'crm-hubspot'],
  'task.taken': ['effect', 'crm-hubspot'],
  'task.called': ['effect', 'crm-hubspot'],
  'task.recorded': ['effect', 'crm-hubspot'],
};
const serviceRoles = ['gateway', 'orders', 'crm-hubspot'];
const allRoles = ['accept', 'effect', ...serviceRoles];
const killsOfAStep = 3;
/** At random nobody waits long for a step that a replica may have no work to reach. */
const randomStepMs = 20_000;

const stepScenarios: readonly Scenario[] = steps.map((step) => ({
  name: `step-${step.replace('.', '-')}`,
  what: `killed ${stepDescriptions[step]}`,
  async run(chaos) {
    for (let kill = 0; kill < killsOfAStep; kill += 1) {
      await Promise.all(groupsAt(chaos, step).map((replicas) => chaos.killAtStep(step, replicas)));
      await chaos.wait(500, 2_000);
    }
  },
}));

/** One replica of the pair and one service, so that both loads feel each kill. */
function groupsAt({ fleet }: Chaos, step: Step): Replica[][] {
  const roles = rolesOf[step];
  const pair = fleet.replicasOf(...roles.filter((role) => !serviceRoles.includes(role)));
  const services = fleet.replicasOf(...roles.filter((role) => serviceRoles.includes(role)));
  return [pair, services].filter((group) => group.length > 0);
}

const replicaScenarios: readonly Scenario[] = [
  { name: 'relay-replicas', what: 'three relays, one killed for good and one added, again and again', run: (chaos) => replaceReplicas(chaos, 'accept') },
  { name: 'consumer-replicas', what: 'three consumers, one killed for good and one added, again and again', run: (chaos) => replaceReplicas(chaos, 'effect') },
  {
    name: 'services', what: 'replicas of the services and the pair killed at random',
    async run(chaos) {
      for (let kill = 0; kill < 8; kill += 1) {
        await chaos.kill(chaos.chance.pick(chaos.fleet.replicasOf(...allRoles)));
        await chaos.wait(300, 2_000);
      }
    },
  },
];

async function replaceReplicas(chaos: Chaos, role: string): Promise<void> {
  const third = await chaos.fleet.grow(role);
  for (let turn = 0; turn < 3; turn += 1) {
    await chaos.wait(1_000, 3_000);
    await chaos.replace(chaos.chance.pick(chaos.fleet.replicasOf(role)));
  }
  await chaos.fleet.remove(chaos.fleet.replicasOf(role).at(-1) ?? third);
}

/** More would only wait for one another on a machine of two cores. */
const rolledAtOnce = 3;

/** Replaces each replica of each service, some services side by side, as the roll-out of a new version does. */
export const rollingRestart: Scenario = {
  name: 'rolling-restart',
  what: 'each replica of the services replaced by a new one in good order',
  isSmooth: true,
  async run(chaos) {
    const roles = chaos.fleet.frontedRoles;
    const roll = async (): Promise<void> => {
      for (let role = roles.shift(); role !== undefined; role = roles.shift()) {
        for (const replica of chaos.fleet.replicasOf(role)) await chaos.roll(replica);
      }
    };
    await Promise.all(Array.from({ length: rolledAtOnce }, roll));
    await chaos.wait(1_000, 1_000);
  },
};

const serverScenarios: readonly Scenario[] = (['kafka', 'postgres', 'redis'] as const).map((part: Part) => ({
  name: `${part}-restart`,
  what: `${part} killed and started again under load`,
  async run(chaos) {
    for (let turn = 0; turn < 3; turn += 1) {
      await chaos.wait(500, 2_500);
      await chaos.restartServer(part);
      await chaos.wait(1_000, 3_000);
    }
  },
}));

/** Everything at random until the time is over; most kills are of processes, as they are in life. */
export function randomScenario(durationMs: number): Scenario {
  return {
    name: 'random',
    what: 'services, replicas, Kafka, PostgreSQL and Redis killed at random and at random steps',
    async run(chaos) {
      const endsAt = performance.now() + durationMs;
      while (performance.now() < endsAt) {
        await killSomething(chaos);
        await chaos.wait(100, 3_000);
      }
    },
  };
}

async function killSomething(chaos: Chaos): Promise<void> {
  const { chance, fleet } = chaos;
  const draw = chance.next();
  if (draw < 0.08) return chaos.restartServer('kafka');
  if (draw < 0.16) return chaos.restartServer('postgres');
  if (draw < 0.2) return chaos.restartServer('redis');
  if (draw < 0.3) return chaos.replace(chance.pick(fleet.replicasOf('accept', 'effect')));
  if (draw < 0.65) return chaos.kill(chance.pick(fleet.replicasOf(...allRoles)));
  const step = chance.pick(steps);
  return chaos.killAtStep(step, fleet.replicasOf(...rolesOf[step]), randomStepMs).catch((error: unknown) => {
    // At random a server may just be away, or the replica have nothing to do; the step scenarios insist.
    chaos.note(error instanceof Error ? error.message : String(error));
  });
}

/**
 * Each step and each server that matters once, for the tests. Kafka goes away while the replicas that were killed first
 * come back, and leaves a backlog that brings the next ones to their steps at once: it takes half a minute.
 */
export const shortScenario: Scenario = {
  name: 'short',
  what: 'each step, PostgreSQL and Kafka killed once',
  async run(chaos) {
    await chaos.restartServer('postgres');
    await killEachAt(chaos, 'consumer.fetched', 'inbox.committed');
    await killEachAt(chaos, 'outbox.committed', 'relay.acknowledged');
    await chaos.restartServer('kafka');
    await killEachAt(chaos, 'task.taken', 'task.called', 'task.recorded');
  },
};

/** Has one replica killed at each of these steps, another one at each. */
async function killEachAt(chaos: Chaos, ...at: readonly Step[]): Promise<void> {
  await Promise.all(at.map((step, index) => chaos.killAtStep(step, chaos.fleet.replicasOf(...rolesOf[step]).slice(index, index + 1))));
}

/** All scenarios but the random one, in the order in which they are run. */
export const scenarios: readonly Scenario[] = [...stepScenarios, ...replicaScenarios, ...serverScenarios, rollingRestart];
