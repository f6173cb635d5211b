import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { serviceNames, vendors, type ServiceName } from '@crossdock/contracts';
import { TenantWork } from '@crossdock/metrics';
import { schemaOf } from '@crossdock/service-kit';
import { eventually } from '@crossdock/test-stack';
import { Registry } from 'prom-client';
import { declaredMetrics } from '../documents/declared-metrics.ts';
import type { EveryService } from './every-service.fixture.ts';

const manyTenants = 10_000;
/** Series of all services together, one process each, whatever tenants do. As many again are no trouble to one Prometheus; ten times as many would be. */
export const mostSeries = 20_000;
/** What ten thousand tenants may add to them: states and reasons that nobody had before, and the twenty who are named. */
export const mostNewSeries = 500;
const ours = /^crossdock_/;
/** Labels that every series or every bucket has. */
const commonLabels = ['service', 'le'];

interface Exported {
  /** Type of each family of ours, by the name that stands in the documents. */
  readonly types: ReadonlyMap<string, string>;
  /** Lines with a value. */
  readonly series: readonly string[];
}

async function exportedBy(every: EveryService, name: ServiceName): Promise<Exported> {
  const answer = await fetch(`${every.service(name).internalUrl}/metrics`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  const types = lines.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ').slice(2)).filter(([family = '']) => ours.test(family));
  return { types: new Map(types.map(([family = '', type = '']) => [family, type])), series: lines.filter((line) => !line.startsWith('#')) };
}

async function exportedByAll(every: EveryService): Promise<Exported> {
  const all = await Promise.all(serviceNames.map((name) => exportedBy(every, name)));
  return { types: new Map(all.flatMap(({ types }) => [...types])), series: all.flatMap(({ series }) => series) };
}

/** Every metric of ours that is exported is documented with its type and labels, and every one that is documented is exported by some service. */
export async function compareWithDocuments(every: EveryService): Promise<void> {
  const documented = declaredMetrics();
  const { types, series } = await exportedByAll(every);
  expect(Object.fromEntries([...types].sort())).toEqual(Object.fromEntries(documented.map(({ name, type }) => [name, type])));
  const labels = new Map(documented.map((metric) => [metric.name, metric.labels]));
  const unknown = series.filter((line) => ours.test(line)).flatMap((line) => {
    const [name = ''] = line.split(/[{ ]/);
    const known = [...labels.get(name) ?? labels.get(name.replace(/_(bucket|sum|count)$/, '')) ?? [], ...commonLabels];
    return [...line.matchAll(/([a-z_]+)="/g)].map(([, label = '']) => label).filter((label) => !known.includes(label)).map((label) => `${name}: ${label}`);
  });
  expect(unknown).toEqual([]);
}

/** The classic text and OpenMetrics tell the same series, in the form that was asked for. */
export async function compareForms(every: EveryService): Promise<void> {
  const url = `${every.service('gateway').internalUrl}/metrics`;
  const [classic, open] = await Promise.all([fetch(url), fetch(url, { headers: { accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5' } })]);
  expect([classic.headers.get('content-type'), open.headers.get('content-type')])
    .toEqual(['text/plain; version=0.0.4; charset=utf-8', 'application/openmetrics-text; version=1.0.0; charset=utf-8']);
  const [plain, ended] = [await classic.text(), await open.text()];
  expect(plain).toContain('# TYPE crossdock_webhook_received_total counter\n');
  expect(plain).not.toMatch(/# EOF| # \{/);
  expect(ended).toContain('# TYPE crossdock_webhook_received counter\n');
  expect(ended.endsWith('# EOF\n')).toBe(true);
}

/** Has ten thousand tenants leave traces in whatever the metrics count, and counts the series before and then. */
export async function countSeriesOfManyTenants(every: EveryService): Promise<{ readonly before: number; readonly after: number }> {
  const before = (await exportedByAll(every)).series.length;
  const admin = await every.database.connectAsAdmin('public');
  const tenants = Array.from({ length: manyTenants }, () => randomUUID());
  const schemas = serviceNames.map(schemaOf);
  try {
    await admin.query(
      `INSERT INTO connections.connection (id, tenant_id, vendor, account_id, state, probe_at)
       SELECT gen_random_uuid(), tenant, ($2::text[])[1 + number % cardinality($2::text[])], 'many-' || number, 'needs_reconnect', 'infinity' FROM unnest($1::uuid[]) WITH ORDINALITY AS each (tenant, number)`,
      [tenants, vendors]);
    for (const schema of schemas) {
      await admin.query(
        `INSERT INTO ${schema}.dead_letter (id, tenant_id, origin, kind, reason, error, body) SELECT gen_random_uuid(), tenant, 'event', 'many', 'invalid', '', '' FROM unnest($1::uuid[]) AS tenant`, [tenants]);
      await admin.query(
        `INSERT INTO ${schema}.task (tenant_id, kind, record_key, group_key, coalesces, payload, state, correlation_id)
         SELECT tenant, 'test.many', 'many', 'many', false, '{}', 'parked', tenant FROM unnest($1::uuid[]) AS tenant`, [tenants]);
    }
    for (const name of serviceNames) {
      const { app } = every.service(name);
      for (const tenant of tenants) TenantWork.of(app.get(Registry)).count(tenant, 'task');
      for (let number = 0; number < 50; number += 1) await app.getHttpAdapter().getInstance().inject({ method: 'GET', url: `/v1/connections/${randomUUID()}?of=${number}` });
    }
    const after = await eventually('all samples', async () => {
      const { series } = await exportedByAll(every);
      // Beyond ten thousand they are estimated.
      const sampled = series.filter((line) => /^crossdock_(tasks\{kind="test\.many"|dead_letters\{origin="event",reason="invalid").* \d{4,}(\.\d+)?$/.test(line));
      return sampled.length === 2 * serviceNames.length && series.some((line) => /^crossdock_connections\{.*needs_reconnect.* 1\d{3}$/.test(line)) && series.length;
    });
    return { before, after };
  } finally {
    await admin.query(`DELETE FROM connections.connection WHERE account_id LIKE 'many-%'`);
    for (const schema of schemas) {
      await admin.query(`DELETE FROM ${schema}.dead_letter WHERE kind = 'many'`);
      await admin.query(`DELETE FROM ${schema}.task WHERE kind = 'test.many'`);
    }
  }
}
