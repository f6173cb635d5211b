import { SandboxControl } from '@crossdock/sandbox';
import { GatewayApi } from '../infra/journey/gateway-api.ts';
import type { RunningSystem } from '../infra/running-system.ts';
import type { BenchContext, Benchmark, Figure, Measurement } from './bench.ts';
import { growthFigure, valueFigure } from './figures.ts';
import { DirectUpserts } from './journey/direct-upserts.ts';
import { HopClock } from './journey/hop-clock.ts';
import { ShopOrders } from './journey/shop-orders.ts';
import { connectTenants } from './servers/journey-tenants.ts';
import { withWholeSystem } from './servers/whole-system.ts';

const ordersPerSecond = 200;
/** As many that no HubSpot account's own limit (190 calls in ten seconds) is met. */
const tenantCount = 40;
const manyTenants = 10 * tenantCount;

/** From a shop's accepted webhook to the deal in HubSpot, with all services on this machine, beside the same upserts called directly. */
export const benchmark: Benchmark = {
  name: 'journey',
  run: (context) => withWholeSystem(context, (system, topicPrefix) => measure(context, system, topicPrefix)),
};

async function measure(context: BenchContext, system: RunningSystem, topicPrefix: string): Promise<Figure[]> {
  const [gateway, sandbox] = [await GatewayApi.forDemo(system), new SandboxControl(system.sandboxUrl)];
  const tenants = await connectTenants(system, gateway, sandbox, manyTenants);
  const few = tenants.slice(0, tenantCount);
  const hops = new HopClock(context.servers.kafkaBrokers, topicPrefix);
  const shops = new ShopOrders(sandbox, hops);
  const direct = new DirectUpserts(system.sandboxUrl);
  const count = ordersPerSecond * context.seconds;
  let nextId = 1;
  const numbered = (run: (firstId: number) => Promise<Measurement>) => async (): Promise<Measurement> => {
    const firstId = nextId;
    nextId += count;
    return await run(firstId);
  };
  const perSecond = ordersPerSecond;
  const results = await context.measure({
    'called directly': numbered((firstId) => direct.run({ tenants: few, firstId, count, perSecond })),
    'webhook to deal': numbered((firstId) => shops.run({ tenants: few, firstId, count, perSecond })),
    'webhook to deal, 10 × tenants': numbered((firstId) => shops.run({ tenants, firstId, count, perSecond })),
  });
  context.say(`${ordersPerSecond} orders a second, of ${tenantCount} and of ${manyTenants} tenants; each was followed until its deal was in HubSpot, and none was lost.`);
  for (const line of await hops.describe()) context.say(line);
  const [journey, many, alone] = [results['webhook to deal'], results['webhook to deal, 10 × tenants'], results['called directly']];
  return ([['p50', 'p50Ms', 50], ['p99', 'p99Ms', 250]] as const).flatMap(([name, percentile, goal]) => {
    const [value, ofMany, baseline] = [journey, many, alone].map((series) => series[percentile] ?? Number.NaN);
    if (value === undefined || ofMany === undefined || baseline === undefined) return [];
    return [
      valueFigure({ name: `journey-${name}-ms`, unit: 'ms', value, baseline, goal, lowerIsBetter: true }),
      growthFigure({ name: `journey-${name}-ms-10x-tenants`, unit: 'ms', value: ofMany, baseline: value, lowerIsBetter: true }),
    ];
  });
}
