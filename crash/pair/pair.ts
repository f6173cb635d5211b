import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { orderReceived } from '@crossdock/contracts';
import { bundleOf, TOPIC_JOB } from '../../infra/bundle/programs.mjs';
import { ROOT } from '../../infra/launch/folders.mjs';
import { runtimeEnvironment } from '../../infra/service-environment.ts';
import { Books } from '../books.ts';
import type { Fleet } from '../fleet.ts';
import type { Ground } from '../ground.ts';
import { PairLedger } from './pair-ledger.ts';
import { CountingVendor } from './vendor.ts';

const PROGRAMS = join('crash', 'pair', 'dist');
/** Few enough that all replicas of a run find room on one PostgreSQL. */
const POOL_SIZE = '6';

/** A producer and a consumer that do nothing but show what became of each event. */
export interface PairPlan {
  /** Names its database and the prefix of its topics. */
  readonly name: string;
  /** What its replicas are called in the fleet. */
  readonly roles: { readonly accept: string; readonly effect: string };
  /** The consumer's program. */
  readonly consumer: 'effect' | 'careless';
  /** How many replicas of each. */
  readonly replicas: { readonly accept: number; readonly effect: number };
}

/** Makes a pair's database and topics and starts replicas of both; nothing of the hub's is used. */
export async function startPair(ground: Ground, fleet: Fleet, { name, roles, consumer, replicas }: PairPlan): Promise<PairLedger> {
  const { kafkaBrokers, redisUrl } = ground.stack;
  const topicPrefix = `${name}.`;
  const databaseAdminUrl = await ground.createDatabase(`crash_${name}`);
  const [acceptUrl, effectUrl] = [urlFor(databaseAdminUrl, `crash_${name}_accept`), urlFor(databaseAdminUrl, `crash_${name}_effect`)];
  await Promise.all([
    ground.runJob(`${name}-topics`, bundleOf(TOPIC_JOB), { KAFKA_BROKERS: kafkaBrokers, KAFKA_TOPIC_PREFIX: topicPrefix }),
    ground.runJob(`${name}-migrate`, join(PROGRAMS, 'migrate.js'), { DATABASE_ADMIN_URL: databaseAdminUrl, ACCEPT_URL: acceptUrl, EFFECT_URL: effectUrl }),
  ]);

  const vendor = await CountingVendor.start();
  const common = {
    ...runtimeEnvironment(ground.given),
    LOG_LEVEL: ground.given['LOG_LEVEL'] ?? 'warn',
    KAFKA_BROKERS: kafkaBrokers, KAFKA_TOPIC_PREFIX: topicPrefix, REDIS_URL: redisUrl, DATABASE_POOL_SIZE: POOL_SIZE,
    AUTH_ISSUER_URL: 'http://127.0.0.1:9', // nothing of the pair asks for a token
  };
  fleet.addRole({ name: roles.accept, program: join(ROOT, PROGRAMS, 'accept.main.js'), environment: { ...common, DATABASE_URL: acceptUrl } });
  fleet.addRole({ name: roles.effect, program: join(ROOT, PROGRAMS, `${consumer}.main.js`), environment: { ...common, DATABASE_URL: effectUrl, VENDOR_URL: vendor.url } });
  await Promise.all((['accept', 'effect'] as const).flatMap((part) => Array.from({ length: replicas[part] }, () => fleet.grow(roles[part]))));

  const books = await Books.open({
    databaseAdminUrl, kafkaBrokers, schemas: ['gateway', 'orders'],
    groups: { [`${topicPrefix}orders`]: [topicPrefix + orderReceived.type] },
  });
  return new PairLedger(books, vendor, () => fleet.replicasOf(roles.accept).map(({ plan }) => plan.apiUrl));
}

/** The database under a role that the migration makes. */
function urlFor(databaseAdminUrl: string, role: string): string {
  return Object.assign(new URL(databaseAdminUrl), { username: role, password: randomBytes(16).toString('hex') }).href;
}
