import { randomBytes } from 'node:crypto';
import { createTestDatabase, createTestTopics, eventually, freePort } from '@crossdock/test-stack';
import type { DataSource } from 'typeorm';
import type { BenchContext, Benchmark, Figure, Measurement } from './bench.ts';
import { growthFigure, ratioFigure, valueFigure } from './figures.ts';
import { Load } from './load/load.ts';
import { measureUsageOf } from './process-usage.ts';
import { BenchProcesses } from './servers/bench-process.ts';
import { startGateway } from './servers/gateway.ts';
import { straightforwardTables } from './servers/straightforward-tables.ts';

const connections = 50;
const shops = 100;
const manyShops = 10 * shops;
/** More than any server here answers in a second; the load is signed before the clock starts. */
const mostRequestsPerSecond = { bare: 36_000, straightforward: 8_000, gateway: 24_000 };
const drainDeadlineMs = 60_000;

/** Someone who takes webhooks on a port. */
interface Receiver {
  readonly pid: number;
  readonly port: number;
  readonly paths: readonly string[];
}

/** Signed webhooks through one gateway process, each durable before its 200, beside a server that stores nothing and one that stores plainly. */
export const benchmark: Benchmark = {
  name: 'ingest',
  async run(context) {
    const [database, topics] = [await createTestDatabase(), await createTestTopics()];
    const processes = new BenchProcesses();
    const load = new Load();
    try {
      const secret = randomBytes(24).toString('base64url');
      const admin = await database.connectAsAdmin('public');
      for (const statement of straightforwardTables) await admin.query(statement);
      const bare = await startServer(processes, 'bare', { WEBHOOK_SECRET: secret });
      const straightforward = await startServer(processes, 'straightforward', { WEBHOOK_SECRET: secret, DATABASE_URL: database.adminUrl });
      const gateway = await startGateway({ processes, database, topics, redisUrl: context.servers.redisUrl, secret, shops: manyShops });
      return await measureAll(context, { bare, straightforward, gateway }, { load, secret, admin });
    } finally {
      load.close();
      await processes.stopAll();
      await topics.drop();
      await database.drop();
    }
  },
};

async function measureAll(
  context: BenchContext, receivers: Readonly<Record<'bare' | 'straightforward' | 'gateway', Receiver>>,
  { load, secret, admin }: { readonly load: Load; readonly secret: string; readonly admin: DataSource },
): Promise<Figure[]> {
  let nextId = 1;
  let storedByGateway = 0;
  let loadCpuCores = 0;
  const send = async (name: keyof typeof receivers, mostPaths = shops): Promise<Measurement> => {
    const { pid, port, paths } = receivers[name];
    const requests = mostRequestsPerSecond[name] * context.seconds;
    const usage = measureUsageOf(pid);
    const result = await load.run({ port, paths: paths.slice(0, mostPaths), secret, connections, requests, firstId: nextId, seconds: context.seconds });
    const used = usage();
    nextId += requests;
    if (name === 'bare') loadCpuCores = result.cpuSeconds / result.seconds;
    return { count: result.accepted, seconds: result.seconds, latency: result, ...(used && { usage: used }) };
  };
  const sendToGateway = async (mostPaths: number): Promise<Measurement> => {
    const measurement = await send('gateway', mostPaths);
    storedByGateway += measurement.count;
    await untilDrained(context, admin);
    return measurement;
  };
  const results = await context.measure({
    'bare': async () => await send('bare'),
    'straightforward': async () => await send('straightforward'),
    'gateway': async () => await sendToGateway(shops),
    'gateway, 10 × shops': async () => await sendToGateway(manyShops),
  });
  await verifyStored(admin, storedByGateway);
  context.say(`${connections} connections, ${shops} and ${manyShops} shops, each another tenant's; the load generator shares the cores and used ${loadCpuCores.toFixed(2)} of one beside the bare server.`);
  context.say(`${storedByGateway} webhooks were answered 200 by the gateway, and as many are stored.`);
  const { gateway, bare, straightforward } = results;
  return [
    ratioFigure({ name: 'ingest-vs-bare', unit: 'requests/s', value: gateway.perSecond, baseline: bare.perSecond, goal: 0.5 }),
    ratioFigure({ name: 'ingest-vs-straightforward', unit: 'requests/s', value: gateway.perSecond, baseline: straightforward.perSecond, goal: 3 }),
    growthFigure({ name: 'ingest-10x-tenants', unit: 'requests/s', value: results['gateway, 10 × shops'].perSecond, baseline: gateway.perSecond }),
    valueFigure({
      name: 'ingest-p99-ms', unit: 'ms', value: gateway.p99Ms ?? Number.NaN, baseline: straightforward.p99Ms ?? Number.NaN,
      goal: straightforward.p99Ms ?? Number.NaN, lowerIsBetter: true,
    }),
  ];
}

async function startServer(processes: BenchProcesses, name: 'bare' | 'straightforward', environment: Record<string, string>): Promise<Receiver> {
  const port = await freePort();
  const args = [new URL(`./servers/${name}.ts`, import.meta.url).pathname];
  const pid = await processes.start({ name, args, environment: { NODE_ENV: 'production', PORT: String(port), ...environment }, readyUrl: `http://127.0.0.1:${port}/` });
  return { pid, port, paths: ['/webhooks'] };
}

/** What waits to be published after a repetition must not be worked off during the next one's. */
async function untilDrained(context: BenchContext, admin: DataSource): Promise<void> {
  const startedMs = performance.now();
  const [before] = await admin.query<Array<{ rows: number }>>('SELECT count(*)::int AS rows FROM gateway.outbox');
  await eventually('the outbox to be empty', async () => (await admin.query<unknown[]>('SELECT 1 FROM gateway.outbox LIMIT 1')).length === 0, drainDeadlineMs);
  context.say(`after the gateway's turn ${before?.rows ?? 0} events waited in the outbox; they were published within ${((performance.now() - startedMs) / 1_000).toFixed(1)} s.`);
}

/** @throws Error where a webhook that was answered 200 is not stored, or is twice. */
async function verifyStored(admin: DataSource, accepted: number): Promise<void> {
  const [row] = await admin.query<Array<{ webhooks: number }>>('SELECT count(*)::int AS webhooks FROM gateway.received_webhook');
  if (row?.webhooks !== accepted) throw new Error(`${accepted} webhooks were answered 200, but ${row?.webhooks ?? 'no'} are stored.`);
}
