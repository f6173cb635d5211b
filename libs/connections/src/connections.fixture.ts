import { randomBytes, randomUUID } from 'node:crypto';
import type { Vendor } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { TenantDatabase } from '@crossdock/tenancy';
import { createTestDatabase, type TestDatabase } from '@crossdock/test-stack';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Connection, NewConnection } from './connection.ts';
import { Connections } from './connections.ts';
import { connectionsSchema } from './connections-schema.ts';
import type { TokenRefresher } from './tokens/access-tokens.ts';
import type { KeyEncryption } from './vault/key-encryption.ts';
import { VaultKeys } from './vault/vault-keys.ts';

const saidSchema = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()) });

export const aVaultKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

/** A database with the connections' tables, as the gateway's role and as one who sees everything. */
export class ConnectionsWorld {
  readonly testDatabase: TestDatabase;
  /** The service's own address, for other processes. */
  readonly url: string;
  readonly pool: DataSource;
  readonly admin: DataSource;
  readonly database: TenantDatabase;
  readonly vaultKeys = aVaultKey('k1');
  readonly keys: VaultKeys;

  private constructor(testDatabase: TestDatabase, url: string, pool: DataSource, admin: DataSource) {
    this.testDatabase = testDatabase;
    this.url = url;
    this.pool = pool;
    this.admin = admin;
    this.database = new TenantDatabase(pool);
    this.keys = VaultKeys.parse(this.vaultKeys);
  }

  static async open(): Promise<ConnectionsWorld> {
    const testDatabase = await createTestDatabase();
    const url = await testDatabase.migrateService('gateway', [{ name: 'gateway', migrations: [] }, connectionsSchema]);
    const [pool, admin] = [await testDatabase.connect(url, 'gateway'), await testDatabase.connectAsAdmin('gateway')];
    return new ConnectionsWorld(testDatabase, url, pool, admin);
  }

  /** As a process of its own would have it: nothing shared but the database. */
  connections(options: { readonly keys?: KeyEncryption; readonly refreshers?: Partial<Record<Vendor, TokenRefresher>>; readonly database?: TenantDatabase } = {}): Connections {
    const { keys = this.keys, refreshers = {}, database = this.database } = options;
    return new Connections({
      database, keys, refreshers, publisher: new EventPublisher('gateway', () => undefined), service: 'gateway', metrics: new Registry(),
    });
  }

  /** A tenant's connection; a HubSpot account that is healthy, unless said otherwise. */
  connect(more: Partial<NewConnection> = {}): Promise<Connection> {
    const tenantId = more.tenantId ?? randomUUID();
    return this.database.transaction(tenantId, (manager) => this.connections().store.create(manager, {
      tenantId, vendor: 'hubspot', accountId: randomUUID(), state: 'healthy', ...more,
    }));
  }

  /** What was said of a connection, in order. */
  async saidOf(connectionId: string): Promise<Array<{ type: string; data: Record<string, unknown> }>> {
    const rows = await this.admin.query<Array<{ payload: string }>>('SELECT payload FROM gateway.outbox ORDER BY id');
    return rows.map(({ payload }) => saidSchema.parse(JSON.parse(payload))).filter(({ data }) => data['connectionId'] === connectionId);
  }

  close(): Promise<void> {
    return this.testDatabase.drop();
  }
}
