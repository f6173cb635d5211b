import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Addresses, addressOf } from './addresses.ts';
import { CLIENTS_FILE, keyFileOf } from './client-keys.ts';
import { STATE } from './launch/folders.mjs';
import { secret } from './secrets.ts';
import { allocatorSettings } from './service-arguments.ts';
import { SANDBOX, SERVICES, type Service, type VendorSetting, variableName } from './services.ts';
import type { Stack } from './stack.ts';

const VAULT_KEY_BYTES = 32;

/** Where the servers are. */
export type ServerAddresses = Pick<Stack, 'databaseAdminUrl' | 'kafkaBrokers' | 'redisUrl'>;

/** What all services' environments are made from. */
export type Ground = {
  readonly stack: Stack;
  readonly addresses: Addresses;
  /** The launcher's own environment; what it says about vendors and logging goes before our values. */
  readonly given: Readonly<Record<string, string | undefined>>;
};

/** The complete environment of one service: nothing else of the launcher's reaches it but PATH and OpenTelemetry's settings. */
export function environmentOf(service: Service, { stack, addresses, given }: Omit<Ground, 'stack'> & { readonly stack: ServerAddresses }): Record<string, string> {
  const urls = SERVICES.map(({ name }) => [`${variableName(name)}_URL`, addressOf(addresses.api, name).url] as const);
  return {
    ...runtimeEnvironment(given),
    ...allocatorSettings,
    ...Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (name.startsWith('OTEL_') && value !== undefined ? [[name, value]] : []))),
    OTEL_SERVICE_NAME: service.name,
    ...Object.fromEntries(urls),
    LOG_LEVEL: given['LOG_LEVEL'] ?? 'info',
    HOST: '127.0.0.1',
    PORT: String(addressOf(addresses.api, service.name).port),
    INTERNAL_PORT: String(addressOf(addresses.internal, service.name).port),
    DATABASE_URL: databaseUrlOf(service.name, stack.databaseAdminUrl, given),
    KAFKA_BROKERS: stack.kafkaBrokers,
    KAFKA_TOPIC_PREFIX: given['KAFKA_TOPIC_PREFIX'] ?? '',
    REDIS_URL: stack.redisUrl,
    VAULT_KEYS: given['VAULT_KEYS'] ?? `local:${secret('vaultKey', () => randomBytes(VAULT_KEY_BYTES).toString('base64'))}`,
    AUTH_ISSUER_URL: addressOf(addresses.api, 'auth-sso').url,
    AUTH_CLIENTS_FILE: CLIENTS_FILE,
    SIGN_ON_URL: given['SIGN_ON_URL'] ?? `http://login.localhost:${addressOf(addresses.api, 'gateway').port}`, // the gateway hands it on
    SERVICE_CLIENT_KEY_FILE: keyFileOf(service.name),
    PUBLIC_URL: given['PUBLIC_URL'] ?? addressOf(addresses.api, 'gateway').url,
    GRAPHQL_INTROSPECTION: 'true', // a machine of one's own is for development
    OUTBOUND_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1/128', // the sandbox listens on the loopback address
    ...Object.fromEntries(service.vendorSettings.map((name) => [name, given[name] ?? vendorDefault(name, addressOf(addresses.api, SANDBOX.name).url)])),
  };
}

/** What every Node process of a run gets: a shared cache of compiled modules makes the second start quicker. */
export function runtimeEnvironment(given: Ground['given']): Record<string, string> {
  return {
    PATH: given['PATH'] ?? '',
    NODE_ENV: given['NODE_ENV'] ?? 'development',
    NODE_COMPILE_CACHE: join(STATE, 'compile-cache'),
  };
}

/** The sandbox's environment. */
export function sandboxEnvironment({ addresses, given }: Ground): Record<string, string> {
  return {
    ...runtimeEnvironment(given),
    HOST: '127.0.0.1',
    PORT: String(addressOf(addresses.api, SANDBOX.name).port),
  };
}

/** The name of Crossdock's database on the server. */
export function databaseName(given: Ground['given']): string {
  return given['CROSSDOCK_DATABASE'] ?? 'crossdock';
}

/** The administrator's URL for Crossdock's own database. */
export function databaseAdminUrl(serverUrl: string, given: Ground['given']): string {
  const url = new URL(serverUrl);
  url.pathname = `/${databaseName(given)}`;
  return url.href;
}

/** A service's own role: named by the database, as roles belong to a whole server, which may have several Crossdocks. */
export function databaseRole(service: string, database: string): string {
  return `${database}_${service.replaceAll('-', '_')}`;
}

/** The URL of a service's own role. */
export function databaseUrlOf(service: string, serverUrl: string, given: Ground['given']): string {
  const url = new URL(databaseAdminUrl(serverUrl, given));
  url.username = databaseRole(service, databaseName(given));
  url.password = secret(`database:${service}`);
  return url.href;
}

function vendorDefault(setting: VendorSetting, sandboxUrl: string): string {
  switch (setting) {
    case 'HUBSPOT_API_URL':
    case 'HUBSPOT_APP_URL':
      return `${sandboxUrl}/hubspot`;
    case 'HUBSPOT_CLIENT_ID':
      return 'crossdock-local';
    case 'HUBSPOT_CLIENT_SECRET':
    case 'HUBSPOT_CLIENT_SECRETS':
      return secret('hubspotClientSecret');
    case 'PIPEDRIVE_OAUTH_URL':
    case 'PIPEDRIVE_COMPANY_URL':
      return `${sandboxUrl}/pipedrive`;
    case 'PIPEDRIVE_CLIENT_ID':
      return 'crossdock-local';
    case 'PIPEDRIVE_CLIENT_SECRET':
      return secret('pipedriveClientSecret');
    case 'DYNAMICS_LOGIN_URL':
      return `${sandboxUrl}/dynamics`;
    case 'DYNAMICS_ENVIRONMENT_DOMAINS':
      return new URL(sandboxUrl).hostname;
    case 'DYNAMICS_CLIENT_ID':
      return 'crossdock-local';
    case 'DYNAMICS_CLIENT_SECRET':
      return secret('dynamicsClientSecret');
    case 'SHIPPO_API_URL':
      return `${sandboxUrl}/shippo`;
    case 'SALESFORCE_LOGIN_URL':
      return `${sandboxUrl}/salesforce`;
    case 'SALESFORCE_SANDBOX_LOGIN_URL':
      return `${sandboxUrl}/salesforce/test`;
    case 'SALESFORCE_MY_DOMAIN_URL':
      return `${sandboxUrl}/salesforce/domains/{domain}`;
    case 'SALESFORCE_CLIENT_ID':
      return 'crossdock-local';
    case 'SALESFORCE_CLIENT_SECRET':
      return secret('salesforceClientSecret');
    case 'ZOHO_ACCOUNTS_URL':
      return `${sandboxUrl}/zoho/accounts/{location}`;
    case 'ZOHO_CLIENT_ID':
      return 'crossdock-local';
    case 'ZOHO_CLIENT_SECRET':
      return secret('zohoClientSecret');
  }
}
