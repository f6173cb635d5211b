import { createHmac, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { SandboxControl } from '@crossdock/sandbox';
import { dropTopics } from '@crossdock/test-stack';
import { Client, escapeIdentifier } from 'pg';
import { GatewayApi } from '../infra/journey/gateway-api.ts';
import { type RunningSystem, System } from '../infra/running-system.ts';
import type { BenchContext, Benchmark, Figure, Measurement } from './bench.ts';
import { valueFigure } from './figures.ts';
import { runPaced } from './load/paced.ts';
import { orderBody } from './load/signed-order.ts';
import { latencyOf } from './series.ts';
import { connectTenant, type JourneyTenant } from './servers/journey-tenants.ts';

const ordersPerSecond = 200;
/** As many that no HubSpot account's own limit (190 calls in ten seconds) is met. */
const tenantCount = 40;
const lookEveryMs = 1_000;
const drainDeadlineMs = 120_000;

/** From a shop's accepted webhook to the deal in HubSpot, with all services on this machine, beside the same upserts called directly. */
export const benchmark: Benchmark = {
  name: 'journey',
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
  const tenants: JourneyTenant[] = [];
  while (tenants.length < tenantCount) tenants.push(await connectTenant(system, gateway, sandbox));
  const count = ordersPerSecond * context.seconds;
  let nextId = 1;
  const repetition = (run: (firstId: number) => Promise<Measurement>) => async (): Promise<Measurement> => {
    const firstId = nextId;
    nextId += count;
    return await run(firstId);
  };
  const results = await context.measure({
    'called directly': repetition((firstId) => upsertDirectly(system, tenants, { firstId, count })),
    'webhook to deal': repetition((firstId) => sendWebhooks(sandbox, tenants, { firstId, count })),
  });
  context.say(`${ordersPerSecond} orders a second of ${tenantCount} tenants; each is followed until its deal is in HubSpot, and none was lost.`);
  const [journey, direct] = [results['webhook to deal'], results['called directly']];
  return ([['journey-p50-ms', 'p50Ms', 50], ['journey-p99-ms', 'p99Ms', 250]] as const).map(([name, percentile, goal]) =>
    valueFigure({ name, unit: 'ms', value: journey[percentile] ?? Number.NaN, baseline: direct[percentile] ?? Number.NaN, goal, lowerIsBetter: true }));
}

interface Orders {
  readonly firstId: number;
  readonly count: number;
}

/** @throws Error where a webhook is refused, or a deal has not come within a minute. */
async function sendWebhooks(sandbox: SandboxControl, tenants: readonly JourneyTenant[], { firstId, count }: Orders): Promise<Measurement> {
  const acceptedAtMs = new Map<string, number>();
  const startedMs = performance.now();
  await runPaced({
    count, perSecond: ordersPerSecond,
    work: async (index) => {
      const id = firstId + index;
      const body = orderBody(id);
      const { webhookUrl, secret } = tenantOf(tenants, index);
      const answer = await fetch(webhookUrl, {
        method: 'POST', body,
        headers: {
          'content-type': 'application/json', 'x-wc-webhook-topic': 'order.created', 'x-wc-webhook-delivery-id': String(id),
          'x-wc-webhook-signature': createHmac('sha256', secret).update(body).digest('base64'),
        },
      });
      if (answer.status !== 200) throw new Error(`A webhook was answered ${answer.status}.`);
      // The vendor's clock tells milliseconds since the epoch: so must ours.
      acceptedAtMs.set(String(id), performance.timeOrigin + performance.now());
      await answer.arrayBuffer();
    },
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  const seenAtMs = await untilSeen(sandbox, tenants, [...acceptedAtMs.keys()]);
  const latencies = [...acceptedAtMs].map(([id, ms]) => Math.max(0, (seenAtMs.get(id) ?? Number.NaN) - ms));
  return { count, seconds, latency: latencyOf(latencies) };
}

/** Looks seldom: each look reads all deals, and what is looked at is being measured. @throws Error telling how many deals did not come. */
async function untilSeen(sandbox: SandboxControl, tenants: readonly JourneyTenant[], ids: readonly string[]): Promise<Map<string, number>> {
  const deadlineMs = performance.now() + drainDeadlineMs;
  for (;;) {
    await wait(lookEveryMs);
    const seen = await readDeals(sandbox, tenants);
    const missing = ids.filter((id) => !seen.has(id)).length;
    if (missing === 0) return seen;
    if (performance.now() > deadlineMs) throw new Error(`${missing} of ${ids.length} accepted orders are not in HubSpot after ${drainDeadlineMs / 1_000} s.`);
  }
}

/** What the hub does in the end, without it: an order's contact and then its deal. */
async function upsertDirectly({ sandboxUrl }: RunningSystem, tenants: readonly JourneyTenant[], { firstId, count }: Orders): Promise<Measurement> {
  const latencies: number[] = [];
  const upsert = async ({ accessToken }: JourneyTenant, type: string, input: object): Promise<void> => {
    const answer = await fetch(`${sandboxUrl}/hubspot/crm/v3/objects/${type}/batch/upsert`, {
      method: 'POST', headers: { 'authorization': `Bearer ${accessToken}`, 'content-type': 'application/json' }, body: JSON.stringify({ inputs: [input] }),
    });
    if (!answer.ok) throw new Error(`HubSpot's stand-in answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  const startedMs = performance.now();
  await runPaced({
    count, perSecond: ordersPerSecond,
    work: async (index) => {
      const [tenant, id] = [tenantOf(tenants, index), firstId + index];
      const sentMs = performance.now();
      await upsert(tenant, 'contacts', { idProperty: 'email', id: `direct-${id}@example.com`, properties: { firstname: 'Jordan', lastname: 'Rivera' } });
      await upsert(tenant, 'deals', { idProperty: 'crossdock_external_id', id: `direct-${id}`, properties: { dealname: `Direct ${id}`, amount: '58.70' } });
      latencies.push(performance.now() - sentMs);
    },
  });
  return { count, seconds: (performance.now() - startedMs) / 1_000, latency: latencyOf(latencies) };
}

/** When each order's deal was made in HubSpot, in milliseconds since the epoch, by the order's number. */
async function readDeals(sandbox: SandboxControl, tenants: readonly JourneyTenant[]): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (const { portalId } of tenants) {
    for (const { properties, createdAt } of await sandbox.hubSpotRecords(portalId, 'deals')) {
      const [, number] = /^(?!Direct).*?(\d+)$/.exec(String(properties['dealname'])) ?? [];
      if (number !== undefined) seen.set(number, Date.parse(createdAt));
    }
  }
  return seen;
}

function tenantOf(tenants: readonly JourneyTenant[], index: number): JourneyTenant {
  const tenant = tenants[index % tenants.length];
  if (tenant === undefined) throw new Error('There is no tenant.');
  return tenant;
}
