import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { LOGS } from '../../infra/launch/folders.mjs';
import { Guardian } from '../../infra/supervise/guardian-client.ts';
import { tailOf } from '../../infra/supervise/log-tail.ts';
import { waitFor } from '../../infra/supervise/wait-for.ts';

const readyDeadlineMs = 30_000;
const stopDeadlineMs = 15_000;

/** The processes that one benchmark starts; they end with it, however it ends. */
export class BenchProcesses {
  readonly #guardian = new Guardian();
  readonly #running: ChildProcess[] = [];

  /**
   * Starts a Node program and waits until `readyUrl` answers anything but an error of the server; its output goes to a log file.
   * @returns its process id
   */
  async start({ name, args, environment, readyUrl }: {
    readonly name: string; readonly args: readonly string[]; readonly environment: Readonly<Record<string, string>>; readonly readyUrl: string;
  }): Promise<number> {
    const logFile = join(LOGS, `bench-${name}.log`);
    const child = this.#spawn(logFile, args, environment);
    if (child.pid === undefined) throw new Error(`${name} could not be started`);
    await waitFor(async () => child.exitCode !== null || (await answers(readyUrl)), readyDeadlineMs);
    if (child.exitCode !== null || !(await answers(readyUrl))) throw new Error(`${name} did not become ready; ${logFile} ends:\n${tailOf(logFile)}`);
    return child.pid;
  }

  /** Runs a Node program to its end. @throws Error with its last words where it failed. */
  async runToEnd({ name, args, environment }: { readonly name: string; readonly args: readonly string[]; readonly environment: Readonly<Record<string, string>> }): Promise<void> {
    const logFile = join(LOGS, `bench-${name}.log`);
    const child = this.#spawn(logFile, args, environment);
    const [status] = await once(child, 'exit') as [number | null];
    if (status !== 0) throw new Error(`${name} failed; ${logFile} ends:\n${tailOf(logFile)}`);
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).map(async (child) => {
      child.kill('SIGTERM');
      if (!(await waitFor(() => child.exitCode !== null || child.signalCode !== null, stopDeadlineMs))) child.kill('SIGKILL');
    }));
    await this.#guardian.close();
  }

  #spawn(logFile: string, args: readonly string[], environment: Readonly<Record<string, string>>): ChildProcess {
    const log = openSync(logFile, 'w', 0o600);
    const child = spawn(process.execPath, args, { detached: true, env: { PATH: process.env['PATH'] ?? '', ...environment }, stdio: ['ignore', log, log] });
    closeSync(log);
    if (child.pid !== undefined) this.#guardian.watch(child.pid, 'SIGTERM');
    this.#running.push(child);
    return child;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.status < 500;
  } catch {
    return false;
  }
}
