export type TestServerVariable = 'TEST_DATABASE_ADMIN_URL' | 'TEST_KAFKA_BROKERS' | 'TEST_REDIS_URL' | 'TEST_SYSTEM_LENDER';

/**
 * Whether tests leave what they commit to the server to write when it finds time: no test ends the server, and each commit would wait for the disk. Benchmarks wait,
 * as an installation does.
 */
export function commitsAreLazy(): boolean {
  return process.env['TEST_LAZY_COMMITS'] === 'true';
}

/** The address of a real server for tests. @throws Error where it is missing: a test never goes on without. */
export function requireTestServer(variable: TestServerVariable): string {
  const address = process.env[variable];
  if (!address) throw new Error(`${variable} is not set: run the tests by "npm test", which starts the servers.`);
  return address;
}
