import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { VaultKeys } from '@crossdock/connections';
import { tenantDomainChanged, eventKey } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { createLogger, loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { ServiceTokenClient, type Es256PrivateKey } from '@crossdock/service-tokens';
import { createTestDatabase, createTestTopics, eventually, type TestDatabase, type TestTopics, freePort, requireTestServer } from '@crossdock/test-stack';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { authSsoConfig } from '../auth-sso.config.ts';
import { authSsoDefinition } from '../auth-sso.definition.ts';
import { AuthSsoModule } from '../auth-sso.module.ts';
import { authSsoSchema } from '../auth-sso.schema.ts';
import { newClient } from '../clients/client.fixture.ts';
import { ProviderUpkeep } from '../providers/provider-upkeep.ts';
import { ProviderRepository } from '../providers/provider.repository.ts';
import { SessionUpkeep } from '../sessions/session-upkeep.ts';
import { TenantWork } from '../tenant-work.ts';
import { ApplicationDomains } from './application-domains.ts';
import { OpenIdProviderFixture } from './openid-provider.fixture.ts';
import type { TestBrowser, Visited } from './test-browser.fixture.ts';

const providerSchema = z.looseObject({ providerId: z.uuid(), version: z.int() });
const tokenSchema = z.object({ access_token: z.string(), token_type: z.literal('Bearer'), expires_in: z.int(), session_id: z.uuid(), roles: z.array(z.string()) });

/** The vault's keys as they are while one is exchanged: both open everywhere. */
const [presentKey, nextKey] = ['k1', 'k2'].map((id) => `${id}:${randomBytes(32).toString('base64')}`);

/** auth-sso as a process has it, with an OpenID provider beside it and a clock of the test's. */
export class SignOnWorld {
  readonly idp: OpenIdProviderFixture;
  readonly port: number;
  readonly admin: DataSource;
  readonly database: TestDatabase;
  readonly topics: TestTopics;
  readonly #service: RunningService;
  readonly #clock: { aheadMs: number };
  readonly #folder: string;
  /** The key of the client `gateway`. */
  readonly operatorKey: Es256PrivateKey;

  private constructor(parts: Pick<SignOnWorld, 'idp' | 'port' | 'admin' | 'database' | 'topics' | 'operatorKey'> & {
    readonly service: RunningService; readonly folder: string; readonly clock: { aheadMs: number };
  }) {
    ({ idp: this.idp, port: this.port, admin: this.admin, database: this.database, topics: this.topics, operatorKey: this.operatorKey } = parts);
    ({ clock: this.#clock, service: this.#service, folder: this.#folder } = parts);
  }

  static async start(): Promise<SignOnWorld> {
    const [database, topics, idp, port, folder] = await Promise.all([
      createTestDatabase(), createTestTopics(), OpenIdProviderFixture.start(), freePort(), mkdtemp(join(tmpdir(), 'sign-on-')),
    ]);
    const { client, privateJwk } = await newClient({
      clientId: 'gateway', audiences: ['auth-sso', 'gateway', 'journal'], scopes: ['tenant:any', 'identity:read', 'identity:write', 'audit:read', 'tenants:manage', 'client-address:delegate'],
    });
    const clientsFile = join(folder, 'clients.json');
    await writeFile(clientsFile, JSON.stringify([client]));
    const clock = { aheadMs: 0 };
    const now = (): Date => new Date(Date.now() + clock.aheadMs);
    const service = await startService(
      { ...authSsoDefinition, module: (config) => AuthSsoModule.forConfig(config, now) },
      loadConfig(authSsoConfig, {
        DATABASE_URL: await database.migrateService('auth-sso', [authSsoSchema]), KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix,
        REDIS_URL: requireTestServer('TEST_REDIS_URL'), PORT: String(port), INTERNAL_PORT: '0', AUTH_ISSUER_URL: `http://127.0.0.1:${port}`,
        AUTH_CLIENTS_FILE: clientsFile, VAULT_KEYS: `${presentKey},${nextKey}`, SIGN_ON_URL: `http://login.localhost:${port}`,
        OUTBOUND_ALLOW_PRIVATE_NETWORKS: '127.0.0.0/8,::1/128', TRUSTED_PROXIES: '127.0.0.1',
      }),
      createLogger('auth-sso', 'fatal'),
    );
    return new SignOnWorld({ clock, database, topics, idp, port, folder, service, operatorKey: privateJwk, admin: await database.connectAsAdmin('auth_sso') });
  }

  async stop(): Promise<void> {
    await this.#service.stop();
    await Promise.all([this.idp.stop(), this.database.drop(), this.topics.drop(), rm(this.#folder, { recursive: true })]);
  }

  /** How far the service's clock runs ahead, in milliseconds. */
  get aheadMs(): number {
    return this.#clock.aheadMs;
  }

  set aheadMs(ms: number) {
    this.#clock.aheadMs = ms;
  }

  /** What is kept of sessions, as the hourly upkeep leaves it. */
  async tidyUp(): Promise<void> {
    await this.#service.app.get(SessionUpkeep).runOnce();
  }

  /** What a replica does that was started with the next vault key in the first place. @returns how many secrets were sealed anew. */
  async resealWithNextVaultKey(): Promise<number> {
    const { app } = this.#service;
    const providers = new ProviderRepository(VaultKeys.parse(`${nextKey},${presentKey}`));
    return new ProviderUpkeep({ work: app.get(TenantWork), providers, logger: createLogger('auth-sso', 'fatal') }).runOnce();
  }

  /** The domains as a replica finds them that serves the sign-on pages elsewhere. */
  domainsBeside(signOnUrl: string): ApplicationDomains {
    return new ApplicationDomains(this.#service.app.get(TenantWork), signOnUrl);
  }

  get issuerUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** An application's origin, such as `http://app.localhost:1234` for `app`. */
  origin(name: string): string {
    return `http://${name}.localhost:${this.port}`;
  }

  /** Calls the interface for administrators. */
  async call(method: string, path: string, { tenantId, body }: { readonly tenantId?: string; readonly body?: unknown } = {}): Promise<{ status: number; body: unknown }> {
    const tokens = new ServiceTokenClient({ issuerUrl: this.issuerUrl, clientId: 'gateway', privateJwk: this.operatorKey, now: () => new Date(Date.now() + this.aheadMs) });
    const response = await fetch(`${this.issuerUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await tokens.token('auth-sso', tenantId)}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) as unknown };
  }

  /** Gives a tenant an application's host and the provider. @returns the provider's id. */
  async furnish(tenantId: string, names: readonly string[], { settings = {}, clientId = this.idp.clientId, name = 'Test provider' }: { readonly settings?: object; readonly clientId?: string; readonly name?: string } = {}): Promise<string> {
    for (const host of names) await this.tellDomain(tenantId, `${host}.localhost`);
    await eventually('the domains to be known', async () => {
      const known: unknown[] = await this.admin.query('SELECT 1 FROM application_domain WHERE tenant_id = $1 AND is_owned AND domain = ANY($2)', [tenantId, names.map((host) => `${host}.localhost`)]);
      return known.length === names.length;
    }, 60_000);
    const body = { name, issuer: this.idp.issuer, clientId, clientSecret: this.idp.clientSecret, settings: { newPeople: 'create', defaultRole: 'viewer', scopes: ['email', 'profile', 'groups'], ...settings } };
    return providerSchema.parse(await this.expect(201, this.call('POST', '/v1/identity/providers', { tenantId, body }))).providerId;
  }

  /** What the gateway says when a domain was given to a tenant or taken from it. */
  async tellDomain(tenantId: string, domain: string, { isOwned = true, changedAt = new Date() }: { readonly isOwned?: boolean; readonly changedAt?: Date } = {}): Promise<void> {
    const envelope = this.#service.app.get(EventPublisher).envelope({ tenantId, correlationId: randomUUID() }, tenantDomainChanged, {
      subject: `domain/${domain}`, data: { domain, isOwned, changedAt: changedAt.toISOString() },
    });
    const producer = this.topics.kafka.producer();
    await producer.connect();
    await producer.send({ topic: this.topics.prefix + tenantDomainChanged.type, messages: [{ key: eventKey(envelope), value: JSON.stringify(envelope) }] });
    await producer.disconnect();
  }

  /** @throws Error with the answer where the status is another. */
  async expect(status: number, call: Promise<{ status: number; body: unknown }>): Promise<unknown> {
    const answer = await call;
    if (answer.status !== status) throw new Error(`Status ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Goes from an application to the provider's form, and no further. */
  async goToProvider(browser: TestBrowser, from: string, { returnTo = '/welcome', link = false }: { readonly returnTo?: string; readonly link?: boolean } = {}): Promise<Visited> {
    return browser.visit(`${this.origin(from)}/sign-on/start?returnTo=${encodeURIComponent(returnTo)}${link ? '&link=1' : ''}`);
  }

  /** Signs on from an application as an account of the provider, as far as it goes. The application itself answers 404: there is none. */
  async signOn(browser: TestBrowser, from: string, account: string, options: { readonly returnTo?: string; readonly link?: boolean } = {}): Promise<Visited> {
    const form = await this.goToProvider(browser, from, options);
    if (!form.url.pathname.startsWith('/interaction/')) return form;
    return browser.visit(`${form.url.href}?login=${encodeURIComponent(account)}`);
  }

  /** What a page of an application asks for: an access token. */
  async renew(browser: TestBrowser, name: string): Promise<{ status: number; token: z.infer<typeof tokenSchema> | undefined }> {
    const { status, body } = await browser.visit(`${this.origin(name)}/sign-on/token`, { method: 'POST', headers: { origin: this.origin(name) } });
    return { status, token: status === 200 ? tokenSchema.parse(JSON.parse(body)) : undefined };
  }
}
