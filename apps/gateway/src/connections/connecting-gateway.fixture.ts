import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connections } from '@crossdock/connections';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { createTestDatabase, createTestTopics, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import { pino, type Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { gatewayDefinition } from '../gateway.definition.ts';
import { gatewaySchemas } from '../gateway.schemas.ts';
import { ServiceFront } from './service-front.fixture.ts';
import { DeclaredProblems } from '../interface/declared-problems.fixture.ts';

export const publicUrl = 'https://hub.example.com';
const app = { clientId: randomUUID(), clientSecret: randomUUID() };
const answerSchema = z.record(z.string(), z.unknown());
type ConsentOf = Parameters<SandboxControl['setConsent']>;
const begunSchema = z.object({ authorizationUrl: z.url() });

/** A page, or where it leads: what a browser has of an answer. */
export interface BrowserAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A person's browser at the gateway's pages, with a cookie jar of its own. */
export class Browser {
  readonly #world: ConnectingGateway;
  cookie: string | undefined;

  constructor(world: ConnectingGateway) {
    this.#world = world;
  }

  async open(address: string): Promise<BrowserAnswer> {
    const { pathname, search } = new URL(address, publicUrl);
    const answer = await this.#world.service.app.inject({ method: 'GET', url: pathname + search, headers: this.cookie ? { cookie: this.cookie } : {} });
    const given = answer.headers['set-cookie'];
    if (typeof given === 'string') this.cookie = given.split(';')[0];
    return { status: answer.statusCode, location: answer.headers.location, text: answer.body, headers: answer.headers };
  }

  /** Follows the link to the vendor, answers there as the sandbox's person does, and gives the address that leads back. */
  async agree(authorizationUrl: string): Promise<string> {
    const { location } = await this.open(authorizationUrl);
    return (await this.#world.control.openAuthorizationPage(location ?? '')).href;
  }
}

/** The gateway and the vendors' stand-ins, and callers of several tenants. */
export class ConnectingGateway {
  readonly database: TestDatabase;
  readonly topics: TestTopics;
  readonly issuer: IssuerFixture;
  readonly sandbox: Sandbox;
  readonly control: SandboxControl;
  readonly app = app;
  readonly #folder: string;
  readonly #problems: DeclaredProblems;
  readonly #databaseUrl: string;
  readonly #replicas: RunningService[] = [];
  #lastConsent: Promise<unknown> = Promise.resolve();
  /** What the vendors call where the gateway is reachable. */
  readonly front: ServiceFront;
  readonly service: RunningService;
  readonly admin: DataSource;
  /** What the gateway was configured with, and services beside it may be. */
  readonly environment: Readonly<Record<string, string>>;

  private constructor(parts: Pick<ConnectingGateway, 'database' | 'topics' | 'issuer' | 'sandbox' | 'service' | 'environment' | 'admin' | 'front'> & { readonly folder: string; readonly problems: DeclaredProblems; readonly databaseUrl: string }) {
    this.database = parts.database;
    this.topics = parts.topics;
    this.issuer = parts.issuer;
    this.sandbox = parts.sandbox;
    this.service = parts.service;
    this.admin = parts.admin;
    this.environment = parts.environment;
    this.#folder = parts.folder;
    this.#problems = parts.problems;
    this.#databaseUrl = parts.databaseUrl;
    this.front = parts.front;
    this.control = new SandboxControl(parts.sandbox.url);
  }

  /** @param isReachable whether the gateway's public address is one that the vendors' stand-ins can call, and so not https. */
  static async start(
    settings: Readonly<Record<string, string>> = {}, logger: Logger = pino({ level: 'silent' }), { isReachable = false }: { readonly isReachable?: boolean } = {},
  ): Promise<ConnectingGateway> {
    const [database, topics, issuer, sandbox] = await Promise.all([createTestDatabase(), createTestTopics(), startIssuer(), startSandbox({ port: 0 })]);
    const folder = mkdtempSync(join(tmpdir(), 'connecting-'));
    const keyFile = join(folder, 'key.json');
    writeFileSync(keyFile, JSON.stringify(issuer.key));
    const front = await ServiceFront.start();
    const nowhere = 'http://127.0.0.1:9';
    const environment = {
      KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix, REDIS_URL: requireTestServer('TEST_REDIS_URL'), PORT: '0', INTERNAL_PORT: '0',
      PUBLIC_URL: isReachable ? front.url : publicUrl, OUTBOUND_ALLOW_PRIVATE_NETWORKS: 'true', VAULT_KEYS: `test:${randomBytes(32).toString('base64')}`, AUTH_ISSUER_URL: issuer.url,
      SERVICE_CLIENT_KEY_FILE: keyFile, RETURN_ORIGINS: 'https://app.example.com',
      HUBSPOT_CLIENT_SECRETS: app.clientSecret, HUBSPOT_CLIENT_ID: app.clientId, HUBSPOT_CLIENT_SECRET: app.clientSecret,
      HUBSPOT_API_URL: `${sandbox.url}/hubspot`, HUBSPOT_APP_URL: `${sandbox.url}/hubspot`,
      SALESFORCE_CLIENT_ID: app.clientId, SALESFORCE_CLIENT_SECRET: app.clientSecret, SALESFORCE_LOGIN_URL: `${sandbox.url}/salesforce`,
      SALESFORCE_SANDBOX_LOGIN_URL: `${sandbox.url}/salesforce/test`, SALESFORCE_MY_DOMAIN_URL: `${sandbox.url}/salesforce/domains/{domain}`,
      PIPEDRIVE_CLIENT_ID: app.clientId, PIPEDRIVE_CLIENT_SECRET: app.clientSecret, PIPEDRIVE_OAUTH_URL: `${sandbox.url}/pipedrive`,
      PIPEDRIVE_COMPANY_URL: `${sandbox.url}/pipedrive`, SHIPPO_API_URL: `${sandbox.url}/shippo`,
      SHIPPO_CLIENT_ID: app.clientId, SHIPPO_CLIENT_SECRET: app.clientSecret, SHIPPO_OAUTH_URL: `${sandbox.url}/shippo`,
      DYNAMICS_CLIENT_ID: app.clientId, DYNAMICS_CLIENT_SECRET: app.clientSecret, DYNAMICS_LOGIN_URL: `${sandbox.url}/dynamics`, DYNAMICS_ENVIRONMENT_DOMAINS: '127.0.0.1',
      ZOHO_CLIENT_ID: app.clientId, ZOHO_CLIENT_SECRET: app.clientSecret, ZOHO_ACCOUNTS_URL: `${sandbox.url}/zoho/accounts/{location}`,
      CRM_HUBSPOT_URL: nowhere, CRM_SALESFORCE_URL: nowhere, CRM_PIPEDRIVE_URL: nowhere, CRM_ZOHO_URL: nowhere, CRM_DYNAMICS_URL: nowhere, ORDERS_URL: nowhere, SHIPPING_URL: nowhere, ATTRIBUTION_URL: nowhere, SYNC_URL: nowhere, JOURNAL_URL: nowhere,
      ...settings,
    };
    const problems = new DeclaredProblems();
    const databaseUrl = await database.migrateService('gateway', gatewaySchemas);
    const service = await startService(problems.watching(gatewayDefinition), loadConfig(gatewayDefinition.config, { ...environment, DATABASE_URL: databaseUrl }), logger);
    front.leadTo(service);
    return new ConnectingGateway({ database, topics, issuer, sandbox, service, environment, folder, front, problems, databaseUrl, admin: await database.connectAsAdmin('gateway') });
  }

  /** A further gateway beside the first, as where it runs in several replicas. */
  async replica(): Promise<RunningService> {
    const replica = await startService(gatewayDefinition, loadConfig(gatewayDefinition.config, { ...this.environment, DATABASE_URL: this.#databaseUrl }), pino({ level: 'silent' }));
    this.#replicas.push(replica);
    return replica;
  }

  /** A new tenant and its administrator's calls. @param alsoMay a further scope, such as `personal:read`. */
  async tenant(alsoMay = '') {
    const scope = `${alsoMay} tenant:any tenants:manage connections:write connections:read records:read syncs:read syncs:write jobs:read jobs:write dead-letters:read dead-letters:write orders:read orders:write api-keys:read api-keys:write attribution:read audit:read audit:write`;
    const bearer = await this.issuer.sign({ claims: { aud: 'gateway', scope } });
    const send = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown, tenantId?: string, more: Readonly<Record<string, string>> = {}) =>
      this.service.app.inject({
        method, url,
        headers: {
          ...more, authorization: `Bearer ${bearer}`, ...(tenantId !== undefined && { 'x-crossdock-tenant': tenantId }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { payload: JSON.stringify(body) }),
      });
    const call = async (...request: Parameters<typeof send>) => {
      const answer = await send(...request);
      return { status: answer.statusCode, body: answerSchema.parse(answer.json()) };
    };
    const created = await call('POST', '/v1/tenants', { slug: `t-${randomBytes(6).toString('hex')}`, name: 'Tenant' });
    const id = z.uuid().parse(created.body['id']);
    const tenantCall = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown, headers?: Readonly<Record<string, string>>) => call(method, url, body, id, headers);
    return {
      id,
      call: tenantCall,
      /** Something that is no JSON, such as a file or a stream, once it has ended. */
      read: async (url: string) => {
        const { headers, body } = await send('GET', url, undefined, id);
        return { contentType: String(headers['content-type']), text: body };
      },
      begin: async (body: unknown, url = '/v1/connections/authorizations') => begunSchema.parse((await tenantCall('POST', url, body)).body).authorizationUrl,
      connections: async () => z.array(answerSchema).parse((await tenantCall('GET', '/v1/connections')).body['items']),
      /** What is written down of the tenant's authorisations and connections, in order. */
      audit: async () => (await this.admin.query<Array<{ action: string; outcome: string }>>(
        'SELECT action, outcome FROM connections.connection_audit WHERE tenant_id = $1 ORDER BY id', [id])).map(({ action, outcome }) => `${action} ${outcome}`),
    };
  }

  get connections(): Connections {
    return this.service.app.get(Connections);
  }

  browser(): Browser {
    return new Browser(this);
  }

  /** Lets a person answer on a vendor's page. What is chosen there is set for the whole stand-in, so that people answer one after the other. */
  consenting<Result>(vendor: ConsentOf[0], consent: ConsentOf[1], answer: () => Promise<Result>): Promise<Result> {
    const turn = this.#lastConsent.then(async () => {
      await this.control.setConsent(vendor, consent);
      return await answer();
    });
    this.#lastConsent = turn.catch(() => undefined);
    return turn;
  }

  async stop(): Promise<void> {
    await Promise.all([this.service, ...this.#replicas].map((service) => service.stop()));
    await this.front.stop();
    await Promise.all([this.issuer.stop(), this.sandbox.stop(), this.topics.drop()]);
    await this.database.drop();
    rmSync(this.#folder, { recursive: true });
    this.#problems.verify();
  }
}
