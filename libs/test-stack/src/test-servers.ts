export type TestServerVariable = 'TEST_DATABASE_ADMIN_URL' | 'TEST_KAFKA_BROKERS' | 'TEST_REDIS_URL' | 'TEST_SYSTEM_LENDER';

/** The address of a real server for tests. @throws Error where it is missing: a test never goes on without. */
export function requireTestServer(variable: TestServerVariable): string {
  const address = process.env[variable];
  if (!address) throw new Error(`${variable} is not set: run the tests by "npm test", which starts the servers.`);
  return address;
}
