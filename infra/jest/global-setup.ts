import { runningStack } from './running-stack.mjs';
import { systemLender } from './system-lender.mjs';

/** Jest's global set-up: one real PostgreSQL, Kafka and Redis for the whole run, and one system that starts when a test asks for it. Without them the run fails; nothing is skipped. */
export default async function setUp(): Promise<void> {
  const stack = await runningStack.start();
  process.env['TEST_DATABASE_ADMIN_URL'] = stack.databaseAdminUrl;
  process.env['TEST_KAFKA_BROKERS'] = stack.kafkaBrokers;
  process.env['TEST_REDIS_URL'] = stack.redisUrl;
  process.env['TEST_LAZY_COMMITS'] = 'true';
  process.env['TEST_SYSTEM_LENDER'] = await systemLender.listen();
}
