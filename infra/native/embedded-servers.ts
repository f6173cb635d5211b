import { mkdirSync, statfsSync } from 'node:fs';
import type { Part } from '../keeper/keeper-protocol.ts';
import type { KeptServers } from '../keeper/kept-servers.ts';
import { STATE } from '../launch/folders.mjs';
import { SetupFault } from '../launch/setup-fault.mjs';
import { killFamily } from '../supervise/process-family.ts';
import { startKafka } from './kafka.ts';
import { type DownloadedServers, provideServers } from './maven-download.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';
import type { RunningServer, ServerContext } from './server-start.ts';

/** The variable that fixes a server's port. */
const PORT_VARIABLES: Readonly<Record<Part, string>> = {
  postgres: 'CROSSDOCK_POSTGRES_PORT', kafka: 'CROSSDOCK_KAFKA_PORT', redis: 'CROSSDOCK_REDIS_PORT',
};
const MINIMUM_FREE_BYTES = 2 * 1024 ** 3;

/** Real PostgreSQL, Kafka and Redis as child processes, with everything they write below `.crossdock`. */
export class EmbeddedServers implements KeptServers {
  readonly kind = 'native';
  readonly #context: ServerContext;
  readonly #onLost: (sentence: string) => void;
  readonly #servers = new Map<Part, Promise<RunningServer>>();
  readonly #killed = new Set<Part>();
  /** The ports of the servers that were started, to which a killed one comes back. */
  readonly #ports = new Map<Part, string>();
  #downloaded: Promise<DownloadedServers> | undefined;

  constructor(context: ServerContext, onLost: (sentence: string) => void) {
    this.#context = context;
    this.#onLost = onLost;
  }

  async start(parts: readonly Part[]): Promise<Partial<Record<Part, string>>> {
    const started = await Promise.all(parts.map(async (part) => [part, (await this.#server(part)).address] as const));
    return Object.fromEntries(started);
  }

  async kill(part: Part): Promise<void> {
    const server = await this.#servers.get(part);
    if (server === undefined) return;
    this.#killed.add(part);
    killFamily(server.process.pid);
    await server.process.ended;
  }

  /** The guardian ends all the servers at once, each by its own signal. */
  async stop(): Promise<void> {
    await this.#context.guardian.close();
  }

  #server(part: Part): Promise<RunningServer> {
    const known = this.#servers.get(part);
    if (known !== undefined) return known;
    const server = this.#startPart(part);
    this.#servers.set(part, server);
    server.then(
      async ({ address, process }) => {
        this.#ports.set(part, /:(\d+)(?:\/|$)/.exec(address)?.[1] ?? '');
        const how = await process.ended;
        this.#servers.delete(part);
        if (this.#killed.delete(part)) return;
        this.#onLost(`The embedded ${part} ended with ${how}: its log ${process.logFile} says why.`);
      },
      () => this.#servers.delete(part), // whoever asked is told by the rejected promise
    );
    return server;
  }

  async #startPart(part: Part): Promise<RunningServer> {
    requireDisk();
    const port = this.#ports.get(part);
    const environment = { ...this.#context.environment, ...(port !== undefined && { [PORT_VARIABLES[part]]: port }) };
    const context = { ...this.#context, environment };
    if (part === 'postgres') return await startPostgres(context);
    this.#downloaded ??= provideServers(this.#context).catch((error: unknown) => {
      this.#downloaded = undefined;
      throw error;
    });
    const servers = await this.#downloaded;
    return part === 'kafka' ? await startKafka(servers, context) : await startRedis(servers, context);
  }
}

function requireDisk(): void {
  mkdirSync(STATE, { recursive: true });
  const { bavail, bsize } = statfsSync(STATE);
  const fault = diskFault(bavail * bsize, STATE);
  if (fault !== undefined) throw new SetupFault(fault);
}

/** The sentence for a disk that is too full for the servers' data; undefined when there is room enough. */
export function diskFault(freeBytes: number, folder: string): string | undefined {
  if (freeBytes >= MINIMUM_FREE_BYTES) return undefined;
  const freeMegabytes = Math.floor(freeBytes / 1024 ** 2);
  return `Only ${freeMegabytes} MB are free on the disk of ${folder} and the servers need 2 GB: make room, then try again.`;
}
