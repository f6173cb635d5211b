import { DataSource, type MigrationInterface } from 'typeorm';
import { z } from 'zod';
import type { ServiceName } from '@crossdock/contracts';
import { CreateEventBus1763700000001 } from '@crossdock/event-bus';
import { featureFlagsSchema } from '@crossdock/feature-flags';
import { CreateOperations1763700000003, privacySchema } from '@crossdock/operations';
import { CreateTaskQueue1763700000002 } from '@crossdock/task-queue';
import { loadConfigOrExit } from './service-config.ts';
import { postgresAccess, postgresUrlSchema, serverCaSetting } from './server-tls.ts';
import { schemaOf } from './service.module.ts';

/** A PostgreSQL schema with the migrations that make its tables. */
export interface OwnedSchema {
  readonly name: string;
  readonly migrations: ReadonlyArray<new () => MigrationInterface>;
}

const migrateConfig = z.object({
  databaseAdminUrl: postgresUrlSchema.describe('PostgreSQL address with a role that may create schemas and roles.'),
  databaseUrl: postgresUrlSchema.describe("PostgreSQL address with the service's own role, which is created where it is missing."),
  serverCa: serverCaSetting,
});

/** Everybody who migrates takes this lock, so that jobs started together run one after the other. */
const migrationLock = 7_262_001;

/** A service, its own schema, and those of libraries it uses. */
export interface ServiceSchemas {
  readonly name: ServiceName;
  readonly schemas: readonly OwnedSchema[];
}

/** Every service's own schema begins with the tables of the event bus, the task queue and the operations. */
const machinery = [CreateEventBus1763700000001, CreateTaskQueue1763700000002, CreateOperations1763700000003];

/**
 * A service's migration job: creates its role and schemas, with those of requests about people and of feature flags that all of them work in, runs the migrations that have not run, and grants the role
 * the use of its tables, never their change. Reads `DATABASE_ADMIN_URL` and `DATABASE_URL`.
 */
export async function migrateService({ name, schemas }: ServiceSchemas): Promise<void> {
  const { databaseAdminUrl, databaseUrl, serverCa } = loadConfigOrExit(migrateConfig);
  const { username, password } = new URL(databaseUrl);
  await migrate({
    name,
    adminUrl: databaseAdminUrl,
    serverCa,
    role: decodeURIComponent(username),
    password: decodeURIComponent(password),
    schemas,
  });
}

export interface Migration extends ServiceSchemas {
  readonly adminUrl: string;
  /** As `DatabaseOptions.serverCa`. */
  readonly serverCa?: string | undefined;
  readonly role: string;
  readonly password: string;
}

/** The migration job with everything given; tests use it to build a database of their own. */
export async function migrate({ name, adminUrl, serverCa, role, password, schemas }: Migration): Promise<void> {
  const access = postgresAccess(adminUrl, serverCa);
  const admin = await new DataSource({ type: 'postgres', ...access, poolSize: 1 }).initialize();
  try {
    await admin.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await createRole(admin, role, password);
    for (const schema of [...schemas, privacySchema, featureFlagsSchema]) {
      const isOwn = schema.name === schemaOf(name);
      await migrateSchema(admin, access, role, isOwn ? { ...schema, migrations: [...machinery, ...schema.migrations] } : schema);
    }
  } finally {
    await admin.destroy();
  }
}

/** Utility statements take no parameters, so PostgreSQL itself quotes the names and the password into them. */
async function execute(admin: DataSource, template: string, ...values: readonly string[]): Promise<void> {
  const parameters = values.map((_, index) => `, $${index + 2}::text`).join('');
  const [row] = await admin.query<Array<{ statement: string }>>(`SELECT format($1::text${parameters}) AS statement`, [template, ...values]);
  if (row) await admin.query(row.statement);
}

async function createRole(admin: DataSource, role: string, password: string): Promise<void> {
  const existing = await admin.query<unknown[]>('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
  const attributes = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD %L';
  await execute(admin, `${existing.length > 0 ? 'ALTER' : 'CREATE'} ROLE %I ${attributes}`, role, password);
}

async function migrateSchema(admin: DataSource, access: ReturnType<typeof postgresAccess>, role: string, { name, migrations }: OwnedSchema): Promise<void> {
  await execute(admin, 'CREATE SCHEMA IF NOT EXISTS %I', name);
  const schema = new DataSource({
    type: 'postgres',
    ...access,
    schema: name,
    poolSize: 1,
    migrations: [...migrations],
    migrationsTableName: 'migration',
    extra: { options: `-c search_path=${name}` },
  });
  await schema.initialize();
  try {
    await schema.runMigrations({ transaction: 'each' });
  } finally {
    await schema.destroy();
  }
  await execute(admin, 'GRANT USAGE ON SCHEMA %I TO %I', name, role);
  await execute(admin, 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO %I', name, role);
  await execute(admin, 'GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO %I', name, role);
  await execute(admin, 'REVOKE ALL ON %I.migration FROM %I', name, role);
}
