import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames, type ServiceName } from '@crossdock/contracts';
import { createLogger, loadConfig, startService, type RunningService, type ServiceDefinition, type serviceConfigShape } from '@crossdock/service-kit';
import { newKey } from '@crossdock/service-tokens/issuer.fixture';
import { createTestDatabase, createTestTopics, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import type { z } from 'zod';
import { attributionDefinition } from '../../apps/attribution/src/attribution.definition.ts';
import { authSsoDefinition } from '../../apps/auth-sso/src/auth-sso.definition.ts';
import { crmDynamicsDefinition } from '../../apps/crm-dynamics/src/crm-dynamics.definition.ts';
import { crmHubSpotDefinition } from '../../apps/crm-hubspot/src/crm-hubspot.definition.ts';
import { crmPipedriveDefinition } from '../../apps/crm-pipedrive/src/crm-pipedrive.definition.ts';
import { crmSalesforceDefinition } from '../../apps/crm-salesforce/src/crm-salesforce.definition.ts';
import { crmZohoDefinition } from '../../apps/crm-zoho/src/crm-zoho.definition.ts';
import { gatewayDefinition } from '../../apps/gateway/src/gateway.definition.ts';
import { journalDefinition } from '../../apps/journal/src/journal.definition.ts';
import { ordersDefinition } from '../../apps/orders/src/orders.definition.ts';
import { shippingDefinition } from '../../apps/shipping/src/shipping.definition.ts';
import { syncDefinition } from '../../apps/sync/src/sync.definition.ts';
import { MortalService } from './mortal-service.fixture.ts';

export interface ServedRoute {
  readonly method: string;
  readonly url: string;
}

/** All services at once, each with its own migrated schema and role, on one database and one set of topics. Nobody stands at the addresses of the others. */
export class EveryService {
  readonly database: TestDatabase;
  readonly topics: TestTopics;
  readonly #addresses = new Map<ServiceName, string>();
  readonly #running = new Map<ServiceName, RunningService>();
  readonly #mortals = new Map<ServiceName, MortalService>();
  readonly #routes = new Map<ServiceName, ServedRoute[]>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'every-service-'));
  #settings: Readonly<Record<string, string>> = {};

  private constructor(database: TestDatabase, topics: TestTopics) {
    this.database = database;
    this.topics = topics;
  }

  /** @param mortal services that run in processes of their own, so that they can be killed; `settings` are in place of others for all of them. */
  static async start({ mortal = [], settings = {} }: { readonly mortal?: readonly ServiceName[]; readonly settings?: Readonly<Record<string, string>> } = {}): Promise<EveryService> {
    const every = new EveryService(...await Promise.all([createTestDatabase(), createTestTopics()]));
    for (const service of serviceNames) await every.#runMigrationJob(service);
    every.#settings = { ...await every.#environment(), ...settings };
    await Promise.all(serviceNames.map((service) => (mortal.includes(service) ? every.#startMortal(service, every.#settings) : every.#starters(every.#settings)[service]())));
    return every;
  }

  /** Stops the services of this process and starts them anew; `settings` are in place of those that they had. */
  async restart(settings: Readonly<Record<string, string>>): Promise<void> {
    this.#settings = { ...this.#settings, ...settings };
    await Promise.all([...this.#running.values()].map((service) => service.stop()));
    const starters = this.#starters(this.#settings);
    await Promise.all([...this.#running.keys()].map((service) => starters[service]()));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.values(), ...this.#mortals.values()].map((service) => service.stop()));
    rmSync(this.#folder, { recursive: true });
    await this.topics.drop();
    await this.database.drop();
  }

  service(name: ServiceName): RunningService {
    const service = this.#running.get(name);
    if (!service) throw new Error(`The service ${name} does not run.`);
    return service;
  }

  mortal(name: ServiceName): MortalService {
    const service = this.#mortals.get(name);
    if (!service) throw new Error(`The service ${name} has no process of its own.`);
    return service;
  }

  routes(name: ServiceName): readonly ServedRoute[] {
    return this.#routes.get(name) ?? [];
  }

  /** The service's own role. */
  role(name: ServiceName): string {
    return new URL(this.#addresses.get(name) ?? '').username;
  }

  /** One starter a service; the compiler asks for every service there is. */
  #starters(environment: Readonly<Record<string, string>>): Readonly<Record<ServiceName, () => Promise<void>>> {
    return {
      gateway: () => this.#start(gatewayDefinition, environment),
      'auth-sso': () => this.#start(authSsoDefinition, environment),
      'crm-salesforce': () => this.#start(crmSalesforceDefinition, environment),
      'crm-hubspot': () => this.#start(crmHubSpotDefinition, environment),
      'crm-pipedrive': () => this.#start(crmPipedriveDefinition, environment),
      'crm-dynamics': () => this.#start(crmDynamicsDefinition, environment),
      'crm-zoho': () => this.#start(crmZohoDefinition, environment),
      orders: () => this.#start(ordersDefinition, environment),
      shipping: () => this.#start(shippingDefinition, environment),
      attribution: () => this.#start(attributionDefinition, environment),
      sync: () => this.#start(syncDefinition, environment),
      journal: () => this.#start(journalDefinition, environment),
    };
  }

  /** Runs the job as it is deployed, so that what it forgets is missing here too. */
  async #runMigrationJob(service: ServiceName): Promise<void> {
    const address = this.database.addressFor(service);
    this.#addresses.set(service, address);
    process.env['DATABASE_ADMIN_URL'] = this.database.adminUrl;
    process.env['DATABASE_URL'] = address;
    await import(`../../apps/${service}/src/migrate.ts`);
  }

  async #environment(): Promise<Record<string, string>> {
    const nobody = 'http://127.0.0.1:9';
    return {
      KAFKA_BROKERS: requireTestServer('TEST_KAFKA_BROKERS'), KAFKA_TOPIC_PREFIX: this.topics.prefix, REDIS_URL: requireTestServer('TEST_REDIS_URL'),
      PORT: '0', INTERNAL_PORT: '0', AUTH_ISSUER_URL: nobody, PUBLIC_URL: nobody,
      CRM_HUBSPOT_URL: nobody, CRM_SALESFORCE_URL: nobody, CRM_PIPEDRIVE_URL: nobody, CRM_DYNAMICS_URL: nobody, CRM_ZOHO_URL: nobody,
      ORDERS_URL: nobody, SHIPPING_URL: nobody, ATTRIBUTION_URL: nobody, SYNC_URL: nobody, JOURNAL_URL: nobody,
      VAULT_KEYS: `test:${randomBytes(32).toString('base64')}`,
      SERVICE_CLIENT_KEY_FILE: this.#fileWith('key.json', await newKey('gateway')), AUTH_CLIENTS_FILE: this.#fileWith('clients.json', []), SIGN_ON_URL: 'http://login.localhost:9',
      HUBSPOT_CLIENT_ID: 'id', HUBSPOT_CLIENT_SECRET: 'secret', HUBSPOT_CLIENT_SECRETS: 'secret', SALESFORCE_CLIENT_ID: 'id', SALESFORCE_CLIENT_SECRET: 'secret',
      PIPEDRIVE_CLIENT_ID: 'id', PIPEDRIVE_CLIENT_SECRET: 'secret', DYNAMICS_CLIENT_ID: 'id', DYNAMICS_CLIENT_SECRET: 'secret', ZOHO_CLIENT_ID: 'id', ZOHO_CLIENT_SECRET: 'secret',
      PERSON_ERASURE_QUIET_SECONDS: '1',
    };
  }

  async #start<Schema extends z.ZodObject<typeof serviceConfigShape>>(definition: ServiceDefinition<Schema>, environment: Readonly<Record<string, string>>): Promise<void> {
    const { name } = definition;
    const found: ServedRoute[] = [];
    this.#routes.set(name, found);
    const config = loadConfig(definition.config, { ...environment, DATABASE_URL: this.#addresses.get(name) });
    this.#running.set(name, await startService<Schema>({
      ...definition,
      configureHttp: (app, settings) => {
        app.getHttpAdapter().getInstance().addHook('onRoute', ({ method, url }) => {
          for (const each of [method].flat()) found.push({ method: each, url });
        });
        definition.configureHttp?.(app, settings);
      },
    }, config, createLogger(name, 'fatal')));
  }

  async #startMortal(service: ServiceName, environment: Readonly<Record<string, string>>): Promise<void> {
    const { start } = await MortalService.at(service, () => ({ ...environment, DATABASE_URL: this.#addresses.get(service) ?? '' }));
    this.#mortals.set(service, await start());
  }

  #fileWith(name: string, content: unknown): string {
    const path = join(this.#folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }
}
