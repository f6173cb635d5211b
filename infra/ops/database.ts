import { Client } from 'pg';
import { type Given, textOf } from './command.ts';
import { UsageFault } from './usage-fault.ts';

/** Option of commands that go to the database itself; its address stands on no command line, because it holds a password. */
export const databaseOption = { 'database-env': { type: 'string' } } as const;
export const databaseMeaning = { 'database-env': 'environment variable with the administrator’s address of the database (DATABASE_ADMIN_URL)' };

/** Works upon one connection of the administrator's, which sees all tenants. @throws UsageFault where nothing says where the database is. */
export async function withDatabase(given: Given, work: (client: Client) => Promise<number>): Promise<number> {
  const variable = textOf(given, 'database-env') ?? 'DATABASE_ADMIN_URL';
  const connectionString = process.env[variable];
  if (!connectionString) throw new UsageFault(`The environment variable ${variable} is not set: it names the database and a role that sees all tenants.`);
  const client = new Client({ connectionString, application_name: 'crossdock-ops' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
