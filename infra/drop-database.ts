import { Client, escapeIdentifier } from 'pg';
import { databaseRole } from './service-environment.ts';
import { SERVICES } from './services.ts';

/** Removes a system's database and the roles of its services from a server that others use as well. What still runs on it loses its connections. */
export async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  const server = new Client({ connectionString: serverUrl });
  await server.connect();
  try {
    await server.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
    for (const service of SERVICES) await server.query(`DROP ROLE IF EXISTS ${escapeIdentifier(databaseRole(service.name, name))}`);
  } finally {
    await server.end();
  }
}
