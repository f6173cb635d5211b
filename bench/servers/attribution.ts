import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { startIssuer } from '@crossdock/service-tokens/issuer.fixture';
import type { TestDatabase, TestTopics } from '@crossdock/test-stack';
import { ROOT } from '../../infra/launch/folders.mjs';
import { nodeArguments } from '../../infra/service-arguments.ts';
import { type BenchProcesses, freePort } from './bench-process.ts';

const dist = (program: string): string => join(ROOT, 'apps', 'attribution', 'dist', program);

/** Attribution as it runs in production, for one tenant. */
export interface BenchAttribution {
  readonly tenantId: string;
  call(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Migrates the database; tables are filled before the service starts. */
export async function migrateAttribution(processes: BenchProcesses, database: TestDatabase): Promise<void> {
  await processes.runToEnd({
    name: 'migrate-attribution', args: [dist('migrate.js')], environment: { DATABASE_ADMIN_URL: database.adminUrl, DATABASE_URL: database.addressFor('attribution') },
  });
}

export async function startAttribution({ processes, database, topics, redisUrl }: {
  readonly processes: BenchProcesses; readonly database: TestDatabase; readonly topics: TestTopics; readonly redisUrl: string;
}): Promise<BenchAttribution> {
  const [issuer, port, internalPort, tenantId] = [await startIssuer(), await freePort(), await freePort(), randomUUID()];
  await processes.start({
    name: 'attribution',
    args: [...nodeArguments('attribution'), dist('main.js')],
    environment: {
      NODE_ENV: 'production', LOG_LEVEL: 'info', HOST: '127.0.0.1', PORT: String(port), INTERNAL_PORT: String(internalPort), DATABASE_URL: database.addressFor('attribution'),
      KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix, REDIS_URL: redisUrl, AUTH_ISSUER_URL: issuer.url,
    },
    readyUrl: `http://127.0.0.1:${internalPort}/health/ready`,
  });
  const token = await issuer.sign({ claims: { aud: 'attribution', scope: 'attribution:read attribution:write tenant:any' } });
  return {
    tenantId,
    async call(method, path, body) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method, headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenantId, 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${await response.text()}`);
      return response.json();
    },
    stop: () => issuer.stop(),
  };
}
