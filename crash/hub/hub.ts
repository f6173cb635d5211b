import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crmUpsertCompleted, crmUpsertRequested, orderReceived } from '@crossdock/contracts';
import { SandboxControl } from '@crossdock/sandbox';
import { privateKeySchema, ServiceTokenClient } from '@crossdock/service-tokens';
import { type Addresses, addressOf, chooseAddresses } from '../../infra/addresses.ts';
import { keyFileOf } from '../../infra/client-keys.ts';
import { bundleOf } from '../../infra/bundle/programs.mjs';
import { GatewayApi } from '../../infra/journey/gateway-api.ts';
import { ROOT } from '../../infra/launch/folders.mjs';
import { provision } from '../../infra/provision.ts';
import { databaseAdminUrl, environmentOf, sandboxEnvironment } from '../../infra/service-environment.ts';
import { DEMO_CLIENT, SANDBOX, SERVICES, type Service } from '../../infra/services.ts';
import { Supervisor } from '../../infra/supervisor.ts';
import { Books } from '../books.ts';
import type { Fleet } from '../fleet.ts';
import type { Ground } from '../ground.ts';
import { HubLedger } from './hub-ledger.ts';
import { connectShops } from './shop.ts';

/** The services that a webhook of a shop passes on its way to the CRM. */
const servicesOnTheWay = ['gateway', 'orders', 'crm-hubspot'] as const;
const issuer = 'auth-sso';
/** Few enough that all replicas of a run find room on one PostgreSQL. */
const POOL_SIZE = '6';
const SHOPS = 2;

/** How large the hub is. */
export interface HubPlan {
  readonly replicas: number;
  /** Whether every service has as many, or only those that a webhook passes; the others that are needed have one then. */
  readonly ofEveryService: boolean;
}

/** Starts the hub's own services, several replicas of each behind a front at the service's address, and shops that are connected to it. */
export async function startHub(ground: Ground, fleet: Fleet, { replicas, ofEveryService }: HubPlan): Promise<HubLedger> {
  const { stack, given, guardian } = ground;
  const replicated = ofEveryService ? SERVICES.map(({ name }) => name) : [...servicesOnTheWay];
  await provision(stack, given, guardian, [...new Set([issuer, ...replicated])].map(serviceOf));
  const addresses = await chooseAddresses(given, () => undefined);
  const environment = (service: Service): Record<string, string> => ({ ...environmentOf(service, { stack, addresses, given }), DATABASE_POOL_SIZE: POOL_SIZE });

  const steady = new Supervisor({ processes: steadyProcesses(ground, addresses, environment, replicated), guardian, onUnexpectedEnd: (sentence) => process.stderr.write(`${sentence}\n`) });
  await steady.startAll();
  for (const name of replicated) {
    fleet.addRole({ name, program: mainOf(name), environment: environment(serviceOf(name)) });
    await fleet.openFront(name, addressOf(addresses.api, name).port);
  }
  for (let replica = 0; replica < replicas; replica += 1) await Promise.all(replicated.map((name) => fleet.grow(name)));

  const gatewayUrl = addressOf(addresses.api, 'gateway').url;
  const issuerUrl = addressOf(addresses.api, issuer).url;
  const tokens = new ServiceTokenClient({ issuerUrl, clientId: DEMO_CLIENT.name, privateJwk: privateKeySchema.parse(JSON.parse(await readFile(keyFileOf(DEMO_CLIENT.name), 'utf8'))) });
  const sandboxUrl = addressOf(addresses.api, SANDBOX.name).url;
  const shops = await connectShops({
    count: SHOPS, gateway: new GatewayApi(gatewayUrl, tokens), sandboxUrl, settings: environment(serviceOf('crm-hubspot')),
  });
  const books = await Books.open({
    databaseAdminUrl: databaseAdminUrl(stack.databaseAdminUrl, given),
    kafkaBrokers: stack.kafkaBrokers,
    schemas: servicesOnTheWay.map((name) => name.replaceAll('-', '_')),
    groups: {
      [`${ground.topicPrefix}orders`]: [orderReceived, crmUpsertCompleted].map(({ type }) => ground.topicPrefix + type),
      [`${ground.topicPrefix}crm-hubspot`]: [ground.topicPrefix + crmUpsertRequested.type],
    },
  });
  return new HubLedger({ books, shops, sandbox: new SandboxControl(sandboxUrl), urls: () => [gatewayUrl], token: () => tokens.token('gateway'), stop: async () => await steady.stopAll() });
}

/** What is not killed: the sandbox stands for the vendors, and tokens are no part of what is tried here. */
function steadyProcesses(
  { stack, given }: Ground, addresses: Addresses, environment: (service: Service) => Record<string, string>, replicated: readonly string[],
): ConstructorParameters<typeof Supervisor>[0]['processes'] {
  return [
    {
      name: SANDBOX.name, args: [join(ROOT, bundleOf(SANDBOX.name))], environment: sandboxEnvironment({ stack, addresses, given }),
      readyUrl: `${addressOf(addresses.api, SANDBOX.name).url}/health/ready`,
    },
    ...(replicated.includes(issuer) ? [] : [{ name: issuer, args: [mainOf(issuer)], environment: environment(serviceOf(issuer)), readyUrl: `${addressOf(addresses.internal, issuer).url}/health/ready` }]),
  ];
}

function mainOf(service: string): string {
  return join(ROOT, bundleOf(service));
}

function serviceOf(name: string): Service {
  const service = SERVICES.find((each) => each.name === name);
  if (service === undefined) throw new Error(`There is no service ${name}.`);
  return service;
}
