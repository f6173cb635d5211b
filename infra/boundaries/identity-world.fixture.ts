import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectionsSchema } from '@crossdock/connections';
import { createLogger, loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { ServiceTokenClient } from '@crossdock/service-tokens';
import { eventually, requireTestServer } from '@crossdock/test-stack';
import { z } from 'zod';
import { SignOnWorld } from '../../apps/auth-sso/src/sign-on/sign-on-world.fixture.ts';
import { TestBrowser } from '../../apps/auth-sso/src/sign-on/test-browser.fixture.ts';
import { gatewayDefinition } from '../../apps/gateway/src/gateway.definition.ts';
import { gatewaySchemas } from '../../apps/gateway/src/gateway.schemas.ts';
import { journalDefinition } from '../../apps/journal/src/journal.definition.ts';
import { journalSchema } from '../../apps/journal/src/journal.schema.ts';

/** What the gateway answered. */
export interface GatewayAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A person who is signed on, in a browser. */
export interface SignedOn {
  readonly browser: TestBrowser;
  readonly accessToken: string;
  readonly sessionId: string;
}

const otherServices = ['CRM_HUBSPOT', 'CRM_SALESFORCE', 'CRM_PIPEDRIVE', 'CRM_ZOHO', 'CRM_DYNAMICS', 'ORDERS', 'SHIPPING', 'ATTRIBUTION', 'SYNC'];

/** Gateway, sign-on with an OpenID provider, and journal, as they run together. */
export class IdentityWorld {
  readonly #client: ServiceTokenClient;

  private constructor(readonly signOn: SignOnWorld, readonly gateway: RunningService, private readonly journal: RunningService, private readonly folder: string) {
    this.#client = new ServiceTokenClient({ issuerUrl: signOn.issuerUrl, clientId: 'gateway', privateJwk: signOn.operatorKey });
  }

  static async start(): Promise<IdentityWorld> {
    const signOn = await SignOnWorld.start();
    const folder = await mkdtemp(join(tmpdir(), 'identity-'));
    const keyFile = join(folder, 'key.json');
    await writeFile(keyFile, JSON.stringify(signOn.operatorKey));
    const environment = {
      KAFKA_BROKERS: signOn.topics.brokers.join(','), KAFKA_TOPIC_PREFIX: signOn.topics.prefix, REDIS_URL: requireTestServer('TEST_REDIS_URL'), PORT: '0', INTERNAL_PORT: '0', AUTH_ISSUER_URL: signOn.issuerUrl,
    };
    const journal = await startService(journalDefinition, loadConfig(journalDefinition.config, {
      ...environment, DATABASE_URL: await signOn.database.migrateService('journal', [connectionsSchema, journalSchema]),
    }), createLogger('journal', 'fatal'));
    const gateway = await startService(gatewayDefinition, loadConfig(gatewayDefinition.config, {
      ...environment, DATABASE_URL: await signOn.database.migrateService('gateway', gatewaySchemas), PUBLIC_URL: 'https://hub.example.com', VAULT_KEYS: `test:${randomBytes(32).toString('base64')}`,
      SERVICE_CLIENT_KEY_FILE: keyFile, HUBSPOT_CLIENT_SECRETS: randomUUID(), JOURNAL_URL: await journal.app.getUrl(),
      ...Object.fromEntries(otherServices.map((name) => [`${name}_URL`, 'http://127.0.0.1:9'])),
    }), createLogger('gateway', 'fatal'));
    return new IdentityWorld(signOn, gateway, journal, folder);
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.journal.stop();
    await this.signOn.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Calls the gateway: as a person with a token, for a tenant as its service, or as an operator. */
  async call(who: { readonly token: string } | { readonly tenantId: string } | 'operator', method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<GatewayAnswer> {
    const token = who === 'operator' ? await this.#client.token('gateway') : 'token' in who ? who.token : await this.#client.token('gateway', who.tenantId);
    const answer = await this.gateway.app.inject({
      method, url, headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) }, ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: answer.body === '' ? undefined : JSON.parse(answer.body) as unknown };
  }

  /** A tenant whose application is served at `<name>.localhost`. */
  async tenant(name: string): Promise<string> {
    const made = await this.call('operator', 'POST', '/v1/tenants', { slug: name, name });
    const tenantId = z.looseObject({ id: z.uuid() }).parse(made.body).id;
    const given = await this.call('operator', 'PUT', `/v1/tenants/${tenantId}/domains/${name}.localhost`);
    if (given.status !== 204) throw new Error(`The domain was refused: ${JSON.stringify(given.body)}`);
    await eventually('sign-on to know the domain', async () => {
      const { status } = await new TestBrowser().visit(`${this.signOn.origin(name)}/sign-on/start`);
      return status !== 404;
    }, 60_000);
    return tenantId;
  }

  /** Signs a person on at a tenant's application, by an account of the provider. */
  async signedOn(application: string, account: string): Promise<SignedOn> {
    this.signOn.idp.accounts.set(account, { email: `${account}@example.com`, email_verified: true, name: account });
    const browser = new TestBrowser();
    await this.signOn.signOn(browser, application, account);
    const { status, token } = await this.signOn.renew(browser, application);
    if (!token) throw new Error(`Nobody is signed on: ${status}.`);
    return { browser, accessToken: token.access_token, sessionId: token.session_id };
  }
}
