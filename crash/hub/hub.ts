import { join } from 'node:path';
import { crmUpsertCompleted, crmUpsertRequested, orderReceived } from '@crossdock/contracts';
import { SandboxControl } from '@crossdock/sandbox';
import { type Addresses, addressOf, chooseAddresses } from '../../infra/addresses.ts';
import { ROOT } from '../../infra/launch/folders.mjs';
import { provision } from '../../infra/provision.ts';
import { databaseAdminUrl, environmentOf, sandboxEnvironment } from '../../infra/service-environment.ts';
import { SANDBOX, SERVICES, type Service } from '../../infra/services.ts';
import { Supervisor } from '../../infra/supervisor.ts';
import { Books } from '../books.ts';
import type { Fleet } from '../fleet.ts';
import type { Ground } from '../ground.ts';
import { HubLedger } from './hub-ledger.ts';
import { connectShops } from './shop.ts';

/** The services that a webhook of a shop passes on its way to the CRM. */
const replicatedServices = ['gateway', 'orders', 'crm-hubspot'] as const;
const issuer = 'auth-sso';
/** Few enough that all replicas of a run find room on one PostgreSQL. */
const POOL_SIZE = '6';
const SHOPS = 2;

/** Starts the hub's own services, several replicas of each that a webhook passes, and shops that are connected to it. */
export async function startHub(ground: Ground, fleet: Fleet, replicas: number): Promise<HubLedger> {
  const { stack, given, guardian } = ground;
  await provision(stack, given, guardian);
  const addresses = await chooseAddresses(given, () => undefined);
  const environment = (service: Service): Record<string, string> => ({ ...environmentOf(service, { stack, addresses, given }), DATABASE_POOL_SIZE: POOL_SIZE });

  const steady = new Supervisor({ processes: steadyProcesses(ground, addresses, environment), guardian, onUnexpectedEnd: (sentence) => process.stderr.write(`${sentence}\n`) });
  await steady.startAll();
  for (const name of replicatedServices) fleet.addRole({ name, program: mainOf(name), environment: environment(serviceOf(name)) });
  await Promise.all(replicatedServices.flatMap((name) => Array.from({ length: replicas }, () => fleet.grow(name))));

  const gatewayUrls = (): string[] => fleet.replicasOf('gateway').map(({ plan }) => plan.apiUrl);
  const sandboxUrl = addressOf(addresses.api, SANDBOX.name).url;
  const shops = await connectShops({
    count: SHOPS, gatewayUrl: gatewayUrls()[0] ?? '', issuerUrl: addressOf(addresses.api, issuer).url, sandboxUrl, settings: environment(serviceOf('crm-hubspot')),
  });
  const books = await Books.open({
    databaseAdminUrl: databaseAdminUrl(stack.databaseAdminUrl, given),
    kafkaBrokers: stack.kafkaBrokers,
    schemas: replicatedServices.map((name) => name.replaceAll('-', '_')),
    groups: { orders: [orderReceived.type, crmUpsertCompleted.type], 'crm-hubspot': [crmUpsertRequested.type] },
  });
  return new HubLedger({ books, shops, sandbox: new SandboxControl(sandboxUrl), urls: gatewayUrls, stop: async () => await steady.stopAll() });
}

/** What is not killed: the sandbox stands for the vendors, and tokens are no part of what is tried here. */
function steadyProcesses({ stack, given }: Ground, addresses: Addresses, environment: (service: Service) => Record<string, string>): ConstructorParameters<typeof Supervisor>[0]['processes'] {
  return [
    {
      name: SANDBOX.name, args: [join(ROOT, 'sandbox', 'dist', 'main.js')], environment: sandboxEnvironment({ stack, addresses, given }),
      readyUrl: `${addressOf(addresses.api, SANDBOX.name).url}/health/ready`,
    },
    { name: issuer, args: [mainOf(issuer)], environment: environment(serviceOf(issuer)), readyUrl: `${addressOf(addresses.internal, issuer).url}/health/ready` },
  ];
}

function mainOf(service: string): string {
  return join(ROOT, 'apps', service, 'dist', 'main.js');
}

function serviceOf(name: string): Service {
  const service = SERVICES.find((each) => each.name === name);
  if (service === undefined) throw new Error(`There is no service ${name}.`);
  return service;
}
