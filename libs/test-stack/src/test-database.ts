import { randomBytes } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { ServiceName } from '@crossdock/contracts';
import { createDataSource, migrate, schemaOf, type Entities, type OwnedSchema } from '@crossdock/service-kit';
import { commitsAreLazy, requireTestServer } from './test-servers.ts';

/** A database of its own for one test file, with the schemas of the services it tests. */
export interface TestDatabase {
  readonly adminUrl: string;
  /** The address for a service's role, which the service's migration job makes; the role goes with `drop`. */
  addressFor(name: ServiceName): string;
  /** Migrates a service's schemas and gives the address for its role, which row-level security binds. */
  migrateService(name: ServiceName, schemas: readonly OwnedSchema[]): Promise<string>;
  /** A pool under a service's role, with the schema as its search path; closed by `drop`. */
  connect(url: string, schema: string, entities?: Entities): Promise<DataSource>;
  /** A pool that sees everything, to look at what is stored; closed by `drop`. */
  connectAsAdmin(schema: string): Promise<DataSource>;
  drop(): Promise<void>;
}

export async function createTestDatabase(): Promise<TestDatabase> {
  const suffix = randomBytes(6).toString('hex');
  const name = `test_${suffix}`;
  const serverUrl = requireTestServer('TEST_DATABASE_ADMIN_URL');
  const adminUrl = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).toString();
  await createDatabaseForTests(name);

  const opened: DataSource[] = [];
  const addresses = new Map<string, string>();
  const open = async (url: string, schema: string, entities: Entities): Promise<DataSource> => {
    const dataSource = await createDataSource({ url, schema, poolSize: 10, applicationName: 'crossdock-test', entities }).initialize();
    opened.push(dataSource);
    return dataSource;
  };
  const addressFor = (service: ServiceName): string => {
    const role = `${schemaOf(service)}_${suffix}`;
    const known = addresses.get(role);
    if (known !== undefined) return known;
    const address = Object.assign(new URL(adminUrl), { username: role, password: randomBytes(12).toString('hex') }).toString();
    addresses.set(role, address);
    return address;
  };

  return {
    adminUrl,
    addressFor,
    async migrateService(service, schemas) {
      const address = addressFor(service);
      const { username, password } = new URL(address);
      await migrate({ name: service, adminUrl, role: username, password, schemas });
      return address;
    },
    connect: (url, schema, entities = []) => open(url, schema, entities),
    connectAsAdmin: (schema) => open(adminUrl, schema, []),
    async drop() {
      await Promise.all(opened.map((dataSource) => dataSource.destroy()));
      await onServer(serverUrl, [`DROP DATABASE ${name} WITH (FORCE)`, ...[...addresses.keys()].map((role) => `DROP ROLE IF EXISTS ${role}`)]);
    },
  };
}

/** Creates an empty database for tests; whoever is connected as the administrator of the server may drop it. */
export async function createDatabaseForTests(name: string): Promise<void> {
  await onServer(requireTestServer('TEST_DATABASE_ADMIN_URL'), [
    `CREATE DATABASE ${name}`, ...(commitsAreLazy() ? [`ALTER DATABASE ${name} SET synchronous_commit = off`] : []),
  ]);
}

async function onServer(url: string, statements: readonly string[]): Promise<void> {
  const server = await new DataSource({ type: 'postgres', url, poolSize: 1 }).initialize();
  try {
    for (const statement of statements) await server.query(statement);
  } finally {
    await server.destroy();
  }
}
