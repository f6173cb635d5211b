import { ConfigurationError, loadConfig, postgresAccess, postgresUrlSchema, serverCaSetting } from '@crossdock/service-kit';
import { Client } from 'pg';
import { z } from 'zod';
import { type Given, textOf } from './command.ts';
import { UsageFault } from './usage-fault.ts';

/** Option of commands that go to the database itself; its address stands on no command line, because it holds a password. */
export const databaseOption = { 'database-env': { type: 'string' } } as const;
export const databaseMeaning = { 'database-env': 'environment variable with the administrator’s address of the database (DATABASE_ADMIN_URL); where it is reached over TLS, SERVER_CA says who vouches for it' };

const settingsSchema = z.object({ databaseAdminUrl: postgresUrlSchema, serverCa: serverCaSetting });

/**
 * Works upon one connection of the administrator's, which sees all tenants, over TLS where services would be.
 * @throws UsageFault where nothing says where the database is, or how it is reached.
 */
export async function withDatabase(given: Given, work: (client: Client) => Promise<number>): Promise<number> {
  const { databaseAdminUrl, serverCa } = settingsOf(textOf(given, 'database-env') ?? 'DATABASE_ADMIN_URL');
  const { url: connectionString, ssl } = postgresAccess(databaseAdminUrl, serverCa);
  const client = new Client({ connectionString, ssl, application_name: 'crossdock-ops' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function settingsOf(variable: string): z.infer<typeof settingsSchema> {
  const { [variable]: address } = process.env;
  if (!address) throw new UsageFault(`The environment variable ${variable} is not set: it names the database and a role that sees all tenants.`);
  try {
    return loadConfig(settingsSchema, { ...process.env, DATABASE_ADMIN_URL: address });
  } catch (fault) {
    if (fault instanceof ConfigurationError) throw new UsageFault(`${fault.faults.join('; ')}.`);
    throw fault;
  }
}
