import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { signalGroup } from './process-group.ts';

const GUARDIAN = fileURLToPath(new URL('./guardian.ts', import.meta.url));

/** Signals that ask a process to stop in order; PostgreSQL takes SIGINT for "now, but orderly". */
export type StopSignal = 'SIGTERM' | 'SIGINT';

/** Holds one guardian process: what it watches dies when this process does. A guardian that is killed is replaced. */
export class Guardian {
  readonly #watched = new Map<number, StopSignal>();
  #process: ChildProcess;
  #closed = false;

  constructor() {
    this.#process = this.#spawn();
  }

  /** From now on the process group led by `pid` ends when this process does. */
  watch(pid: number, signal: StopSignal): void {
    if (this.#closed) {
      signalGroup(pid, 'SIGKILL'); // started while everything was being ended
      return;
    }
    this.#watched.set(pid, signal);
    this.#say(`watch ${pid} ${signal}`);
  }

  /** To be called when the group has ended, so that a later process with the same number is left alone. */
  release(pid: number): void {
    this.#watched.delete(pid);
    this.#say(`release ${pid}`);
  }

  /** Ends the guardian, and with it whatever it still watches. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await new Promise((resolve) => {
      this.#process.once('exit', resolve);
      this.#process.stdin?.end();
    });
  }

  #say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  #spawn(): ChildProcess {
    const guardian = spawn(process.execPath, [GUARDIAN], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    guardian.stdin.on('error', () => undefined); // a guardian that is gone is seen by its exit
    guardian.once('exit', () => {
      if (this.#closed) return;
      this.#process = this.#spawn();
      for (const [pid, signal] of this.#watched) this.#say(`watch ${pid} ${signal}`);
    });
    return guardian;
  }
}
