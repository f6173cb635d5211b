import { randomBytes } from 'node:crypto';
import { createDatabaseForTests, dropTopics, requireTestServer } from '@crossdock/test-stack';
import { dropDatabase } from '../drop-database.ts';
import { type RunningSystem, System } from '../running-system.ts';

/** All services as they run, on a database and topics of their own. */
export type TestedSystem = {
  readonly running: RunningSystem;
  /** Stops the services, and takes away what they stood on. */
  stop(): Promise<void>;
};

/**
 * Starts all services for tests. Where that fails nothing of it is left running.
 * @param settings what their environments hold beside the usual
 */
export async function startTestedSystem(settings: Readonly<Record<string, string>> = {}): Promise<TestedSystem> {
  const name = `journey_${randomBytes(4).toString('hex')}`;
  const databaseUrl = requireTestServer('TEST_DATABASE_ADMIN_URL');
  const system = new System({
    ...settings,
    PATH: process.env['PATH'],
    // So that each service holds its answers to what it declares.
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    KAFKA_BROKERS: requireTestServer('TEST_KAFKA_BROKERS'),
    REDIS_URL: requireTestServer('TEST_REDIS_URL'),
    CROSSDOCK_DATABASE: name,
    KAFKA_TOPIC_PREFIX: `${name}.`,
  }, () => undefined);
  const ending = new AsyncDisposableStack();
  ending.defer(() => dropDatabase(databaseUrl, name));
  ending.defer(() => dropTopics(`${name}.`));
  ending.defer(() => system.stop());
  try {
    await createDatabaseForTests(name);
    return { running: await system.start(), stop: () => ending.disposeAsync() };
  } catch (fault) {
    // What failed first tells more than that something of it could not be ended either.
    await ending.disposeAsync().catch(() => undefined);
    throw fault;
  }
}
