import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
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
let hub: Awaited<ReturnType<typeof startDeafHub>>;

beforeAll(async () => {
  [database, topics, sandbox] = await Promise.all([createTestDatabase(), createTestTopics(), startSandbox({ port: 0 })]);
  control = new SandboxControl(sandbox.url);
  hub = await startDeafHub();
  const databaseUrl = await database.migrateService('orders', [ordersSchema, connectionsSchema]);
  admin = await database.connectAsAdmin('orders');
  service = await startService(ordersDefinition, ordersDefinition.config.parse({
    databaseUrl, kafkaBrokers: topics.brokers.join(','), topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'),
    port: 0, internalPort: 0, authIssuerUrl: 'http://127.0.0.1:9', vaultKeys, outboundAllowPrivateNetworks: 'true', shopPollSeconds: 1, publicUrl: hub.url,
  }), createLogger('orders', 'fatal'));
  await connectShop();
});

afterAll(async () => {
  await service.stop();
  await sandbox.stop();
  await hub.stop();
  await topics.drop();
  await database.drop();
});

/** Connects a shop. The hub that its webhooks go to answers and takes nothing in, so that only looking finds its orders. */
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

/** The gateway's address as a shop sees it; it loses all that it is told, and answers as it is bidden. */
async function startDeafHub(): Promise<{ url: string; answers: number; stop: () => Promise<void> }> {
  const behaviour = { answers: 200 };
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => response.writeHead(behaviour.answers).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The hub has no port.');
  return Object.assign(behaviour, {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((stopped) => server.close(stopped));
    },
  });
}

/** What was done to the shop's webhooks, as the connection's audit tells. */
async function upkeep(): Promise<Array<{ outcome: string; detail: string }>> {
  return admin.query(`SELECT outcome, detail FROM connections.connection_audit WHERE action = 'connection.webhooks' ORDER BY id`);
}

async function isDeleted(id: number): Promise<boolean | undefined> {
  const [row] = await admin.query<Array<{ deleted: boolean }>>('SELECT deleted_at IS NOT NULL AS deleted FROM customer_order WHERE external_id = $1', [String(id)]);
  return row?.deleted;
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
    });
    expect(found).toEqual(bought.map(() => ({ status: 'processing', version: 1 })));
  });

  it('finds a change of an order, and goes on looking after the shop was away', async () => {
    const { id } = await buy();
    await eventually('the order', async () => (await knownOrders()).has(String(id)));
    await control.addFault('woocommerce', { kind: 'status', status: 503, times: 2 });
    await control.editWooCommerceOrder(shop, id, { status: 'completed' });
    await eventually('the order’s new status', async () => (await knownOrders()).get(String(id))?.status === 'completed');
  });

  it('finds what changed within the second of what it knows, since a shop tells times in whole seconds', async () => {
    const { id } = await buy();
    await eventually('the order', async () => (await knownOrders()).has(String(id)));
    await admin.query(`UPDATE customer_order SET status = 'on_hold', shop_word = 'on-hold', canonical = jsonb_set(canonical, '{status}', '"on_hold"') WHERE external_id = $1`, [String(id)]);
    await eventually('the order’s status', async () => (await knownOrders()).get(String(id))?.status === 'processing');
  });

  it('tells nothing twice when nothing changed', async () => {
    const tasksDone = async (): Promise<string> => (await admin.query<Array<{ id: string }>>(`SELECT id FROM task WHERE kind = 'orders.poll-shop'`))[0]?.id ?? '';
    const [versions, firstTask] = [await knownOrders(), await tasksDone()];
    await eventually('another look', async () => ![firstTask, ''].includes(await tasksDone()));
    expect(await knownOrders()).toEqual(versions);
  });

  it('finds an order that went into the bin, and that it came back', async () => {
    const { id } = await buy();
    await eventually('the order', async () => (await isDeleted(id)) === false);
    await control.deleteWooCommerceOrder(shop, id);
    await eventually('the deletion', () => isDeleted(id));
    await control.restoreWooCommerceOrder(shop, id);
    await eventually('the restored order', async () => (await isDeleted(id)) === false);
  });
});

describe('a shop’s webhooks', () => {
  const webhooks = () => control.wooCommerceWebhooks(shop);

  it('are made when the shop is connected, one of each kind, and signed with a secret of the connection', async () => {
    await eventually('the webhooks', async () => (await webhooks()).length === 4);
    expect(new Set((await webhooks()).map(({ deliveryUrl }) => deliveryUrl))).toEqual(new Set([`${hub.url}/webhooks/woocommerce/${connectionId}`]));
    expect(await admin.query(`SELECT 1 FROM connections.credential WHERE field = 'webhook_secret'`)).toHaveLength(1);
    await eventually('the record of it', async () => (await upkeep()).some(({ outcome, detail }) =>
      outcome === 'made' && detail === 'Webhooks of the shop: order.created, order.updated, order.deleted, order.restored.'));
  });

  it('that the shop switched off after failures are switched on again, on the record, and what they missed is found', async () => {
    await eventually('the webhooks', async () => (await webhooks()).length === 4);
    hub.answers = 503;
    const missed: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      missed.push((await buy()).id);
      await control.waitUntilSettled();
    }
    await eventually('the shop to have given up', async () => (await upkeep()).some(({ detail }) => detail.includes('order.created (was disabled)')));
    hub.answers = 200;
    await eventually('all to be active', async () => (await webhooks()).every(({ status }) => status === 'active'));
    const known = await eventually('the missed orders', async () => {
      const found = await knownOrders();
      return missed.every((id) => found.has(String(id))) && found;
    });
    expect(missed.map((id) => known.get(String(id))?.version)).toEqual(missed.map(() => 1));
  });

  it('that a person paused or removed are there again', async () => {
    const [first, second] = await eventually('the webhooks', async () => {
      const there = await webhooks();
      return there.length === 4 && there;
    });
    if (!first || !second) throw new Error('The shop has no webhooks.');
    await control.setWooCommerceWebhook(shop, first.id, 'paused');
    await control.removeWooCommerceWebhook(shop, second.id);
    await eventually('four active ones', async () => {
      const there = await webhooks();
      return there.length === 4 && there.every(({ status }) => status === 'active');
    });
    await eventually('the record of it', async () => (await upkeep()).some(({ detail }) => detail.includes(`${first.topic} (was paused)`)));
  });
});
