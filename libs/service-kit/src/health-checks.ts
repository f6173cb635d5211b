import type { Redis } from 'ioredis';
import type { Admin } from 'kafkajs';
import type { DataSource } from 'typeorm';
import type { HealthCheck } from './internal-server.ts';

/**
 * What every service stands on. Only PostgreSQL is required: with Kafka away events wait in the outbox and webhooks are
 * still accepted; with Redis away only speed suffers. Taking the service out of rotation would lose what it can do.
 */
export function createHealthChecks({ dataSource, kafkaAdmin, redis }: {
  readonly dataSource: DataSource;
  readonly kafkaAdmin: Admin;
  readonly redis: Redis;
}): HealthCheck[] {
  return [
    { name: 'postgresql', required: true, check: async () => { await dataSource.query('SELECT 1'); } },
    {
      name: 'kafka', required: false,
      check: async () => {
        await kafkaAdmin.connect();
        await kafkaAdmin.describeCluster();
      },
    },
    { name: 'redis', required: false, check: async () => { await redis.ping(); } },
  ];
}
