import { join } from 'node:path';
import { startIssuer } from '@crossdock/service-tokens/issuer.fixture';
import type { TestDatabase, TestTopics } from '@crossdock/test-stack';
import { freePort } from '@crossdock/test-stack';
import { bundleOf, migrationOf } from '../../infra/bundle/programs.mjs';
import { ROOT } from '../../infra/launch/folders.mjs';
import { allocatorSettings, serviceArguments } from '../../infra/service-arguments.ts';
import type { BenchProcesses } from './bench-process.ts';

type ServiceName = 'attribution' | 'journal' | 'sync';

/** A service as it runs in production. */
export interface BenchTenantService {
  readonly pid: number;
  forTenant(tenantId: string): TenantCaller;
  stop(): Promise<void>;
}

/** Whoever calls the service for one tenant and may do everything there. */
export interface TenantCaller {
  readonly tenantId: string;
  call(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<unknown>;
}

/** Migrates the database; tables are filled before the service starts. */
export async function migrateTenantService(service: ServiceName, processes: BenchProcesses, database: TestDatabase): Promise<void> {
  await processes.runToEnd({
    name: `migrate-${service}`, args: [join(ROOT, bundleOf(migrationOf(service)))], environment: { DATABASE_ADMIN_URL: database.adminUrl, DATABASE_URL: database.addressFor(service) },
  });
}

/** @param scopes what callers may do, such as `syncs:read`; separated by spaces. */
export async function startTenantService(service: ServiceName, { processes, database, topics, redisUrl, scopes }: {
  readonly processes: BenchProcesses; readonly database: TestDatabase; readonly topics: TestTopics; readonly redisUrl: string; readonly scopes: string;
}): Promise<BenchTenantService> {
  const [issuer, port, internalPort] = [await startIssuer(), await freePort(), await freePort()];
  const pid = await processes.start({
    name: service,
    args: serviceArguments(service, ROOT),
    environment: {
      ...allocatorSettings, NODE_ENV: 'production', LOG_LEVEL: 'info', HOST: '127.0.0.1', PORT: String(port), INTERNAL_PORT: String(internalPort),
      DATABASE_URL: database.addressFor(service), KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix, REDIS_URL: redisUrl, AUTH_ISSUER_URL: issuer.url,
    },
    readyUrl: `http://127.0.0.1:${internalPort}/health/ready`,
  });
  const token = await issuer.sign({ claims: { aud: service, scope: `${scopes} tenant:any` } });
  return {
    pid,
    forTenant: (tenantId) => ({
      tenantId,
      async call(method, path, body) {
        const response = await fetch(`http://127.0.0.1:${port}${path}`, {
          method, headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenantId, 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${await response.text()}`);
        return response.json();
      },
    }),
    stop: () => issuer.stop(),
  };
}
