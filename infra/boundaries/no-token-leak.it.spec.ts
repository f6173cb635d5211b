import { randomInt, randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { eventCatalogue, type Vendor } from '@crossdock/contracts';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { createLogger, loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import { eventually } from '@crossdock/test-stack';
import { crmHubSpotDefinition } from '../../apps/crm-hubspot/src/crm-hubspot.definition.ts';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { SentSecrets, SpanCapture } from './telemetry-capture.fixture.ts';

/** Everything that was printed and sent by both services. */
const printed: string[] = [];
const sent: string[] = [];
/** What must not be found anywhere, by what it is. */
const secrets = new Map<string, string>();
const canary = `canary-${randomUUID()}`;

let spans: SpanCapture;
let sentSecrets: SentSecrets;
let world: ConnectingGateway;
let crm: RunningService;
let stopListening: () => Promise<void>;

beforeAll(async () => {
  spans = new SpanCapture();
  sentSecrets = new SentSecrets();
  const capture = new Writable({
    write(chunk: Buffer, _encoding, done) {
      printed.push(chunk.toString());
      done();
    },
  });
  world = await ConnectingGateway.start({ CONNECTION_PROBE_SECONDS: '1', LOG_LEVEL: 'trace' }, createLogger('gateway', 'trace', capture));
  crm = await startService(crmHubSpotDefinition, loadConfig(crmHubSpotDefinition.config, {
    ...world.environment, DATABASE_URL: await world.database.migrateService('crm-hubspot', crmServiceSchemas('crm-hubspot')),
  }), createLogger('crm-hubspot', 'trace', capture));
  const consumer = world.topics.kafka.consumer({ groupId: `${world.topics.prefix}listener` });
  await consumer.connect();
  await consumer.subscribe({ topics: eventCatalogue.map(({ type }) => world.topics.prefix + type), fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void sent.push(`${message.key?.toString()} ${message.value?.toString()} ${JSON.stringify(message.headers)}`) });
  stopListening = () => consumer.disconnect();
  secrets.set('the app’s secret', world.app.clientSecret);
  secrets.set('the vault key', (world.environment['VAULT_KEYS'] ?? '').slice('test:'.length));
});

afterAll(async () => {
  await stopListening();
  await crm.stop();
  await world.stop();
  sentSecrets.stop();
  await spans.stop();
});

/** What is stored of the tenant's connections right now, opened. */
async function noteSecrets(when: string, tenantId: string): Promise<void> {
  for (const connection of await world.connections.store.list(tenantId)) {
    const stored = await world.service.app.get(TenantDatabase).transaction(tenantId, (manager) => world.connections.vault.findAll(manager, connection));
    for (const [field, secret] of Object.entries(stored)) if (secret !== undefined) secrets.set(`${connection.vendor} ${field} ${when}`, secret);
  }
}

/** All rows of all tables, as text. */
async function dump(): Promise<string[]> {
  const tables = await world.admin.query<Array<{ name: string }>>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`);
  const rows = await Promise.all(tables.map(({ name }) => world.admin.query<Array<{ row: string }>>(`SELECT to_jsonb(t)::text AS row FROM ${name} t`)));
  return rows.flat().map(({ row }) => row);
}

async function leaks(): Promise<string[]> {
  const metrics = await Promise.all([world.service, crm].map((service) => service.app.get(Registry).metrics()));
  const places = { log: printed, trace: spans.texts, metrics, event: sent, database: await dump() };
  const all = [...secrets, ...sentSecrets.found];
  for (const [place, texts] of Object.entries(places)) expect({ place, isFilled: texts.length > 1 }).toEqual({ place, isFilled: true });
  return Object.entries(places).flatMap(([place, texts]) => texts.flatMap((text) => all.flatMap(([name, secret]) => {
    const forms = [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex'), encodeURIComponent(secret)];
    return forms.some((form) => text.includes(form)) ? [`${name} in ${place}: ${text.slice(0, 200)}`] : [];
  })));
}

type Tenant = Awaited<ReturnType<ConnectingGateway['tenant']>>;

/** A person agrees for the account that the vendor's page shows; strangers open the same links, and so does the person once more. */
async function agree(tenant: Tenant, vendor: Vendor, when: string, begun: string): Promise<string> {
  const browser = world.browser();
  const back = await browser.agree(begun);
  secrets.set(`${vendor} code ${when}`, new URL(back).searchParams.get('code') ?? canary);
  secrets.set(`${vendor} state ${when}`, new URL(back).searchParams.get('state') ?? canary);
  secrets.set(`cookie ${vendor} ${when}`, browser.cookie?.split('=')[1] ?? canary);
  await world.browser().open(back);
  await browser.open(back);
  await browser.open(back);
  await noteSecrets(when, tenant.id);
  return String((await tenant.connections()).find((connection) => connection['vendor'] === vendor)?.['id']);
}

const healthIs = (tenant: Tenant, id: string, state: string) => eventually(`the connection to be ${state}`, async () =>
  (await tenant.call('GET', `/v1/connections/${id}/health`)).body['state'] === state, 30_000);

async function disconnected(tenant: Tenant, id: string): Promise<void> {
  await tenant.call('DELETE', `/v1/connections/${id}`);
  await eventually('the authorisation to be taken back', async () => (await tenant.audit()).some((entry) => entry.startsWith('connection.revoked')));
}

/** A webhook that proves itself, yet is not of the shape that its vendor documents. */
async function sendUnreadable(vendor: Vendor, connectionId: string, query: string, headers: Record<string, string>, body: object): Promise<void> {
  const answer = await world.service.app.inject({
    method: 'POST', url: `/webhooks/${vendor}/${connectionId}${query}`, headers: { 'content-type': 'application/json', ...headers }, payload: JSON.stringify(body),
  });
  expect({ vendor, status: answer.statusCode }).toEqual({ vendor, status: 200 });
}

describe('tokens, codes, states and keys', () => {
  it('of HubSpot are found in no log, trace, metric, event or row after an account was connected, renewed, refused, revoked and disconnected', async () => {
    const tenant = await world.tenant();
    const { portalId } = await world.control.createHubSpotPortal({ ...world.app, portalId: randomInt(1_000_000, 99_999_999) });
    const account = String(portalId);
    await world.control.setConsent('hubspot', { account });
    const id = await agree(tenant, 'hubspot', 'at first', await tenant.begin({ vendor: 'hubspot', returnTo: '/settings' }));
    await healthIs(tenant, id, 'healthy');
    await world.control.addFault('hubspot', { kind: 'expire-token', account });
    await eventually('a renewed token', async () => {
      await noteSecrets('renewed', tenant.id);
      return secrets.get('hubspot access_token renewed') !== secrets.get('hubspot access_token at first');
    });
    await world.browser().open(`/oauth/callback?code=${canary}&state=${canary}&error=${canary}`);
    secrets.set('what a stranger sent', canary);
    for (const kind of ['revoke-token', 'expire-token'] as const) await world.control.addFault('hubspot', { kind, account });
    await healthIs(tenant, id, 'needs_reconnect');
    await agree(tenant, 'hubspot', 'again', await tenant.begin({}, `/v1/connections/${id}/reconnect`));
    await healthIs(tenant, id, 'healthy');
    await disconnected(tenant, id);
    // What is looked for, and where, is really there.
    const looked = [...sentSecrets.found.keys()].map((what) => what.split(' ').at(1));
    expect(looked).toEqual(expect.arrayContaining(['code', 'code_verifier', 'client_secret', 'refresh_token', 'authorization']));
    expect(spans.texts.filter((text) => text.includes('hubspot oauth.exchange'))).not.toEqual([]);
    expect(await leaks()).toEqual([]);
  }, 120_000);

  it.each([
    { vendor: 'salesforce' as const, prepare: async () => ({ account: (await world.control.createSalesforceOrg({ ...world.app, rotateRefreshTokens: true })).orgId }) },
    { vendor: 'pipedrive' as const, prepare: async () => ({ account: (await world.control.createPipedriveCompany(world.app)).domain }) },
    { vendor: 'zoho' as const, prepare: async () => ({ account: (await world.control.createZohoOrg(world.app)).orgId }) },
    {
      vendor: 'dynamics' as const,
      prepare: async () => {
        const { environmentUrl, orgId } = await world.control.createDynamicsEnvironment(world.app);
        return { account: orgId, settings: { environmentUrl } };
      },
    },
  ])('of $vendor are found nowhere either', async ({ vendor, prepare }) => {
    const tenant = await world.tenant();
    const { account, settings }: { account: string; settings?: Record<string, unknown> } = await prepare();
    await world.control.setConsent(vendor, { account });
    const id = await agree(tenant, vendor, 'at first', await tenant.begin({ vendor, ...(settings && { settings }) }));
    const connection = await world.connections.store.find(tenant.id, id);
    if (!connection) throw new Error(`The account of ${vendor} was not connected.`);
    await world.connections.tokens.refreshAfter401(connection, await world.connections.tokens.get(connection));
    await noteSecrets('renewed', tenant.id);
    expect(secrets.get(`${vendor} access_token renewed`)).not.toBe(secrets.get(`${vendor} access_token at first`));
    for (const kind of ['revoke-token', 'expire-token'] as const) await world.control.addFault(vendor, { kind, account });
    await expect(world.connections.tokens.refreshAfter401(connection, await world.connections.tokens.get(connection))).rejects.toMatchObject({ kind: 'unauthorised' });
    await healthIs(tenant, id, 'needs_reconnect');
    await disconnected(tenant, id);
    expect(await leaks()).toEqual([]);
  });

  it('that an administrator pastes are found nowhere either, whether the vendor takes them or not', async () => {
    const tenant = await world.tenant();
    const shop = await world.control.createWooCommerceShop({ shop: `shop-${randomUUID()}` });
    const keys = { consumer_key: shop.consumerKey, consumer_secret: shop.consumerSecret, webhook_secret: randomUUID() };
    for (const [field, secret] of Object.entries(keys)) secrets.set(`the shop’s ${field}`, secret);
    secrets.set('the shop’s address', shop.siteUrl.replace(/\/$/, ''));
    secrets.set('what an administrator mistyped', canary);
    const connect = (body: object) => tenant.call('POST', '/v1/connections/authorizations', body);
    const { status } = await connect({ vendor: 'woocommerce', settings: { shopUrl: shop.siteUrl }, credentials: keys });
    expect(status).toBe(201);
    await connect({ vendor: 'woocommerce', settings: { shopUrl: shop.siteUrl }, credentials: { ...keys, consumer_secret: canary } });
    await connect({ vendor: 'shippo', credentials: { api_token: `shippo_test_${canary}` } });
    await connect({ vendor: 'pipedrive', settings: { companyDomain: 'tea' }, credentials: { api_token: canary } });
    const environment = await world.control.createDynamicsEnvironment(world.app);
    for (const clientSecret of [canary, environment.ownClientSecret]) {
      secrets.set('the secret of the tenant’s own app', environment.ownClientSecret);
      await connect({
        vendor: 'dynamics', settings: { environmentUrl: environment.environmentUrl, directoryId: environment.tenantId, grantType: 'client_credentials' },
        credentials: { client_id: environment.ownClientId, client_secret: clientSecret },
      });
    }
    await noteSecrets('pasted', tenant.id);
    expect(await leaks()).toEqual([]);
  });

  it('that prove a webhook are found nowhere either, where its body cannot be read and is kept', async () => {
    const tenant = await world.tenant();
    const made = async (vendor: Vendor, credentials: Record<string, string>): Promise<string> => {
      for (const [field, secret] of Object.entries(credentials)) secrets.set(`${vendor}’s ${field} of webhooks`, secret);
      return String((await tenant.call('POST', '/v1/connections', { vendor, accountId: `a-${randomUUID()}`, credentials })).body['id']);
    };
    const [password, key, token, channelToken] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    const basic = Buffer.from(`crossdock:${password}`).toString('base64');
    secrets.set('the header of Pipedrive’s webhooks', basic);
    await sendUnreadable('pipedrive', await made('pipedrive', { webhook_secret: password }), '', { authorization: `Basic ${basic}` }, { odd: true });
    await sendUnreadable('dynamics', await made('dynamics', { webhook_secret: key }), `?code=${key}`, {}, { odd: true });
    await sendUnreadable('shippo', await made('shippo', { webhook_token: token }), `?token=${token}`, {}, { event: 'track_updated', odd: true });
    await sendUnreadable('zoho', await made('zoho', { webhook_secret: channelToken }), '', {}, { token: channelToken, odd: true });
    expect(await leaks()).toEqual([]);
  });
});
