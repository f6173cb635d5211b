import type { Guardian } from '../infra/supervise/guardian-client.ts';
import { claimPortOffset } from '../infra/ports.ts';
import { Front } from './front.ts';
import { Replica } from './replica.ts';

/** How one more replica of a role is made. */
export interface Role {
  readonly name: string;
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** Below the range from which outgoing connections take their ports, so that a restart finds its own free. */
const FIRST_PORT = 21_000;

/** All replicas of all roles. */
export class Fleet {
  readonly #guardian: Guardian;
  readonly #restartPauseMs: () => number;
  readonly #roles = new Map<string, Role>();
  readonly #replicas = new Map<string, Replica>();
  readonly #counts = new Map<string, number>();
  readonly #fronts = new Map<string, Front>();
  #nextPort: number;

  private constructor(firstPort: number, guardian: Guardian, restartPauseMs: () => number) {
    this.#nextPort = firstPort;
    this.#guardian = guardian;
    this.#restartPauseMs = restartPauseMs;
  }

  /** @param restartPauseMs how long a replica that ended stays away */
  static async create(guardian: Guardian, restartPauseMs: () => number): Promise<Fleet> {
    const offset = await claimPortOffset(FIRST_PORT - 1, () => undefined);
    return new Fleet(FIRST_PORT + offset, guardian, restartPauseMs);
  }

  addRole(role: Role): void {
    this.#roles.set(role.name, role);
  }

  /** Starts one more replica of a role and waits until it is ready. */
  async grow(roleName: string): Promise<Replica> {
    const role = this.#roles.get(roleName);
    if (role === undefined) throw new Error(`There is no role ${roleName}.`);
    const number = (this.#counts.get(roleName) ?? 0) + 1;
    this.#counts.set(roleName, number);
    const port = this.#nextPort;
    const internalPort = port + 1;
    this.#nextPort += 2;
    const name = `${roleName}-${number}`;
    const environment = { ...role.environment, PORT: String(port), INTERNAL_PORT: String(internalPort) };
    const replica = new Replica({
      name, role: roleName, program: role.program, environment,
      apiUrl: `http://127.0.0.1:${port}`, readyUrl: `http://127.0.0.1:${internalPort}/health/ready`,
    }, this.#guardian, this.#restartPauseMs);
    this.#replicas.set(name, replica);
    await replica.start();
    return replica;
  }

  /** Has all replicas of a role, whichever they are, reached at one port. */
  async openFront(roleName: string, port: number): Promise<void> {
    this.#fronts.set(roleName, await Front.listen(port, () => this.replicasOf(roleName)));
  }

  /** The roles that are reached by a front. */
  get frontedRoles(): string[] {
    return [...this.#fronts.keys()];
  }

  /** Ends a replica in order, for good. @returns how it ended. */
  async retire(replica: Replica): Promise<string | undefined> {
    const how = await replica.stop();
    this.#replicas.delete(replica.plan.name);
    return how;
  }

  /** Kills a replica for good. */
  async remove(replica: Replica): Promise<void> {
    this.#replicas.delete(replica.plan.name);
    await replica.remove();
  }

  replicasOf(...roleNames: readonly string[]): Replica[] {
    return [...this.#replicas.values()].filter(({ plan }) => roleNames.includes(plan.role));
  }

  async untilReady(): Promise<void> {
    await Promise.all([...this.#replicas.values()].map((replica) => replica.untilReady()));
  }

  /** How replicas ended by themselves, with their names. */
  get ownEnds(): string[] {
    return [...this.#replicas.values()].flatMap(({ plan, ownEnds }) => ownEnds.map((how) => `${plan.name}: ${how}`));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#fronts.values()].map((front) => front.close()));
    await Promise.all([...this.#replicas.values()].map((replica) => replica.stop()));
  }
}
