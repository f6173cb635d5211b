import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { ConnectionStore, CredentialVault, VaultKeys } from '@crossdock/connections';
import { TenantDatabase } from '@crossdock/tenancy';
import type { TestDatabase, TestTopics } from '@crossdock/test-stack';
import { freePort } from '@crossdock/test-stack';
import { bundleOf, migrationOf } from '../../infra/bundle/programs.mjs';
import { ROOT } from '../../infra/launch/folders.mjs';
import { serviceArguments } from '../../infra/service-arguments.ts';
import type { BenchProcesses } from './bench-process.ts';

/** A gateway as it runs in production, with shops connected. */
export interface BenchGateway {
  readonly pid: number;
  readonly port: number;
  /** The paths of the shops' webhooks; each shop is another tenant's. */
  readonly paths: readonly string[];
  /** The database as the gateway reaches it. */
  readonly databaseUrl: string;
}

/** Migrates the database, connects so many shops whose webhooks are signed with `secret`, and starts the gateway's own process. */
export async function startGateway({ processes, database, topics, redisUrl, secret, shops, environment = {} }: {
  readonly processes: BenchProcesses; readonly database: TestDatabase; readonly topics: TestTopics; readonly redisUrl: string; readonly secret: string;
  readonly shops: number;
  /** Settings beyond the usual, or in their place. */
  readonly environment?: Readonly<Record<string, string>>;
}): Promise<BenchGateway> {
  const databaseUrl = database.addressFor('gateway');
  await processes.runToEnd({ name: 'migrate-gateway', args: [join(ROOT, bundleOf(migrationOf('gateway')))], environment: { DATABASE_ADMIN_URL: database.adminUrl, DATABASE_URL: databaseUrl } });
  const vaultKeys = `bench:${randomBytes(32).toString('base64')}`;
  const [books, keys] = [new TenantDatabase(await database.connect(databaseUrl, 'gateway')), VaultKeys.parse(vaultKeys)];
  const paths: string[] = [];
  while (paths.length < shops) paths.push(`/webhooks/woocommerce/${await connectShop(books, keys, secret)}`);
  const [port, internalPort, folder] = [await freePort(), await freePort(), mkdtempSync(join(tmpdir(), 'crossdock-bench-'))];
  const keyFile = join(folder, 'gateway.json');
  writeFileSync(keyFile, JSON.stringify(await newClientKey()), { mode: 0o600 });
  const nowhere = 'http://127.0.0.1:9';
  try {
    const pid = await processes.start({
      name: 'gateway',
      args: [...profilerArguments(), ...serviceArguments('gateway', ROOT)],
      environment: {
        NODE_ENV: 'production', LOG_LEVEL: 'info', HOST: '127.0.0.1', PORT: String(port), INTERNAL_PORT: String(internalPort),
        DATABASE_URL: databaseUrl, KAFKA_BROKERS: topics.brokers.join(','), KAFKA_TOPIC_PREFIX: topics.prefix, REDIS_URL: redisUrl,
        PUBLIC_URL: 'https://hub.example.com', VAULT_KEYS: vaultKeys, AUTH_ISSUER_URL: nowhere, SERVICE_CLIENT_KEY_FILE: keyFile,
        HUBSPOT_CLIENT_SECRETS: 'unused', CRM_HUBSPOT_URL: nowhere, CRM_SALESFORCE_URL: nowhere, CRM_PIPEDRIVE_URL: nowhere, CRM_DYNAMICS_URL: nowhere, CRM_ZOHO_URL: nowhere, ORDERS_URL: nowhere, SHIPPING_URL: nowhere, ATTRIBUTION_URL: nowhere, SYNC_URL: nowhere, JOURNAL_URL: nowhere,
        ...environment,
      },
      readyUrl: `http://127.0.0.1:${environment['INTERNAL_PORT'] ?? internalPort}/health/ready`,
    });
    return { pid, port, paths, databaseUrl };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function connectShop(database: TenantDatabase, vaultKeys: VaultKeys, secret: string): Promise<string> {
  const [connections, vault, tenantId] = [new ConnectionStore(database), new CredentialVault(database, vaultKeys), randomUUID()];
  return await database.transaction(tenantId, async (manager) => {
    const shop = await connections.create(manager, { tenantId, vendor: 'woocommerce', accountId: `https://${tenantId}.example.com`, state: 'healthy' });
    await vault.put(manager, shop, 'webhook_secret', secret);
    return shop.id;
  });
}

async function newClientKey(): Promise<object> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...await exportJWK(privateKey), kid: randomUUID(), alg: 'ES256', use: 'sig' };
}

/** `CROSSDOCK_BENCH_PROFILE=<folder>` has the gateway write a processor profile there when it stops. */
function profilerArguments(): string[] {
  const folder = process.env['CROSSDOCK_BENCH_PROFILE'];
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}
