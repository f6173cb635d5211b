import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { orderReceived } from '@crossdock/contracts';
import { ROOT } from '../../infra/launch/folders.mjs';
import { runtimeEnvironment } from '../../infra/service-environment.ts';
import { Books } from '../books.ts';
import type { Fleet } from '../fleet.ts';
import type { Ground } from '../ground.ts';
import { PairLedger } from './pair-ledger.ts';
import { CountingVendor } from './vendor.ts';

const TOPIC_PREFIX = 'pair.';
const PROGRAMS = join('crash', 'pair', 'dist');
/** Few enough that all replicas of a run find room on one PostgreSQL. */
const POOL_SIZE = '6';

/** The producer and the consumer that do nothing but show what became of each event. */
const pairRoles = { accept: 'accept', effect: 'effect' } as const;

/** Makes the pair's database and topics and starts replicas of both; nothing of the hub's is used. */
export async function startPair(ground: Ground, fleet: Fleet, replicas: number): Promise<PairLedger> {
  const { kafkaBrokers, redisUrl } = ground.stack;
  const databaseAdminUrl = await ground.createDatabase('crash_pair');
  const [acceptUrl, effectUrl] = [urlFor(databaseAdminUrl, 'crash_accept'), urlFor(databaseAdminUrl, 'crash_effect')];
  await Promise.all([
    ground.runJob('pair-topics', join('libs', 'event-bus', 'dist', 'create-topics.js'), { KAFKA_BROKERS: kafkaBrokers, KAFKA_TOPIC_PREFIX: TOPIC_PREFIX }),
    ground.runJob('pair-migrate', join(PROGRAMS, 'migrate.js'), { DATABASE_ADMIN_URL: databaseAdminUrl, ACCEPT_URL: acceptUrl, EFFECT_URL: effectUrl }),
  ]);

  const vendor = await CountingVendor.start();
  const common = {
    ...runtimeEnvironment(ground.given),
    LOG_LEVEL: ground.given['LOG_LEVEL'] ?? 'warn',
    KAFKA_BROKERS: kafkaBrokers, KAFKA_TOPIC_PREFIX: TOPIC_PREFIX, REDIS_URL: redisUrl, DATABASE_POOL_SIZE: POOL_SIZE,
    AUTH_ISSUER_URL: 'http://127.0.0.1:9', // nothing of the pair asks for a token
  };
  fleet.addRole({ name: pairRoles.accept, program: join(ROOT, PROGRAMS, 'accept.main.js'), environment: { ...common, DATABASE_URL: acceptUrl } });
  fleet.addRole({ name: pairRoles.effect, program: join(ROOT, PROGRAMS, 'effect.main.js'), environment: { ...common, DATABASE_URL: effectUrl, VENDOR_URL: vendor.url } });
  await Promise.all(Object.values(pairRoles).flatMap((role) => Array.from({ length: replicas }, () => fleet.grow(role))));

  const books = await Books.open({
    databaseAdminUrl, kafkaBrokers, schemas: ['gateway', 'orders'],
    groups: { [`${TOPIC_PREFIX}orders`]: [TOPIC_PREFIX + orderReceived.type] },
  });
  return new PairLedger(books, vendor, () => fleet.replicasOf(pairRoles.accept).map(({ plan }) => plan.apiUrl));
}

/** The database under a role that the migration makes. */
function urlFor(databaseAdminUrl: string, role: string): string {
  return Object.assign(new URL(databaseAdminUrl), { username: role, password: randomBytes(16).toString('hex') }).href;
}
