import { join } from 'node:path';
import { LOGS } from './launch/folders.mjs';
import { SetupFault } from './launch/setup-fault.mjs';
import { answersReady } from './supervise/answers-ready.ts';
import type { Guardian } from './supervise/guardian-client.ts';
import { tailOf } from './supervise/log-tail.ts';
import { ManagedProcess } from './supervise/managed-process.ts';
import { waitFor } from './supervise/wait-for.ts';

/** A machine that starts two systems at once and does other work beside takes more than a minute. */
const READY_DEADLINE_MS = 150_000;
const STOP_DEADLINE_MS = 10_000;

/** One process to be kept: how it is started and where it says that it is ready (200). */
export type ProcessToRun = {
  readonly name: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly readyUrl: string;
};

/** A process that is ready. */
export type ReadyProcess = {
  readonly pid: number;
  /** From the moment it was spawned, to within the twentieth of a second in which it is asked. */
  readonly readyAfterMs: number;
};

/** Starts every service as a process of its own, knows whether each is ready, and stops them all. It restarts nothing by itself. */
export class Supervisor {
  readonly #plans: ReadonlyMap<string, ProcessToRun>;
  readonly #guardian: Guardian;
  readonly #onUnexpectedEnd: (sentence: string) => void;
  readonly #running = new Map<string, ManagedProcess>();
  readonly #toldToEnd = new WeakSet<ManagedProcess>();

  constructor(options: {
    readonly processes: readonly ProcessToRun[];
    readonly guardian: Guardian;
    /** Called when a process ends that nobody told to. */
    readonly onUnexpectedEnd: (sentence: string) => void;
  }) {
    this.#plans = new Map(options.processes.map((plan) => [plan.name, plan]));
    this.#guardian = options.guardian;
    this.#onUnexpectedEnd = options.onUnexpectedEnd;
  }

  /** Starts all processes at once and waits until each is ready. A SetupFault names those that are not, with the end of their logs. */
  async startAll(onReady: (name: string) => void = () => undefined): Promise<void> {
    const attempts = [...this.#plans.keys()].map(async (name) => {
      await this.start(name);
      onReady(name);
    });
    const faults = (await Promise.allSettled(attempts)).flatMap((attempt) => (attempt.status === 'rejected' ? [messageOf(attempt.reason)] : []));
    if (faults.length > 0) throw new SetupFault(faults.join('\n'));
  }

  /** Starts one process that does not run and waits until it is ready. */
  async start(name: string): Promise<ReadyProcess> {
    const plan = this.#planOf(name);
    const startedMs = performance.now();
    const isRestart = this.#running.has(name);
    const child = await ManagedProcess.start({
      program: process.execPath,
      args: plan.args,
      environment: plan.environment,
      logFile: join(LOGS, `${name}.log`),
      guardian: this.#guardian,
      stopSignal: 'SIGTERM',
      stopDeadlineMs: STOP_DEADLINE_MS,
      appendToLog: isRestart,
    });
    this.#running.set(name, child);
    const hasAnswered = await waitFor(async () => !child.isRunning || (await answersReady(plan.readyUrl)), READY_DEADLINE_MS);
    const readyAfterMs = performance.now() - startedMs;
    if (hasAnswered && child.isRunning) {
      void child.ended.then((how) => this.#toldToEnd.has(child) || this.#onUnexpectedEnd(describe(name, `ended with ${how}`, child.logFile)));
      return { pid: child.pid, readyAfterMs };
    }
    const fault = child.isRunning ? `is not ready after ${READY_DEADLINE_MS / 1000} s` : `ended with ${await child.ended} before it was ready`;
    throw new SetupFault(describe(name, fault, child.logFile));
  }

  /** Sends a signal to a service, as an outage would; resolves when it has ended, if the signal ends it. */
  async kill(name: string, signal: NodeJS.Signals): Promise<void> {
    const child = this.#running.get(name);
    if (child === undefined) return;
    this.#toldToEnd.add(child);
    child.kill(signal);
    if (signal === 'SIGKILL') await child.ended;
  }

  /** Stops a service in order where it still runs, starts it anew and waits until it is ready. */
  async restart(name: string): Promise<ReadyProcess> {
    await this.#stop(name);
    return await this.start(name);
  }

  /** Stops everything, last started first, each with its deadline; all are told at once so that the whole takes no longer than the slowest. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running.keys()].reverse().map(async (name) => await this.#stop(name)));
  }

  async #stop(name: string): Promise<void> {
    const child = this.#running.get(name);
    if (child === undefined) return;
    this.#toldToEnd.add(child);
    await child.stop();
  }

  #planOf(name: string): ProcessToRun {
    const plan = this.#plans.get(name);
    if (plan === undefined) throw new Error(`${name} is no process of this run`);
    return plan;
  }
}

function messageOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}

function describe(name: string, fault: string, logFile: string): string {
  const tail = tailOf(logFile);
  return `${name} ${fault}; its log is ${logFile}${tail === '' ? ' (empty)' : ` and ends:\n${tail}`}`;
}
