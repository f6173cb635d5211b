import { setTimeout as pause } from 'node:timers/promises';
import type { Part } from '../infra/keeper/keeper-protocol.ts';
import type { Chance } from './chance.ts';
import type { Fleet } from './fleet.ts';
import type { Ground } from './ground.ts';
import type { Replica } from './replica.ts';
import type { carelessStep, Step } from './steps.ts';

/** Long enough for a consumer that has to wait until the group has given up the one that was killed before it. */
const STEP_DEADLINE_MS = 60_000;
const LEAVE_MS = 1_000;

/** Kills things, and remembers what and when. */
export class Chaos {
  readonly chance: Chance;
  readonly fleet: Fleet;
  readonly #ground: Ground;
  readonly #note: (what: string) => void;
  #kills = 0;
  #rolls = 0;

  constructor(ground: Ground, fleet: Fleet, chance: Chance, note: (what: string) => void) {
    this.#ground = ground;
    this.fleet = fleet;
    this.chance = chance;
    this.#note = note;
  }

  /** How many replicas were replaced in good order. */
  get rolls(): number {
    return this.#rolls;
  }

  get kills(): number {
    return this.#kills;
  }

  /** Lets the load run for a while that chance decides. */
  async wait(leastMs: number, mostMs: number): Promise<void> {
    await pause(this.chance.between(leastMs, mostMs));
  }

  /** Kills one of these at a step. @throws Error where none reached it: then the scenario has shown nothing. */
  async killAtStep(step: Step | typeof carelessStep, replicas: readonly Replica[], withinMs = STEP_DEADLINE_MS): Promise<void> {
    const replica = this.chance.pick(replicas);
    const times = this.chance.between(1, 6);
    await replica.untilReady();
    if (!await replica.killAt(step, times, withinMs)) {
      throw new Error(`${replica.plan.name} did not reach ${step} ${times} times within ${withinMs / 1_000} s`);
    }
    this.#count(`${replica.plan.name} at ${step}`);
  }

  async kill(replica: Replica): Promise<void> {
    await replica.kill();
    this.#count(replica.plan.name);
  }

  /** Kills one for good, and starts another one beside those that are left. */
  async replace(replica: Replica): Promise<void> {
    await this.fleet.remove(replica);
    this.#count(`${replica.plan.name} for good`);
    await this.fleet.grow(replica.plan.role);
  }

  /**
   * Puts another replica in the place of one, as a rolling update does: the new one is ready before the old one leaves.
   * @throws Error where the old one did not end by itself in good order.
   */
  async roll(replica: Replica): Promise<void> {
    await this.fleet.grow(replica.plan.role);
    replica.leaveRotation();
    // What `preStop` waits for: requests that were on their way when it left.
    await pause(LEAVE_MS);
    const how = await this.fleet.retire(replica);
    this.#rolls += 1;
    this.#note(`${replica.plan.name} was replaced, and ended with ${how ?? 'nothing'}`);
    if (how !== 'exit status 0') throw new Error(`${replica.plan.name} ended with ${how ?? 'nothing'}, and not in good order`);
  }

  /** Kills a server and brings it back after a while. */
  async restartServer(part: Part): Promise<void> {
    this.#count(part);
    await this.#ground.restart(part, this.chance.between(100, 2_000));
    this.#note(`${part} is back`);
  }

  /** Notes something that happened beside the kills. */
  note(what: string): void {
    this.#note(what);
  }

  #count(what: string): void {
    this.#kills += 1;
    this.#note(`killed ${what}`);
  }
}
