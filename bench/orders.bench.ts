import { randomBytes, randomInt } from 'node:crypto';
import { SandboxControl } from '@crossdock/sandbox';
import { dropTopics } from '@crossdock/test-stack';
import { Client, escapeIdentifier } from 'pg';
import { GatewayApi } from '../infra/journey/gateway-api.ts';
import { until } from '../infra/journey/until.ts';
import { type RunningSystem, System } from '../infra/running-system.ts';
import type { BenchContext, Benchmark, Figure } from './bench.ts';
import { growthFigure, ratioFigure } from './figures.ts';
import { DirectOrders, type DirectAccounts } from './orders/direct-orders.ts';
import { HubOrders } from './orders/hub-orders.ts';
import { storeOrders } from './orders/stored-orders.ts';
import { connectTenants, type JourneyTenant } from './servers/journey-tenants.ts';

/** A small installation: as many that no HubSpot account's own limit (190 calls in ten seconds) is met. */
const tenantCount = 10;
const ordersPerSecond = 100;
/** A million for `--seconds 4`. */
const storedPerSecond = 250_000;

/** Orders from shops to the CRM and back, all services on this machine, beside the same calls one by one without the hub. */
export const benchmark: Benchmark = {
  name: 'orders',
  async run(context) {
    const name = `bench_${randomBytes(4).toString('hex')}`;
    const { databaseAdminUrl, kafkaBrokers, redisUrl } = context.servers;
    const system = new System({
      ...process.env, DATABASE_URL: databaseAdminUrl, KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl, CROSSDOCK_DATABASE: name, KAFKA_TOPIC_PREFIX: `${name}.`,
    }, (sentence) => context.say(sentence));
    try {
      return await measure(context, await system.start());
    } finally {
      await system.stop();
      await dropTopics(`${name}.`);
      const server = new Client({ connectionString: databaseAdminUrl });
      await server.connect();
      await server.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
      await server.end();
    }
  },
};

async function measure(context: BenchContext, system: RunningSystem): Promise<Figure[]> {
  const [gateway, sandbox] = [await GatewayApi.forDemo(system), new SandboxControl(system.sandboxUrl)];
  const tenants = await connectTenants(system, gateway, sandbox, tenantCount);
  await untilShopsTell(sandbox, tenants);
  const database = new Client({ connectionString: system.databaseAdminUrl });
  await database.connect();
  try {
    const hub = new HubOrders(sandbox, tenants, database);
    const direct = new DirectOrders(sandbox, system.sandboxUrl, await unconnectedAccounts(sandbox));
    const count = ordersPerSecond * context.seconds;
    const results = await context.measure({ 'one by one': () => direct.run(count), 'through the hub': () => hub.run(count) });
    context.say(`${count} orders of ${tenantCount} shops a round; each was followed until the hub knew what the CRM holds, none was lost, and each has one deal.`);
    const stored = storedPerSecond * context.seconds;
    await storeOrders(database, stored);
    context.say(`${stored} orders more were put into the table.`);
    const { 'among stored orders': amongStored } = await context.measure({ 'among stored orders': () => hub.run(count) });
    const [through, oneByOne] = [results['through the hub'].perSecond, results['one by one'].perSecond];
    return [
      ratioFigure({ name: 'orders-vs-direct', unit: 'orders/s', value: through, baseline: oneByOne, goal: 0.7 }),
      growthFigure({ name: 'orders-10x-stored', unit: 'orders/s', value: amongStored.perSecond, baseline: through }),
    ];
  } finally {
    await database.end();
  }
}

/** The hub makes the shops' webhooks itself. */
async function untilShopsTell(sandbox: SandboxControl, tenants: readonly JourneyTenant[]): Promise<void> {
  for (const { shop } of tenants) {
    await until(`shop ${shop} to have its webhooks`, async () => (await sandbox.wooCommerceWebhooks(shop)).some(({ topic }) => topic === 'order.restored'));
  }
}

async function unconnectedAccounts(sandbox: SandboxControl): Promise<DirectAccounts> {
  const shop = `direct-${randomBytes(4).toString('hex')}`;
  const { siteUrl, consumerKey, consumerSecret } = await sandbox.createWooCommerceShop({ shop });
  const { accessToken, portalId } = await sandbox.createHubSpotPortal({ portalId: randomInt(10_000_000, 99_999_999) });
  await sandbox.addHubSpotProperty(portalId, 'deals', 'crossdock_external_id');
  const shopAuthorization = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString('base64')}`;
  return { shop, shopApi: `${siteUrl}wp-json/wc/v3`, shopAuthorization, accessToken };
}
