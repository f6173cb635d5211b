import type { Addresses } from '../../addresses.ts';
import { databaseAdminUrl, environmentOf } from '../../service-environment.ts';
import { SANDBOX, SERVICES, type Service } from '../../services.ts';

/** Where the containers' settings stand, which hold secrets; git ignores it. */
export const SETTINGS_FOLDER = '.crossdock/compose';
/** The hub's database, which the container of PostgreSQL makes at its first start. */
export const DATABASE = 'crossdock';
/** What is the same in every container. */
export const INSIDE = { apiPort: 8080, kafkaPort: 9192, files: '/run/crossdock' } as const;

/** Settings that follow from the machine and not from the network of containers. */
const ofTheMachine = ['PATH', 'NODE_COMPILE_CACHE'];

/** The passwords that the servers of docker-compose.yml were given. */
export interface ServerPasswords {
  readonly postgres: string;
  readonly redis: string;
}

/** Where each process is reached by the others. */
const addresses: Addresses = {
  api: new Map([...SERVICES.map(({ name }) => ({ name, port: INSIDE.apiPort })), SANDBOX].map(({ name, port }) => [name, { port, url: `http://${name}:${port}` }])),
  internal: new Map(SERVICES.map(({ name, internalPort: port }) => [name, { port, url: `http://${name}:${port}` }])),
};

/** The files that a service reads beside its settings. */
export function composeSettingsOf(name: string): { readonly files: readonly string[] } {
  if (name === 'auth-sso') return { files: ['clients.json'] };
  return { files: name === 'gateway' ? ['gateway.json'] : [] };
}

/** All settings by the name of their file: one for each service, the sandbox, and the jobs. */
export function containerSettings({ postgres, redis }: ServerPasswords): Map<string, Readonly<Record<string, string>>> {
  const stack = {
    databaseAdminUrl: `postgres://postgres:${postgres}@postgres:5432/postgres`, kafkaBrokers: `kafka:${INSIDE.kafkaPort}`, redisUrl: `redis://:${redis}@redis:6379`,
  };
  const given = { PUBLIC_URL: 'http://127.0.0.1:8080', SIGN_ON_URL: 'http://login.localhost:8081', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel-collector:4318' };
  return new Map([
    ...SERVICES.map((service) => [service.name, settingsOf(service, { stack, addresses, given })] as const),
    [SANDBOX.name, { HOST: '0.0.0.0', PORT: String(SANDBOX.port) }],
    ['topics', { KAFKA_BROKERS: stack.kafkaBrokers }],
    ['migrations', { DATABASE_ADMIN_URL: databaseAdminUrl(stack.databaseAdminUrl, given) }],
  ]);
}

function settingsOf(service: Service, ground: Parameters<typeof environmentOf>[1]): Record<string, string> {
  const settings: Record<string, string> = {
    ...environmentOf(service, ground),
    HOST: '0.0.0.0',
    OTEL_SERVICE_NAME: service.name,
    AUTH_CLIENTS_FILE: `${INSIDE.files}/clients.json`,
    SERVICE_CLIENT_KEY_FILE: `${INSIDE.files}/${service.name}.json`,
    DYNAMICS_ENVIRONMENT_DOMAINS: SANDBOX.name,
    OUTBOUND_ALLOW_PRIVATE_NETWORKS: 'true', // the sandbox stands in the containers' own network
  };
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !ofTheMachine.includes(name)));
}
