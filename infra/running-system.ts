import { join } from 'node:path';
import { addressOf, chooseAddresses } from './addresses.ts';
import { bundleOf } from './bundle/programs.mjs';
import { keyFileOf } from './client-keys.ts';
import { ROOT } from './launch/folders.mjs';
import { runStep } from './launch/progress.mjs';
import { publishLocalAddresses } from './ops/local-stack.ts';
import { provision } from './provision.ts';
import { serviceArguments } from './service-arguments.ts';
import { databaseAdminUrl, environmentOf, type Ground, sandboxEnvironment } from './service-environment.ts';
import { DEMO_CLIENT, SANDBOX, SERVICES } from './services.ts';
import { startServers } from './servers-step.ts';
import type { Stack } from './stack.ts';
import { Guardian } from './supervise/guardian-client.ts';
import { type ProcessToRun, Supervisor } from './supervisor.ts';

/** Crossdock as it runs on this machine, seen from outside its processes. */
export type ReachableSystem = {
  readonly gatewayUrl: string;
  readonly sandboxUrl: string;
  readonly authIssuerUrl: string;
  /** The private key (JSON Web Key) of the client `demo`, which may call the gateway for any tenant. */
  readonly demoClient: { readonly clientId: string; readonly keyFile: string };
  /** The administrator's URL of Crossdock's database: to look, not to write. */
  readonly databaseAdminUrl: string;
  /** What a service is configured with, such as the vendors' client ids and secrets. */
  settingsOf(service: string): Readonly<Record<string, string>>;
};

/** What a demonstration or an end-to-end test may touch that has it for itself. */
export type RunningSystem = ReachableSystem & {
  readonly supervisor: Pick<Supervisor, 'kill' | 'start' | 'restart'>;
};

/** Starts everything there is, in order, and stops it in the opposite one. */
export class System {
  readonly #given: Ground['given'];
  readonly #say: (sentence: string) => void;
  readonly #guardian = new Guardian();
  #stack: Stack | undefined;
  #supervisor: Supervisor | undefined;

  constructor(given: Ground['given'], say: (sentence: string) => void) {
    this.#given = given;
    this.#say = say;
  }

  /** Servers, then what they must hold, then the services; a line is printed for each step. */
  async start(): Promise<RunningSystem> {
    const given = this.#given;
    const stack = await startServers(given, this.#say);
    this.#stack = stack;
    void stack.lost.then(this.#say);
    await runStep('Database and topics', async () => await provision(stack, given, this.#guardian));
    const addresses = await chooseAddresses(given, this.#say);
    const ground: Ground = { stack, addresses, given };
    const supervisor = new Supervisor({ processes: processesOf(ground), guardian: this.#guardian, onUnexpectedEnd: this.#say });
    this.#supervisor = supervisor;
    await runStep('Services', async (note) => {
      let readyCount = 0;
      await supervisor.startAll(() => note(`${(readyCount += 1)} of ${SERVICES.length + 1} are ready`));
    });
    const running = describe(ground, supervisor);
    publishLocalAddresses(running);
    return running;
  }

  /** Stops the services, then gives the servers up. Nothing that was started is left when it resolves. */
  async stop(): Promise<void> {
    await this.#supervisor?.stopAll();
    await this.#guardian.close();
    await this.#stack?.stop();
  }
}

function processesOf(ground: Ground): ProcessToRun[] {
  const services = SERVICES.map((service) => ({
    name: service.name,
    args: serviceArguments(service.name, ROOT),
    environment: environmentOf(service, ground),
    readyUrl: `${addressOf(ground.addresses.internal, service.name).url}/health/ready`,
  }));
  const sandbox = {
    name: SANDBOX.name,
    args: ['--enable-source-maps', join(ROOT, bundleOf(SANDBOX.name))],
    environment: sandboxEnvironment(ground),
    readyUrl: `${addressOf(ground.addresses.api, SANDBOX.name).url}/control/deliveries`,
  };
  return [sandbox, ...services];
}

function describe(ground: Ground, supervisor: Supervisor): RunningSystem {
  const { addresses, given, stack } = ground;
  const serviceUrl = (name: string): string => addressOf(addresses.api, name).url;
  const environments = new Map(SERVICES.map((service) => [service.name, environmentOf(service, ground)]));
  return {
    gatewayUrl: serviceUrl('gateway'),
    sandboxUrl: serviceUrl(SANDBOX.name),
    authIssuerUrl: serviceUrl('auth-sso'),
    demoClient: { clientId: DEMO_CLIENT.name, keyFile: keyFileOf(DEMO_CLIENT.name) },
    databaseAdminUrl: databaseAdminUrl(stack.databaseAdminUrl, given),
    settingsOf: (service) => environments.get(service) ?? {},
    supervisor,
  };
}
