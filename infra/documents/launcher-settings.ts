import { SANDBOX, SERVICES, variableName } from '../services.ts';

/** A variable that `npm start` and `npm test` read, and what it means. */
export interface LauncherSetting {
  readonly variable: string;
  readonly description: string;
  readonly whenAbsent: string;
}

const servers: readonly LauncherSetting[] = [
  { variable: 'DATABASE_URL', description: 'PostgreSQL to use, with a role that may create databases and roles.', whenAbsent: 'Docker Compose, else the native stack' },
  { variable: 'KAFKA_BROKERS', description: 'Kafka to use, `host:port` separated by commas.', whenAbsent: 'Docker Compose, else the native stack' },
  { variable: 'REDIS_URL', description: 'Redis to use.', whenAbsent: 'Docker Compose, else the native stack' },
  { variable: 'CROSSDOCK_DATABASE', description: 'Name of the database on that server; it is created.', whenAbsent: '`crossdock`' },
  { variable: 'CROSSDOCK_POSTGRES_PORT', description: 'Port of the PostgreSQL that is started.', whenAbsent: '54329, or the next free one' },
  { variable: 'CROSSDOCK_KAFKA_PORT', description: 'Port of the Kafka that is started.', whenAbsent: '19092, or the next free one' },
  { variable: 'CROSSDOCK_KAFKA_CONTROLLER_PORT', description: "Port of that Kafka's controller (native stack).", whenAbsent: '19093, or the next free one' },
  { variable: 'CROSSDOCK_REDIS_PORT', description: 'Port of the Redis that is started.', whenAbsent: '16379, or the next free one' },
  { variable: 'CROSSDOCK_STATE', description: 'Folder below `.crossdock/` for data, secrets and logs of a run with servers of its own.', whenAbsent: '`.crossdock/` itself' },
  { variable: 'JAVA_HOME', description: 'Java that runs Kafka (native stack).', whenAbsent: '`java` of `PATH`' },
  { variable: 'DOCKER_HOST', description: 'Docker engine that Compose uses.', whenAbsent: "Docker's own default" },
];

const services: readonly LauncherSetting[] = [
  { variable: 'NODE_ENV', description: 'Given to every service.', whenAbsent: '`development`' },
  { variable: 'LOG_LEVEL', description: 'Given to every service.', whenAbsent: '`info`' },
  { variable: 'KAFKA_TOPIC_PREFIX', description: 'Given to every service; the topics are created with it.', whenAbsent: 'empty' },
  { variable: 'PUBLIC_URL', description: 'Address under which vendors reach the gateway.', whenAbsent: "the gateway's own address" },
  { variable: 'SIGN_ON_URL', description: 'Origin of the sign-on pages.', whenAbsent: '`http://login.localhost` with the port of the gateway' },
  { variable: 'VAULT_KEYS', description: 'Keys of the credential vault.', whenAbsent: 'a random key, kept in `.crossdock/secrets.json`' },
  { variable: 'OTEL_*', description: "OpenTelemetry's variables, given to every service.", whenAbsent: 'no traces are exported' },
];

/** Every vendor setting falls back to the sandbox. */
const vendorSettings: readonly LauncherSetting[] = [...new Set(SERVICES.flatMap((service) => service.vendorSettings))].sort().map((variable) => ({
  variable,
  description: `Given to ${SERVICES.filter((service) => service.vendorSettings.includes(variable)).map(({ name }) => name).join(' and ')}.`,
  whenAbsent: variable.endsWith('_URL') ? "the sandbox's address" : 'what the sandbox takes',
}));

const ports: readonly LauncherSetting[] = [
  ...[...SERVICES, SANDBOX].map(({ name, port }) => ({
    variable: `CROSSDOCK_${variableName(name)}_PORT`, description: `Port of ${name}.`, whenAbsent: `${port}, or the next free one`,
  })),
  ...SERVICES.map(({ name, internalPort }) => ({
    variable: `CROSSDOCK_${variableName(name)}_INTERNAL_PORT`,
    description: `Port of health and metrics of ${name}.`, whenAbsent: `${internalPort}, or the next free one`,
  })),
];

/** Variables of the sandbox, for whoever runs it by itself. */
export const sandboxSettings: readonly LauncherSetting[] = [
  { variable: 'HOST', description: 'Address it listens on.', whenAbsent: '`127.0.0.1`' },
  { variable: 'PORT', description: 'Port it listens on; 0 takes any free one.', whenAbsent: `\`${SANDBOX.port}\`` },
  { variable: 'LOG_LEVEL', description: 'Least severe level that is logged.', whenAbsent: '`warn`' },
  { variable: 'SANDBOX_CONTROL_TOKEN', description: 'Bearer token that callers of the control API must send.', whenAbsent: 'the control API answers on the loopback address only' },
  { variable: 'SANDBOX_CLOCK_FACTOR', description: 'Waits between attempts of a webhook are divided by this.', whenAbsent: '`1`' },
];

/** All variables of the launcher, by what they are about. */
export const launcherSettings: ReadonlyMap<string, readonly LauncherSetting[]> = new Map([
  ['Servers', servers], ['Services', services], ['Vendors', vendorSettings], ['Ports', ports],
]);
