import { randomBytes } from 'node:crypto';
import { dropTopics } from '@crossdock/test-stack';
import { dropDatabase } from '../../infra/drop-database.ts';
import { type RunningSystem, System } from '../../infra/running-system.ts';
import type { BenchContext } from '../bench.ts';

/** Runs `work` beside everything there is, in a database and with topics of its own, which are gone afterwards. */
export async function withWholeSystem<Result>(context: BenchContext, work: (system: RunningSystem, topicPrefix: string) => Promise<Result>): Promise<Result> {
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const { databaseAdminUrl, kafkaBrokers, redisUrl } = context.servers;
  const system = new System({
    ...process.env, DATABASE_URL: databaseAdminUrl, KAFKA_BROKERS: kafkaBrokers, REDIS_URL: redisUrl, CROSSDOCK_DATABASE: name, KAFKA_TOPIC_PREFIX: `${name}.`,
  }, (sentence) => context.say(sentence));
  try {
    return await work(await system.start(), `${name}.`);
  } finally {
    await system.stop();
    await dropTopics(`${name}.`);
    await dropDatabase(databaseAdminUrl, name);
  }
}
