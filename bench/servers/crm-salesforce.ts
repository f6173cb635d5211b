import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Connections, VaultKeys } from '@crossdock/connections';
import { EventPublisher } from '@crossdock/event-bus';
import { TenantDatabase } from '@crossdock/tenancy';
import type { TestDatabase, TestTopics } from '@crossdock/test-stack';
import { Registry } from 'prom-client';
import { ROOT } from '../../infra/launch/folders.mjs';
import { allocatorSettings, nodeArguments } from '../../infra/service-arguments.ts';
import { type BenchProcesses, freePort } from './bench-process.ts';

/** A CRM service as it runs in production, and the connections that it works with. */
export interface BenchCrmService {
  readonly pid: number;
  readonly tenants: TenantDatabase;
  readonly connections: Connections;
}

const dist = (program: string): string => join(ROOT, 'apps', 'crm-salesforce', 'dist', program);

/** Starts the stand-in of the vendors in a process of its own. @returns its address. */
export async function startSandboxProcess(processes: BenchProcesses): Promise<string> {
  const url = `http://127.0.0.1:${await freePort()}`;
  await processes.start({
    name: 'sandbox', args: ['--enable-source-maps', join(ROOT, 'sandbox', 'dist', 'main.js')], environment: { PORT: new URL(url).port }, readyUrl: url,
  });
  return url;
}

/** Migrates the database and starts the Salesforce service's own process. */
export async function startCrmSalesforce({ processes, database, topics, redisUrl, sandboxUrl }: {
  readonly processes: BenchProcesses; readonly database: TestDatabase; readonly topics: TestTopics; readonly redisUrl: string; readonly sandboxUrl: string;
}): Promise<BenchCrmService> {
  const databaseUrl = database.addressFor('crm-salesforce');
  await processes.runToEnd({
    name: 'migrate-crm-salesforce', args: [dist('migrate.js')], environment: { DATABASE_ADMIN_URL: database.adminUrl, DATABASE_URL: databaseUrl },
  });
  const vaultKeys = `bench:${randomBytes(32).toString('base64')}`;
  const tenants = new TenantDatabase(await database.connect(databaseUrl, 'crm_salesforce'));
  const connections = new Connections({
    database: tenants, publisher: new EventPublisher('crm-salesforce', () => undefined), service: 'crm-salesforce', keys: VaultKeys.parse(vaultKeys), metrics: new Registry(),
  });
  const [port, internalPort] = [await freePort(), await freePort()];
  const pid = await processes.start({
    name: 'crm-salesforce',
    args: [...nodeArguments('crm-salesforce'), dist('main.js')],
    environment: {
      ...allocatorSettings, NODE_ENV: 'production', LOG_LEVEL: 'info', HOST: '127.0.0.1', PORT: String(port), INTERNAL_PORT: String(internalPort),
      DATABASE_URL: databaseUrl, KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix, REDIS_URL: redisUrl,
      VAULT_KEYS: vaultKeys, AUTH_ISSUER_URL: 'http://127.0.0.1:9', OUTBOUND_ALLOW_PRIVATE_NETWORKS: 'true',
      SALESFORCE_LOGIN_URL: `${sandboxUrl}/salesforce`, SALESFORCE_CLIENT_ID: 'bench', SALESFORCE_CLIENT_SECRET: 'bench',
    },
    readyUrl: `http://127.0.0.1:${internalPort}/health/ready`,
  });
  return { pid, tenants, connections };
}
