import { randomUUID } from 'node:crypto';
import { createTestDatabase, createTestTopics, eventually } from '@crossdock/test-stack';
import { z } from 'zod';
import type { BenchContext, Figure } from '../bench.ts';
import { valueFigure } from '../figures.ts';
import { runPaced } from '../load/paced.ts';
import { latencyOf } from '../series.ts';
import { BenchProcesses } from '../servers/bench-process.ts';
import { migrateTenantService, startTenantService, type TenantCaller } from '../servers/tenant-service.ts';
import { storeTenant } from './stored-tenant.ts';

/** A million for `--seconds 4`. */
const journeysPerSecond = 250_000;
const changesPerSecond = 200;
const lookEveryMs = 250;
const longestBackfillMs = 600_000;
const patienceMs = 60_000;

const settingsSchema = z.object({ version: z.int(), building: z.object({ version: z.int() }).optional() });
const reportSchema = z.object({ rows: z.array(z.object({ key: z.string().nullable(), credits: z.array(z.object({ conversions: z.number() })) })) });

/** The service with a tenant's journeys in its tables: all results worked out anew, and then changes until the report shows them. */
export async function measureKeptResults(context: BenchContext): Promise<Figure[]> {
  const [database, topics, processes] = [await createTestDatabase(), await createTestTopics(), new BenchProcesses()];
  try {
    await migrateTenantService('attribution', processes, database);
    const server = await startTenantService('attribution', {
      processes, database, topics, redisUrl: context.servers.redisUrl, scopes: 'attribution:read attribution:write',
    });
    try {
      const service = server.forTenant(randomUUID());
      const journeys = journeysPerSecond * context.seconds;
      await storeTenant(await database.connectAsAdmin('attribution'), { tenantId: service.tenantId, journeys });
      context.say(`${journeys} journeys of three touches in twelve channels, half of them to a won deal`);
      const backfillSeconds = await measureBackfill(service);
      const latency = latencyOf(await measureChanges(service, changesPerSecond * 10));
      context.say(`backfill ${backfillSeconds.toFixed(1)} s; then ${changesPerSecond} changes a second for ten seconds, each a touch of a won deal’s contact; every ${lookEveryMs} ms a look at the report: p50 ${latency.p50Ms.toFixed(0)} ms, p99 ${latency.p99Ms.toFixed(0)} ms`);
      return [
        valueFigure({ name: 'backfill-seconds-per-million', unit: 's', value: (backfillSeconds * 1_000_000) / journeys, goal: 60, lowerIsBetter: true }),
        valueFigure({ name: 'change-visible-in-report-p99-ms', unit: 'ms', value: latency.p99Ms, goal: 5_000, lowerIsBetter: true }),
      ];
    } finally {
      await server.stop();
    }
  } finally {
    await processes.stopAll();
    await topics.drop();
    await database.drop();
  }
}

/** Saves settings by which everything is worked out, until they hold. */
async function measureBackfill(service: TenantCaller): Promise<number> {
  const startedMs = performance.now();
  await service.call('PUT', '/v1/attribution/settings', { settings: { windowDays: 60 }, seen: 0, savedBy: 'bench' });
  await eventually('the settings hold', async () => settingsSchema.parse(await service.call('GET', '/v1/attribution/settings')).building === undefined, longestBackfillMs);
  return (performance.now() - startedMs) / 1_000;
}

/** Tells last touches of won deals, each of another one. @returns for each the milliseconds until a report shows so many. */
async function measureChanges(service: TenantCaller, count: number): Promise<number[]> {
  const toldMs: number[] = [];
  const seenMs: number[] = [];
  const look = async (): Promise<boolean> => {
    const { rows } = reportSchema.parse(await service.call('GET', '/v1/attribution/report?models=last'));
    const seen = Math.round(rows.find(({ key }) => key === 'probe')?.credits[0]?.conversions ?? 0);
    while (seenMs.length < seen) seenMs.push(performance.now());
    return seen >= count;
  };
  const looking = eventually('all changes are in the report', async () => {
    const isOver = await look();
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    return isOver;
  }, patienceMs);
  await runPaced({ count, perSecond: changesPerSecond, work: async (index) => {
    const person = 2 * (index + 1);
    await service.call('POST', '/v1/attribution/touches', {
      touches: [{ id: `probe-${index}`, kind: 'web', contactEmail: `p${person}@example.com`, channel: 'probe', occurredAt: new Date(Date.UTC(2026, 0, 1 + (person % 270), 23)).toISOString() }],
    });
    toldMs.push(performance.now());
  } });
  await looking;
  return toldMs.map((told, index) => (seenMs[index] ?? Number.POSITIVE_INFINITY) - told).map((latencyMs) => Math.max(0, latencyMs));
}
