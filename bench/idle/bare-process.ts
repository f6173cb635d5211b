import { join } from 'node:path';
import { freePort } from '@crossdock/test-stack';
import { ROOT, STATE } from '../../infra/launch/folders.mjs';
import type { ReadyProcess } from '../../infra/supervisor.ts';
import { BenchProcesses } from '../servers/bench-process.ts';

/** A process that is nothing but NestJS upon Fastify, started as the services are; what they take more is their own. */
export class BareProcess {
  #processes = new BenchProcesses();

  /** Stops the one that runs, and starts another. */
  async restart(): Promise<ReadyProcess> {
    await this.stop();
    this.#processes = new BenchProcesses();
    const port = await freePort();
    const startedMs = performance.now();
    const pid = await this.#processes.start({
      name: 'bare-nest',
      args: [join(ROOT, 'bench', 'servers', 'bare-nest.mjs')],
      environment: { PORT: String(port), NODE_COMPILE_CACHE: join(STATE, 'compile-cache') },
      readyUrl: `http://127.0.0.1:${port}/health/ready`,
    });
    return { pid, readyAfterMs: performance.now() - startedMs };
  }

  async stop(): Promise<void> {
    await this.#processes.stopAll();
  }
}
