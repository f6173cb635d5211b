import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createTestDatabase, createTestTopics, eventually, freePort, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import type { BenchContext, Benchmark, Figure, Measurement } from './bench.ts';
import { pairedRatioFigure, ratiosOfRounds } from './figures.ts';
import { Load } from './load/load.ts';
import { measureUsageOf } from './process-usage.ts';
import type { Series } from './series.ts';
import { BenchProcesses } from './servers/bench-process.ts';
import { type BenchGateway, startGateway } from './servers/gateway.ts';

const connections = 50;
const shops = 100;
const mostRequestsPerSecond = 24_000;
const drainDeadlineMs = 60_000;
/** As often as the Prometheus of `observability/` asks; the turns of the gateway that nobody reads do not count. */
const scrapeEveryMs = 15_000;

interface Side {
  readonly gateway: BenchGateway;
  readonly database: TestDatabase;
  readonly topics: TestTopics;
}

/** Signed webhooks through a gateway that sends every span to a collector and is scraped as often as it will be, beside one of which nobody reads spans or metrics. */
export const benchmark: Benchmark = {
  name: 'telemetry',
  async run(context) {
    const processes = new BenchProcesses();
    const load = new Load();
    const collector = await startCollector();
    const sides: Side[] = [];
    const start = async (environment: Readonly<Record<string, string>>): Promise<Side> => {
      const [database, topics] = [await createTestDatabase(), await createTestTopics()];
      const side = { database, topics, gateway: await startGateway({ processes, database, topics, redisUrl: context.servers.redisUrl, secret, shops, environment }) };
      sides.push(side);
      return side;
    };
    const secret = randomBytes(24).toString('base64url');
    try {
      const internalPort = await freePort();
      const without = await start({});
      const withTelemetry = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'gateway', INTERNAL_PORT: String(internalPort) });
      const figures = await measureBoth(context, { load, secret, without, with: withTelemetry, metricsUrl: `http://127.0.0.1:${internalPort}/metrics` });
      context.say(`the collector was sent ${Math.round(collector.receivedBytes() / 1024)} KiB of spans; every span is sampled.`);
      return figures;
    } finally {
      load.close();
      await processes.stopAll();
      collector.close();
      for (const { database, topics } of sides) {
        await topics.drop();
        await database.drop();
      }
    }
  },
};

async function measureBoth(context: BenchContext, { load, secret, metricsUrl, ...sides }: {
  readonly load: Load; readonly secret: string; readonly without: Side; readonly with: Side; readonly metricsUrl: string;
}): Promise<Figure[]> {
  let nextId = 1;
  const send = async ({ gateway: { pid, port, paths }, database }: Side): Promise<Measurement> => {
    const requests = mostRequestsPerSecond * context.seconds;
    const usage = measureUsageOf(pid);
    const result = await load.run({ port, paths, secret, connections, requests, firstId: nextId, seconds: context.seconds });
    const used = usage();
    nextId += requests;
    const admin = await database.connectAsAdmin('public');
    await eventually('the outbox to be empty', async () => (await admin.query<unknown[]>('SELECT 1 FROM gateway.outbox LIMIT 1')).length === 0, drainDeadlineMs);
    return { count: result.accepted, seconds: result.seconds, latency: result, ...(used && { usage: used }) };
  };
  let sinceScrapeMs = scrapeEveryMs;
  const results = await context.measure({
    'without telemetry': async () => await send(sides.without),
    'with telemetry': async () => {
      const scraped = sinceScrapeMs >= scrapeEveryMs ? scrape(metricsUrl) : undefined;
      sinceScrapeMs = (scraped ? 0 : sinceScrapeMs) + context.seconds * 1_000;
      const measured = await send(sides.with);
      await scraped;
      return measured;
    },
  });
  const [series, baseline] = [results['with telemetry'], results['without telemetry']];
  const ratios = ratiosOfRounds(series, baseline).sort((a, b) => a - b).map((ratio) => ratio.toFixed(3));
  context.say(`rounds, with telemetry to without: ${ratios.join(', ')}.`);
  context.say(`the gateway's processor time a webhook: ${processorTimeOf(series)} with telemetry, ${processorTimeOf(baseline)} without.`);
  return [pairedRatioFigure({ name: 'ingest-with-telemetry-vs-without', unit: 'requests/s', series, baseline, goal: 0.9 })];
}

function processorTimeOf({ cpuCores, perSecond }: Series): string {
  return cpuCores === undefined ? 'unknown' : `${(cpuCores / perSecond * 1e6).toFixed(0)} µs`;
}

async function scrape(url: string): Promise<void> {
  const answer = await fetch(url, { headers: { accept: 'application/openmetrics-text' } });
  await answer.text();
}

/** Someone who takes what exporters send, and throws it away. */
async function startCollector(): Promise<{ readonly url: string; receivedBytes(): number; close(): void }> {
  let bytes = 0;
  const server = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    request.on('end', () => response.writeHead(200).end());
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${port}`,
    receivedBytes: () => bytes,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
