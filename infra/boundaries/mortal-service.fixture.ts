import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ServiceName } from '@crossdock/contracts';
import { eventually, freePort } from '@crossdock/test-stack';

const readyWithinMs = 60_000;

/** A service in a process of its own, which can be killed and comes back under the same address. */
export class MortalService {
  kills = 0;
  #child: ChildProcess | undefined;

  private constructor(readonly name: ServiceName, private readonly environment: Readonly<Record<string, string>>, readonly url: string) {}

  /** It is to be started yet: others may have to know its address before. */
  static async at(name: ServiceName, environment: () => Readonly<Record<string, string>>): Promise<{ readonly url: string; readonly start: () => Promise<MortalService> }> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    return {
      url,
      start: async () => {
        const service = new MortalService(name, { ...environment(), PORT: String(port) }, url);
        await service.#start();
        return service;
      },
    };
  }

  /** Kills it with -9, and waits until another process has taken its place. */
  async kill(): Promise<void> {
    this.kills += 1;
    await this.stop();
    await this.#start();
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async #start(): Promise<void> {
    const loader = new URL('../jest/decorated-sources.mjs', import.meta.url).href;
    const program = new URL(`../../apps/${this.name}/src/main.ts`, import.meta.url).pathname;
    this.#child = spawn(process.execPath, ['--conditions=source', '--import', loader, program], {
      env: { ...this.environment, LOG_LEVEL: 'fatal' }, stdio: ['ignore', 'ignore', 'inherit'],
    });
    await eventually(`${this.name} to listen`, () => fetch(this.url).then(() => true, () => false), readyWithinMs);
  }
}
