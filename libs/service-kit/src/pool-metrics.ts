import { Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { z } from 'zod';

/** What node-postgres tells of a pool; TypeORM hands the pool out untyped. */
const poolSchema = z.object({ totalCount: z.number(), idleCount: z.number(), waitingCount: z.number() });

/** Measures the pool of connections to PostgreSQL when the metrics are asked for. */
export function measurePool(dataSource: DataSource, size: number, registry: Registry): void {
  new Gauge({
    name: 'crossdock_database_pool_connections', help: 'Connections of this process to PostgreSQL: busy, idle, and callers that wait for one (`waiting`).',
    labelNames: ['state'], registers: [registry],
    collect() {
      const driver: object = dataSource.driver;
      const pool = 'master' in driver ? poolSchema.safeParse(driver.master).data : undefined;
      if (!pool) return;
      this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
      this.set({ state: 'idle' }, pool.idleCount);
      this.set({ state: 'waiting' }, pool.waitingCount);
    },
  });
  new Gauge({ name: 'crossdock_database_pool_size', help: 'Connections to PostgreSQL that this process may have at most.', registers: [registry] }).set(size);
}
