import { randomBytes, randomInt } from 'node:crypto';
import { SandboxControl } from '@crossdock/sandbox';
import { Client } from 'pg';
import { GatewayApi } from '../infra/journey/gateway-api.ts';
import { until } from '../infra/journey/until.ts';
import type { RunningSystem } from '../infra/running-system.ts';
import type { BenchContext, Benchmark, Figure } from './bench.ts';
import { growthFigure, ratioFigure } from './figures.ts';
import { DirectOrders, type DirectAccounts } from './orders/direct-orders.ts';
import { HubOrders } from './orders/hub-orders.ts';
import { storeOrders } from './orders/stored-orders.ts';
import { connectTenants, type JourneyTenant } from './servers/journey-tenants.ts';
import { withWholeSystem } from './servers/whole-system.ts';

/** A small installation. */
const tenantCount = 10;
/** Orders of a round for each of `--seconds`: a round has to be long beside the way of one order, which it begins and ends with. */
const ordersPerSecond = 250;

/** How late a vendor's answer comes, its own work included: from the same data centre, where none of them is, and over the internet. */
const answersAfterMs = { near: 5, distant: 100 } as const;
/** Of calls that wait for each other, one order in so many tells the rate as well. */
const fewerInTurn = 25;

/** Orders from shops to the CRM and back, all services on this machine, beside the same calls one by one without the hub. */
export const benchmark: Benchmark = {
  name: 'orders',
  parts: {
    direct: (context) => withWholeSystem(context, (system) => withHubOrders(system, (hub, sandbox) => besideDirectCalls(context, system, { hub, sandbox }))),
    near: (context) => withWholeSystem(context, (system) => withHubOrders(system, (hub, sandbox) => besideLateCalls(context, system, { hub, sandbox }, 'near'))),
    distant: (context) => withWholeSystem(context, (system) => withHubOrders(system, (hub, sandbox) => besideLateCalls(context, system, { hub, sandbox }, 'distant'))),
    stored: (context) => withWholeSystem(context, (system) => withHubOrders(system, (hub, _, database) => amongStoredOrders(context, hub, database))),
  },
};

async function withHubOrders(system: RunningSystem, measure: (hub: HubOrders, sandbox: SandboxControl, database: Client) => Promise<Figure[]>): Promise<Figure[]> {
  const [gateway, sandbox] = [await GatewayApi.forDemo(system), new SandboxControl(system.sandboxUrl)];
  const tenants = await connectTenants(system, gateway, sandbox, tenantCount);
  await untilShopsTell(sandbox, tenants);
  const database = new Client({ connectionString: system.databaseAdminUrl });
  await database.connect();
  try {
    return await measure(new HubOrders(sandbox, tenants, database), sandbox, database);
  } finally {
    await database.end();
  }
}

type Sides = { readonly hub: HubOrders; readonly sandbox: SandboxControl };

async function besideDirectCalls(context: BenchContext, system: RunningSystem, sides: Sides): Promise<Figure[]> {
  const count = ordersPerSecond * context.seconds;
  return [await measureBeside(context, system, sides, { name: 'orders-vs-direct', count, directCount: count })];
}

/** As vendors are in truth: no call is answered at once. */
async function besideLateCalls(context: BenchContext, system: RunningSystem, sides: Sides, vendors: keyof typeof answersAfterMs): Promise<Figure[]> {
  const latencyMs = answersAfterMs[vendors];
  for (const vendor of ['hubspot', 'woocommerce'] as const) {
    await sides.sandbox.addFault(vendor, { kind: 'latency', latencyMs, times: Number.MAX_SAFE_INTEGER });
  }
  const count = ordersPerSecond * context.seconds;
  const directCount = Math.ceil(count / fewerInTurn);
  context.say(`HubSpot and the shops answer every call ${latencyMs} ms later; one by one ${directCount} orders a round.`);
  return [await measureBeside(context, system, sides, { name: `${vendors}-orders-vs-direct`, count, directCount })];
}

async function measureBeside(
  context: BenchContext, system: RunningSystem, { hub, sandbox }: Sides,
  { name, count, directCount }: { readonly name: `${string}-vs-${string}`; readonly count: number; readonly directCount: number },
): Promise<Figure> {
  const direct = new DirectOrders(sandbox, system.sandboxUrl, await unconnectedAccounts(sandbox));
  await compareCalls(hub, direct);
  const results = await context.measure({ 'one by one': () => direct.run(directCount), 'through the hub': () => hub.run(count) });
  context.say(`${count} orders of ${tenantCount} shops a round; each was followed until the hub knew what the CRM holds, none was lost, and each has one deal.`);
  for (const line of hub.describe()) context.say(line);
  const [through, oneByOne] = [results['through the hub'].perSecond, results['one by one'].perSecond];
  return ratioFigure({ name, unit: 'orders/s', value: through, baseline: oneByOne, goal: 0.7 });
}

/** @throws Error where the hub makes other calls for an order than are made one by one. */
async function compareCalls(hub: HubOrders, direct: DirectOrders): Promise<void> {
  await direct.run(1);
  const [oneByOne, ofHub] = [direct.operations.toSorted(), (await hub.callsOfOne(direct.operations.length)).toSorted()];
  if (oneByOne.join() !== ofHub.join()) throw new Error(`For an order the hub makes the calls ${ofHub.join(', ')}; one by one are made ${oneByOne.join(', ')}.`);
}

async function amongStoredOrders(context: BenchContext, hub: HubOrders, database: Client): Promise<Figure[]> {
  const count = ordersPerSecond * context.seconds;
  const { 'through the hub': alone } = await context.measure({ 'through the hub': () => hub.run(count) });
  await storeOrders(database, context.stored);
  context.say(`${context.stored} orders more were put into the table.`);
  const { 'among stored orders': amongStored } = await context.measure({ 'among stored orders': () => hub.run(count) });
  return [growthFigure({ name: 'orders-10x-stored', unit: 'orders/s', value: amongStored.perSecond, baseline: alone.perSecond })];
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
