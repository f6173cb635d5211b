import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadPlan, LoadResult } from './load-protocol.ts';

const GENERATOR = fileURLToPath(new URL('./load-generator.ts', import.meta.url));

/** The load generator's process, seen from the benchmark. It ends with the benchmark's process. */
export class Load {
  readonly #process: ChildProcess = fork(GENERATOR);

  /** @throws Error where a request was refused: what is measured must be the work asked for. */
  async run(plan: LoadPlan): Promise<LoadResult> {
    const stopWaiting = new AbortController();
    const { signal } = stopWaiting;
    const answered = once(this.#process, 'message', { signal }) as Promise<[LoadResult]>;
    const ended = once(this.#process, 'exit', { signal }).then(() => Promise.reject(new Error('The load generator ended before its time.')));
    this.#process.send(plan);
    const [result] = await Promise.race([answered, ended]).finally(() => {
      answered.catch(() => undefined);
      ended.catch(() => undefined);
      stopWaiting.abort();
    });
    if (Object.keys(result.refused).length > 0) throw new Error(`Requests were refused: ${JSON.stringify(result.refused)}.`);
    return result;
  }

  close(): void {
    this.#process.disconnect();
  }
}
