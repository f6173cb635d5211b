import { randomBytes, randomUUID } from 'node:crypto';
import { connectionsSchema, ConnectionStore, CredentialVault, VaultKeys } from '@crossdock/connections';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { createLogger, startService, type RunningService } from '@crossdock/service-kit';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, createTestTopics, eventually, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { DataSource, EntityManager } from 'typeorm';
import { ClaimedOrders } from '../claims/claimed-orders.ts';
import { OrderCrm } from '../order-crm.service.ts';
import { orderIdOf, OrderService } from '../order.service.ts';
import { ordersDefinition } from '../orders.definition.ts';
import { ordersSchema } from '../orders.schema.ts';
import { shopOrder } from '../orders.fixture.ts';

const [tenantId, connectionId, crmConnectionId] = [randomUUID(), randomUUID(), randomUUID()];
const shop = 'referring';
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
    port: 0, internalPort: 0, authIssuerUrl: 'http://127.0.0.1:9', vaultKeys, outboundAllowPrivateNetworks: 'true',
  }), createLogger('orders', 'fatal'));
  const { siteUrl, consumerKey, consumerSecret } = await control.createWooCommerceShop({ shop });
  const vault = new CredentialVault(service.app.get(TenantDatabase), VaultKeys.parse(vaultKeys));
  await asTenant(async (manager) => {
    const connection = await new ConnectionStore(service.app.get(TenantDatabase), vault).create(manager, {
      id: connectionId, tenantId, vendor: 'woocommerce', accountId: shop, endpoint: siteUrl, state: 'healthy', settings: { crmVendor: 'hubspot', crmConnectionId },
    });
    await vault.put(manager, connection, 'consumer_key', consumerKey);
    await vault.put(manager, connection, 'consumer_secret', consumerSecret);
  });
});

afterAll(async () => {
  await service.stop();
  await sandbox.stop();
  await topics.drop();
  await database.drop();
});

function asTenant<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
  return tenantContext.run({ tenantId, correlationId: randomUUID() }, () => service.app.get(TenantDatabase).transaction(tenantId, work));
}

/** The CRM has made a deal of the order under this id. */
async function dealWasMade(externalId: number, dealId: string): Promise<void> {
  const told = shopOrder(connectionId, 1, { id: externalId });
  await asTenant((manager) => ClaimedOrders.change(manager, { told: [{ connectionId, orderId: orderIdOf(tenantId, told), isNew: true }] }, (orders) =>
    service.app.get(OrderService).receive(orders, told)));
  const [{ request_id: requestId } = { request_id: '' }] = await admin.query<Array<{ request_id: string }>>(
    'SELECT request_id FROM crm_request JOIN customer_order USING (order_id) WHERE external_id = $1', [String(externalId)]);
  await asTenant((manager) => ClaimedOrders.change(manager, { requestIds: [requestId] }, (orders) => service.app.get(OrderCrm).takeAnswer(orders, {
    requestId, vendor: 'hubspot', connectionId: crmConnectionId, object: 'deal',
    result: { outcome: 'upserted', crmId: dealId, created: true }, contact: { outcome: 'upserted', crmId: '7', created: true },
  })));
}

const noted = (kind: string): Promise<Array<{ detail: Record<string, unknown> }>> =>
  admin.query('SELECT detail FROM order_decision WHERE kind = $1 ORDER BY decision_id', [kind]);

describe('the id of an order’s deal', () => {
  it('stands in the shop’s order once the CRM has told it, which the timeline says', async () => {
    const { id } = await control.placeWooCommerceOrder(shop, {
      status: 'processing', billing: { email: 'ada@example.com' }, line_items: [{ name: 'Notebook', quantity: 1, total: '12.50' }],
    });
    await dealWasMade(id, '4711');
    await eventually('the shop to have the id', async () => {
      const order = (await control.wooCommerceOrders(shop)).find((each) => each.id === id);
      return JSON.stringify(order).includes('"crm_order_id"') && JSON.stringify(order).includes('"4711"');
    });
    await eventually('the timeline to say so', async () => (await noted('shop_written')).some(({ detail }) => detail['crm_order_id'] === '4711'));
  });

  it('goes nowhere where the shop has the order no more, and the timeline says that', async () => {
    await dealWasMade(999_999, '4712');
    await eventually('the refusal', async () => (await noted('shop_write_refused')).some(({ detail }) => detail['crm_order_id'] === '4712' && detail['kind'] === 'not_found'));
  });
});
