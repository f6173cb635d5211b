import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectionStore, connectionsSchema, CredentialVault, VaultKeys } from '@crossdock/connections';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import { connectionKeptMs, IngestConnections } from './ingest-connections.ts';

const tenantId = randomUUID();
const field = 'webhook_secret';

let database: TestDatabase;
let tenants: TenantDatabase;
let connections: ConnectionStore;
let vault: CredentialVault;
let ingest: IngestConnections;
let nowMs = 0;
let connectionId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  tenants = new TenantDatabase(await database.connect(await database.migrateService('gateway', [connectionsSchema]), 'gateway'));
  connections = new ConnectionStore(tenants);
  vault = new CredentialVault(tenants, VaultKeys.parse(`test:${randomBytes(32).toString('base64')}`));
});

beforeEach(async () => {
  ingest = new IngestConnections({ connections, vault, database: tenants, nowMs: () => nowMs });
  connectionId = randomUUID();
  await connect(connectionId);
});

afterAll(() => database.drop());

async function connect(id: string): Promise<void> {
  await tenants.transaction(tenantId, async (manager) => {
    const shop = await connections.create(manager, { id, tenantId, vendor: 'woocommerce', accountId: `https://${id}.example.com`, state: 'healthy' });
    await vault.put(manager, shop, field, 'old');
  });
}

function changeSecret(secret: string): Promise<void> {
  return tenants.transaction(tenantId, (manager) => vault.put(manager, { tenantId, id: connectionId }, field, secret));
}

/** Whether a webhook that was signed with this secret is accepted; undefined where nobody's connection is named. */
async function accepts(secret: string, id = connectionId): Promise<boolean | undefined> {
  const found = await ingest.verify({ vendor: 'woocommerce', connectionId: id, fields: [field] }, ({ secrets }) => ({ valid: secrets.get(field) === secret }));
  return found?.verdict.valid;
}

describe('what the edge remembers of connections', () => {
  it('is given up within seconds, so that a disconnected connection is accepted no longer', async () => {
    expect(await accepts('old')).toBe(true);
    await tenants.transaction(tenantId, (manager) => manager.query(`UPDATE connections.connection SET state = 'disconnected' WHERE id = $1`, [connectionId]));
    nowMs += connectionKeptMs - 1;
    expect(await accepts('old')).toBe(true);
    nowMs += 1;
    expect(await accepts('old')).toBeUndefined();
  });

  it('never refuses a new secret, and forgets the old one at its first use', async () => {
    expect(await accepts('old')).toBe(true);
    await changeSecret('new');
    nowMs += 1;
    expect(await accepts('new')).toBe(true);
    expect(await accepts('old')).toBe(false);
  });

  it('lets an old secret verify for seconds at most where no webhook is signed with the new one', async () => {
    expect(await accepts('old')).toBe(true);
    await changeSecret('new');
    nowMs += connectionKeptMs;
    expect(await accepts('old')).toBe(false);
  });

  it('does not hold that a connection was missing', async () => {
    const later = randomUUID();
    expect(await accepts('old', later)).toBeUndefined();
    await connect(later);
    expect(await accepts('old', later)).toBe(true);
  });

  it('belongs to one vendor', async () => {
    expect(await accepts('old')).toBe(true);
    expect(await ingest.verify({ vendor: 'shippo', connectionId, fields: [field] }, () => ({ valid: true }))).toBeUndefined();
  });
});
