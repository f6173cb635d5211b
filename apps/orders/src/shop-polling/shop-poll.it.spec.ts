import { randomBytes, randomUUID } from 'node:crypto';
import { connectionsSchema, ConnectionStore, CredentialVault, VaultKeys } from '@crossdock/connections';
import { connectionCreated } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { createLogger, startService, type RunningService } from '@crossdock/service-kit';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import {
  createTestDatabase, createTestTopics, eventually, requireTestServer, type TestDatabase, type TestTopics,
} from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { ordersDefinition } from '../orders.definition.ts';
import { ordersSchema } from '../orders.schema.ts';

const tenantId = randomUUID();
const connectionId = randomUUID();
const shop = 'polled';
const vaultKeys = `test:${randomBytes(32).toString('base64')}`;

let database: TestDatabase;
let topics: TestTopics;
let admin: DataSource;
let sandbox: Sandbox;
let control: SandboxControl;
let service: RunningService;

beforeAll(async () => {
  [database, topics, sandbox] = await Promise.all([createTestDatabase(), createTestTopics(), startSandbox({ port: 0 })]);
  control = new SandboxControl(sandbox.url);
  const databaseUrl = await database.migrateService('orders', [ordersSchema, connectionsSchema]);
  admin = await database.connectAsAdmin('orders');
  service = await startService(ordersDefinition, ordersDefinition.config.parse({
    databaseUrl, kafkaBrokers: topics.brokers.join(','), topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'),
    port: 0, internalPort: 0, authIssuerUrl: 'http://127.0.0.1:9', vaultKeys, outboundAllowPrivateNetworks: 'true', shopPollSeconds: 1,
  }), createLogger('orders', 'fatal'));
  await connectShop();
}, 60_000);

afterAll(async () => {
  await service.stop();
  await sandbox.stop();
  await topics.drop();
  await database.drop();
}, 60_000);

/** Connects a shop that has no webhook, so that only looking finds its orders. */
async function connectShop(): Promise<void> {
  const { siteUrl, consumerKey, consumerSecret } = await control.createWooCommerceShop({ shop });
  const tenants = service.app.get(TenantDatabase);
  const vault = new CredentialVault(tenants, VaultKeys.parse(vaultKeys));
  await tenantContext.run({ tenantId, correlationId: randomUUID() }, () => tenants.transaction(tenantId, async (manager) => {
    const connection = await new ConnectionStore(tenants, vault).create(manager, {
      id: connectionId, tenantId, vendor: 'woocommerce', accountId: shop, endpoint: siteUrl, state: 'healthy',
    });
    await vault.put(manager, connection, 'consumer_key', consumerKey);
    await vault.put(manager, connection, 'consumer_secret', consumerSecret);
    await service.app.get(EventPublisher).publish(manager, connectionCreated, {
      subject: `connection/${connectionId}`, data: { connectionId, vendor: 'woocommerce' },
    });
  }));
  await eventually('the first look to be planned', async () => (await admin.query<unknown[]>('SELECT 1 FROM shop_poll')).length === 1);
}

function buy(): Promise<{ id: number }> {
  return control.placeWooCommerceOrder(shop, {
    status: 'processing', billing: { email: 'ada@example.com' }, line_items: [{ name: 'Notebook', quantity: 1, total: '12.50' }],
  });
}

async function knownOrders(): Promise<Map<string, { status: string; version: number }>> {
  const rows = await admin.query<Array<{ external_id: string; status: string; version: number }>>('SELECT external_id, status, version FROM customer_order');
  return new Map(rows.map(({ external_id: externalId, ...rest }) => [externalId, rest]));
}

describe('looking at a shop', () => {
  it('finds every order whose webhook never came, more than a page of them in the same moment, each once', async () => {
    const bought = await Promise.all(Array.from({ length: 130 }, buy));
    const found = await eventually('all orders', async () => {
      const known = await knownOrders();
      return bought.every(({ id }) => known.has(String(id))) && bought.map(({ id }) => known.get(String(id)));
    }, 20_000);
    expect(found).toEqual(bought.map(() => ({ status: 'processing', version: 1 })));
  });

  it('finds a change of an order, and goes on looking after the shop was away', async () => {
    const { id } = await buy();
    await eventually('the order', async () => (await knownOrders()).has(String(id)));
    // A shop tells times in whole seconds: a change within the second of the last one looks like that one.
    const seenAtMs = Date.now();
    await eventually('the next second', async () => Math.floor(Date.now() / 1_000) > Math.floor(seenAtMs / 1_000));
    await control.addFault('woocommerce', { kind: 'status', status: 503, times: 2 });
    await control.editWooCommerceOrder(shop, id, { status: 'completed' });
    await eventually('the order’s new status', async () => (await knownOrders()).get(String(id))?.status === 'completed', 25_000);
  });

  it('tells nothing twice when nothing changed', async () => {
    const tasksDone = async (): Promise<string> => (await admin.query<Array<{ id: string }>>(`SELECT id FROM task WHERE kind = 'orders.poll-shop'`))[0]?.id ?? '';
    const [versions, firstTask] = [await knownOrders(), await tasksDone()];
    await eventually('another look', async () => ![firstTask, ''].includes(await tasksDone()));
    expect(await knownOrders()).toEqual(versions);
  });
});
