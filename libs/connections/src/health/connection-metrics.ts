import { connectionStateSchema, vendors } from '@crossdock/contracts';
import { SampledGauges } from '@crossdock/metrics';
import type { TenantDatabase } from '@crossdock/tenancy';
import { Gauge, type Registry } from 'prom-client';

/** However many scrapers ask. */
const freshMs = 5_000;

/** Has the metrics tell how many connections there are in each state, counted when they are asked for. Each replica tells the same. */
export function measureConnections(registry: Registry, database: TenantDatabase): void {
  const look = new SampledGauges(async () => {
    const rows = await database.systemTransaction((manager) => manager.query<Array<{ vendor: string; state: string; connections: number }>>(
      'SELECT vendor, state, count(*)::int AS connections FROM connections.connection GROUP BY 1, 2'));
    const counted = new Map(rows.map(({ vendor, state, connections }) => [`${vendor} ${state}`, connections]));
    for (const vendor of vendors) for (const state of connectionStateSchema.options) gauge.set({ vendor, state }, counted.get(`${vendor} ${state}`) ?? 0);
  }, { freshMs });
  const gauge = new Gauge({
    name: 'crossdock_connections', help: 'Connections of all tenants by state, as the database has them; each replica of the gateway tells the same.',
    labelNames: ['vendor', 'state'], registers: [registry], collect: look.sample,
  });
}
