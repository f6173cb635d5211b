import { randomInt, randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { eventCatalogue } from '@crossdock/contracts';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { createLogger, loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import { eventually } from '@crossdock/test-stack';
import { crmHubSpotDefinition } from '../../apps/crm-hubspot/src/crm-hubspot.definition.ts';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';

/** Everything that was printed and sent by both services. */
const printed: string[] = [];
const sent: string[] = [];
/** What must not be found anywhere, by what it is. */
const secrets = new Map<string, string>();
const canary = `canary-${randomUUID()}`;

let world: ConnectingGateway;
let crm: RunningService;
let stopListening: () => Promise<void>;

beforeAll(async () => {
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
}, 60_000);

afterAll(async () => {
  await stopListening();
  await crm.stop();
  await world.stop();
}, 60_000);

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
  const places = { log: printed, metrics, event: sent, database: await dump() };
  expect([printed.length > 20, sent.length > 3, places.database.length > 20, secrets.size > 8]).toEqual([true, true, true, true]);
  return Object.entries(places).flatMap(([place, texts]) => texts.flatMap((text) => [...secrets].flatMap(([name, secret]) => {
    const forms = [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex'), encodeURIComponent(secret)];
    return forms.some((form) => text.includes(form)) ? [`${name} in ${place}: ${text.slice(0, 200)}`] : [];
  })));
}

describe('tokens, codes, states and keys', () => {
  it('are found in no log, metric, event or row after accounts were connected, renewed, refused, revoked and disconnected', async () => {
    const tenant = await world.tenant();
    const { portalId } = await world.control.createHubSpotPortal({ ...world.app, portalId: randomInt(1_000_000, 99_999_999) });
    const account = String(portalId);
    const healthIs = (id: string, state: string) => eventually(`the connection to be ${state}`, async () =>
      (await tenant.call('GET', `/v1/connections/${id}/health`)).body['state'] === state, 30_000);
    const agree = async (when: string, begun: string): Promise<string> => {
      await world.control.setConsent('hubspot', { account });
      const browser = world.browser();
      const back = await browser.agree(begun);
      secrets.set(`code ${when}`, new URL(back).searchParams.get('code') ?? canary);
      secrets.set(`state ${when}`, new URL(back).searchParams.get('state') ?? canary);
      secrets.set(`cookie ${when}`, browser.cookie?.split('=')[1] ?? canary);
      await world.browser().open(back);
      await browser.open(back);
      await browser.open(back);
      await noteSecrets(when, tenant.id);
      return String((await tenant.connections()).find(({ vendor }) => vendor === 'hubspot')?.['id']);
    };

    const id = await agree('at first', await tenant.begin({ vendor: 'hubspot', returnTo: '/settings' }));
    await healthIs(id, 'healthy');
    await world.control.addFault('hubspot', { kind: 'expire-token', account });
    await eventually('a renewed token', async () => {
      await noteSecrets('renewed', tenant.id);
      return secrets.get('hubspot access_token renewed') !== secrets.get('hubspot access_token at first');
    });
    await world.browser().open(`/oauth/callback?code=${canary}&state=${canary}&error=${canary}`);
    secrets.set('what a stranger sent', canary);

    const shop = await world.control.createWooCommerceShop({ shop: `shop-${randomUUID()}` });
    const keys = { consumer_key: shop.consumerKey, consumer_secret: shop.consumerSecret, webhook_secret: randomUUID() };
    for (const [field, secret] of Object.entries(keys)) secrets.set(`the shop’s ${field}`, secret);
    secrets.set('the shop’s address', shop.siteUrl.replace(/\/$/, ''));
    await tenant.call('POST', '/v1/connections/authorizations', { vendor: 'woocommerce', settings: { shopUrl: shop.siteUrl }, credentials: keys });
    await tenant.call('POST', '/v1/connections/authorizations', { vendor: 'woocommerce', settings: { shopUrl: shop.siteUrl }, credentials: { ...keys, consumer_secret: canary } });
    await tenant.call('POST', '/v1/connections/authorizations', { vendor: 'shippo', credentials: { api_token: `shippo_test_${canary}` } });

    for (const kind of ['revoke-token', 'expire-token'] as const) await world.control.addFault('hubspot', { kind, account });
    await healthIs(id, 'needs_reconnect');
    await agree('again', await tenant.begin({}, `/v1/connections/${id}/reconnect`));
    await healthIs(id, 'healthy');
    await tenant.call('DELETE', `/v1/connections/${id}`);
    await eventually('the authorisation to be taken back', async () => (await tenant.audit()).includes('connection.revoked revoked'), 30_000);
    expect(await leaks()).toEqual([]);
  }, 120_000);
});
