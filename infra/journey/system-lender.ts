import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningSystem } from '../running-system.ts';
import { SERVICES } from '../services.ts';
import type { Loan } from './system-lending.ts';
import type { TestedSystem } from './tested-system.ts';

/** So long it is kept when nobody has it: a worker begins its next file within that, and an idle system takes memory from others. */
const keptUnusedMs = 30_000;

/**
 * Lends the files of a test run one system, as each of their own would cost its start and stop: it is started for the first that
 * asks, and ended when nobody has it any more.
 */
export class SystemLender {
  readonly #folder = mkdtempSync(join(tmpdir(), 'crossdock-'));
  readonly #server: Server = createServer((borrower) => this.#lend(borrower));
  readonly #borrowers = new Set<Socket>();
  #system: Promise<TestedSystem> | undefined;
  #ended: Promise<void> = Promise.resolve();
  #unused: NodeJS.Timeout | undefined;

  /** A socket in a folder of this user's own. */
  get address(): string {
    return join(this.#folder, 'lender');
  }

  async listen(): Promise<void> {
    this.#server.listen(this.address);
    await once(this.#server, 'listening');
  }

  /** Ends the system and takes it from those who still have it. */
  async stop(): Promise<void> {
    this.#server.close();
    for (const borrower of this.#borrowers) borrower.destroy();
    await this.#end();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #lend(borrower: Socket): void {
    clearTimeout(this.#unused);
    this.#borrowers.add(borrower);
    borrower.on('error', () => undefined); // followed by close
    borrower.once('close', () => {
      this.#borrowers.delete(borrower);
      if (this.#borrowers.size === 0) this.#unused = setTimeout(() => void this.#end().catch(() => undefined), keptUnusedMs).unref();
    });
    borrower.resume();
    const tell = (loan: Loan): void => void borrower.write(`${JSON.stringify(loan)}\n`);
    void this.#start().then(({ running }) => tell({ system: describe(running) }), (fault: unknown) => tell({ fault: String(fault) }));
  }

  /** The next who asks has it tried again where it failed. */
  async #start(): Promise<TestedSystem> {
    const started = this.#system ??= this.#ended.then(async () => (await import('./tested-system.ts')).startTestedSystem());
    try {
      return await started;
    } catch (fault) {
      if (this.#system === started) this.#system = undefined;
      throw fault;
    }
  }

  async #end(): Promise<void> {
    clearTimeout(this.#unused);
    const system = this.#system;
    this.#system = undefined;
    const before = this.#ended;
    this.#ended = before.then(async () => await (await system?.catch(() => undefined))?.stop());
    await this.#ended;
  }
}

function describe(running: RunningSystem): Extract<Loan, { system: unknown }>['system'] {
  const { gatewayUrl, sandboxUrl, authIssuerUrl, databaseAdminUrl, demoClient } = running;
  return { gatewayUrl, sandboxUrl, authIssuerUrl, databaseAdminUrl, demoClient, settings: Object.fromEntries(SERVICES.map(({ name }) => [name, running.settingsOf(name)])) };
}
