import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Connections, VaultKeys } from '@crossdock/connections';
import { EventPublisher } from '@crossdock/event-bus';
import { TenantDatabase } from '@crossdock/tenancy';
import type { TestDatabase, TestTopics } from '@crossdock/test-stack';
import { Registry } from 'prom-client';
import { freePort } from '@crossdock/test-stack';
import { bundleOf, migrationOf } from '../../infra/bundle/programs.mjs';
import { ROOT } from '../../infra/launch/folders.mjs';
import { allocatorSettings, serviceArguments } from '../../infra/service-arguments.ts';
import type { BenchProcesses } from './bench-process.ts';

type BenchVendor = 'hubspot' | 'salesforce';

/** A CRM service as it runs in production, and the connections that it works with. */
export interface BenchCrmService {
  readonly vendor: BenchVendor;
  readonly pid: number;
  readonly tenants: TenantDatabase;
  readonly connections: Connections;
}

const appSettings: Readonly<Record<BenchVendor, (sandboxUrl: string) => Readonly<Record<string, string>>>> = {
  hubspot: (sandboxUrl) => ({
    HUBSPOT_API_URL: `${sandboxUrl}/hubspot`, HUBSPOT_APP_URL: `${sandboxUrl}/hubspot`, HUBSPOT_CLIENT_ID: 'bench', HUBSPOT_CLIENT_SECRET: 'bench',
  }),
  salesforce: (sandboxUrl) => ({ SALESFORCE_LOGIN_URL: `${sandboxUrl}/salesforce`, SALESFORCE_CLIENT_ID: 'bench', SALESFORCE_CLIENT_SECRET: 'bench' }),
};

/** Starts the stand-in of the vendors in a process of its own. @returns its address. */
export async function startSandboxProcess(processes: BenchProcesses): Promise<string> {
  const url = `http://127.0.0.1:${await freePort()}`;
  await processes.start({
    name: 'sandbox', args: ['--enable-source-maps', join(ROOT, bundleOf('sandbox'))], environment: { PORT: new URL(url).port }, readyUrl: url,
  });
  return url;
}

/** Migrates the database and starts the process of a vendor's service. */
export async function startCrmService(vendor: BenchVendor, { processes, database, topics, redisUrl, sandboxUrl }: {
  readonly processes: BenchProcesses; readonly database: TestDatabase; readonly topics: TestTopics; readonly redisUrl: string; readonly sandboxUrl: string;
}): Promise<BenchCrmService> {
  const service = `crm-${vendor}` as const;
  const schema = `crm_${vendor}`;
  const databaseUrl = database.addressFor(service);
  await processes.runToEnd({
    name: `migrate-${service}`, args: [join(ROOT, bundleOf(migrationOf(service)))], environment: { DATABASE_ADMIN_URL: database.adminUrl, DATABASE_URL: databaseUrl },
  });
  const vaultKeys = `bench:${randomBytes(32).toString('base64')}`;
  const tenants = new TenantDatabase(await database.connect(databaseUrl, schema));
  const connections = new Connections({
    database: tenants, publisher: new EventPublisher(service, () => undefined), service, keys: VaultKeys.parse(vaultKeys), metrics: new Registry(),
  });
  const [port, internalPort] = [await freePort(), await freePort()];
  const pid = await processes.start({
    name: service,
    args: serviceArguments(service, ROOT),
    environment: {
      ...allocatorSettings, NODE_ENV: 'production', LOG_LEVEL: 'info', HOST: '127.0.0.1', PORT: String(port), INTERNAL_PORT: String(internalPort),
      DATABASE_URL: databaseUrl, KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix, REDIS_URL: redisUrl,
      VAULT_KEYS: vaultKeys, AUTH_ISSUER_URL: 'http://127.0.0.1:9', OUTBOUND_ALLOW_PRIVATE_NETWORKS: 'true',
      ...appSettings[vendor](sandboxUrl),
    },
    readyUrl: `http://127.0.0.1:${internalPort}/health/ready`,
  });
  return { vendor, pid, tenants, connections };
}
