import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Guardian, StopSignal } from './guardian-client.ts';
import { signalGroup } from './process-group.ts';
import { waitFor } from './wait-for.ts';

export type ProcessPlan = {
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly guardian: Guardian;
  readonly stopSignal: StopSignal;
  /** How long an orderly stop may take before SIGKILL. */
  readonly stopDeadlineMs: number;
  /** The log of the run before is kept beside the new one, except where this start belongs to the same run. */
  readonly appendToLog?: boolean;
};

/** A child process in a process group of its own, with its output in a log file, that cannot outlive its launcher. */
export class ManagedProcess {
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when it has ended, to a description of how ("exit status 1", "signal SIGKILL"). */
  readonly ended: Promise<string>;
  readonly #plan: ProcessPlan;
  #running = true;

  private constructor(plan: ProcessPlan, pid: number, ended: Promise<string>) {
    this.#plan = plan;
    this.pid = pid;
    this.logFile = plan.logFile;
    this.ended = ended.then((how) => {
      this.#running = false;
      plan.guardian.release(pid);
      return how;
    });
  }

  /** Starts the process; throws when the program cannot be started at all. */
  static async start(plan: ProcessPlan): Promise<ManagedProcess> {
    const log = openLog(plan.logFile, plan.appendToLog ?? false);
    const child = spawn(plan.program, plan.args, { detached: true, env: plan.environment, stdio: ['ignore', log, log] });
    closeSync(log);
    if (child.pid !== undefined) plan.guardian.watch(child.pid, plan.stopSignal);
    const ended = new Promise<string>((resolve) => {
      child.once('exit', (status, signal) => resolve(signal === null ? `exit status ${status ?? 'unknown'}` : `signal ${signal}`));
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    if (child.pid === undefined) throw new Error(`${plan.program} has no process id`);
    return new ManagedProcess(plan, child.pid, ended);
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /** Sends a signal to the process and all it started. */
  kill(signal: NodeJS.Signals): void {
    signalGroup(this.pid, signal);
  }

  /** Asks the process to stop, and ends it when it takes longer than its deadline. */
  async stop(): Promise<void> {
    if (!this.#running) return;
    this.kill(this.#plan.stopSignal);
    if (!(await waitFor(() => !this.#running, this.#plan.stopDeadlineMs))) this.kill('SIGKILL');
    await this.ended;
  }
}

function openLog(logFile: string, append: boolean): number {
  mkdirSync(dirname(logFile), { recursive: true });
  if (!append && existsSync(logFile)) renameSync(logFile, logFile.replace(/\.log$/, '.previous.log'));
  return openSync(logFile, 'a', 0o600);
}
