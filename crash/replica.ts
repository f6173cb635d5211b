import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LOGS, STATE } from '../infra/launch/folders.mjs';
import { answersReady } from '../infra/supervise/answers-ready.ts';
import type { Guardian } from '../infra/supervise/guardian-client.ts';
import { ManagedProcess } from '../infra/supervise/managed-process.ts';
import { waitFor } from '../infra/supervise/wait-for.ts';
import type { carelessStep, Step } from './steps.ts';

const KILL_AT = join(import.meta.dirname, 'kill-at.ts');
const READY_DEADLINE_MS = 60_000;
/** Longer than a service may take to drain. */
const STOP_DEADLINE_MS = 30_000;

export interface ReplicaPlan {
  readonly name: string;
  /** What it is one of, such as `gateway`. */
  readonly role: string;
  /** The program, as an absolute path. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly apiUrl: string;
  readonly readyUrl: string;
}

/** One process of several that do the same, started anew whenever it ends, as an orchestrator does. */
export class Replica {
  readonly plan: ReplicaPlan;
  /** How it ended where nobody had killed it; a database that stays away ends the start of a service. */
  readonly ownEnds: string[] = [];
  readonly #guardian: Guardian;
  readonly #restartPauseMs: () => number;
  readonly #atFile: string;
  #child: ManagedProcess | undefined;
  #isWanted = true;
  #isLeaving = false;
  #isReady = false;
  #keeping: Promise<void> | undefined;

  constructor(plan: ReplicaPlan, guardian: Guardian, restartPauseMs: () => number) {
    this.plan = plan;
    this.#guardian = guardian;
    this.#restartPauseMs = restartPauseMs;
    this.#atFile = join(STATE, 'run', `${plan.name}.kill-at.json`);
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    this.#keeping = this.#keep();
    await this.untilReady();
  }

  /** @throws Error where it is not ready in time. */
  async untilReady(): Promise<void> {
    if (!await waitFor(() => this.#isReady, READY_DEADLINE_MS)) throw new Error(`${this.plan.name} is not ready after ${READY_DEADLINE_MS / 1_000} s: its log is in ${LOGS}.`);
  }

  /** Whether it is to get requests. */
  get isInRotation(): boolean {
    return this.#isReady && !this.#isLeaving;
  }

  get apiUrl(): string {
    return this.plan.apiUrl;
  }

  /** Has no request sent to it any more; those that it has go on. */
  leaveRotation(): void {
    this.#isLeaving = true;
  }

  /** Ends it by SIGKILL; it is started anew by itself. */
  async kill(): Promise<void> {
    const child = this.#child;
    child?.kill('SIGKILL');
    await child?.ended;
  }

  /**
   * Has it killed when it reaches a step for the given time from now on.
   * @returns whether it was, before the deadline.
   */
  async killAt(step: Step | typeof carelessStep, times: number, withinMs: number): Promise<boolean> {
    const child = this.#child;
    if (child === undefined) return false;
    this.#arm(child, step, times);
    const died = child.ended.then((how) => how === 'signal SIGKILL');
    const deadline = new AbortController();
    const isDead = await Promise.race([died, pause(withinMs, false, { signal: deadline.signal }).catch(() => false)]);
    deadline.abort();
    if (child.isRunning) this.#arm(child, step, Number.MAX_SAFE_INTEGER);
    return isDead;
  }

  /** Ends it in order, for good. @returns how it ended. */
  async stop(): Promise<string | undefined> {
    this.#isWanted = false;
    await this.#child?.stop();
    await this.#keeping;
    return await this.#child?.ended;
  }

  /** Ends it by SIGKILL, for good. */
  async remove(): Promise<void> {
    this.#isWanted = false;
    await this.kill();
    await this.#keeping;
  }

  #arm(child: ManagedProcess, step: Step | typeof carelessStep, times: number): void {
    writeFileSync(this.#atFile, JSON.stringify({ step, times }));
    child.kill('SIGUSR2');
  }

  #isUnwanted(): boolean {
    return !this.#isWanted;
  }

  async #keep(): Promise<void> {
    for (let lives = 0; ; lives += 1) {
      const child = await ManagedProcess.start({
        program: process.execPath,
        args: ['--enable-source-maps', '--import', KILL_AT, this.plan.program],
        environment: { ...this.plan.environment, CRASH_AT_FILE: this.#atFile },
        logFile: join(LOGS, `${this.plan.name}.log`),
        guardian: this.#guardian,
        stopSignal: 'SIGTERM',
        stopDeadlineMs: STOP_DEADLINE_MS,
        appendToLog: lives > 0,
      });
      this.#child = child;
      void waitFor(async () => !child.isRunning || await answersReady(this.plan.readyUrl), READY_DEADLINE_MS).then((answers) => {
        this.#isReady = answers && child.isRunning;
      });
      const how = await child.ended;
      this.#isReady = false;
      if (this.#isUnwanted()) return;
      if (how !== 'signal SIGKILL') this.ownEnds.push(how);
      await pause(this.#restartPauseMs());
      if (this.#isUnwanted()) return;
    }
  }
}
