/** The way of a record with a thousand entries, read from a journal with very many: a million for `--seconds 4`, ten million for `--seconds 40`. */
import { randomUUID } from 'node:crypto';
import { createTestDatabase, createTestTopics } from '@crossdock/test-stack';
import { z } from 'zod';
import type { BenchContext, Benchmark, Figure, Measurement } from './bench.ts';
import { valueFigure } from './figures.ts';
import { askedRecord, storeJournal } from './lineage/stored-journal.ts';
import { latencyOf } from './series.ts';
import { BenchProcesses } from './servers/bench-process.ts';
import { migrateTenantService, startTenantService, type TenantCaller } from './servers/tenant-service.ts';

const entriesPerSecond = 250_000;
const questions = 20;
const pageSchema = z.object({ items: z.array(z.unknown()) });

export const benchmark: Benchmark = { name: 'lineage', run };

async function run(context: BenchContext): Promise<Figure[]> {
  const [database, topics, processes] = [await createTestDatabase(), await createTestTopics(), new BenchProcesses()];
  try {
    await migrateTenantService('journal', processes, database);
    const server = await startTenantService('journal', { processes, database, topics, redisUrl: context.servers.redisUrl, scopes: 'lineage:read' });
    try {
      const service = server.forTenant(randomUUID());
      const entries = entriesPerSecond * context.seconds;
      await storeJournal(await database.connectAsAdmin('journal'), { tenantId: service.tenantId, entries });
      context.say(`${entries} entries of fifty tenants and thirty days; one operation is the whole way of a record with a thousand, as the journal answers it`);
      const { 'a record’s way': series } = await context.measure({ 'a record’s way': () => ask(service) });
      return [valueFigure({ name: 'lineage-p99-ms', unit: 'ms', value: series.p99Ms ?? Number.POSITIVE_INFINITY, goal: 200, lowerIsBetter: true })];
    } finally {
      await server.stop();
    }
  } finally {
    await processes.stopAll();
    await topics.drop();
    await database.drop();
  }
}

async function ask(service: TenantCaller): Promise<Measurement> {
  const latenciesMs: number[] = [];
  const startedMs = performance.now();
  while (latenciesMs.length < questions) {
    const askedMs = performance.now();
    const { items } = pageSchema.parse(await service.call('GET', `/v1/lineage?limit=1000&record=${encodeURIComponent(askedRecord)}`));
    if (items.length < 1_000) throw new Error(`The journal told ${items.length} steps of a thousand.`);
    latenciesMs.push(performance.now() - askedMs);
  }
  return { count: questions, seconds: (performance.now() - startedMs) / 1_000, latency: latencyOf(latenciesMs) };
}
