import { Redis } from 'ioredis';
import type { Logger } from './logger.ts';
import { redisTls } from './server-tls.ts';

/** A Redis client that fails fast: Redis is there for speed, so nobody waits for it. */
export function createRedis(url: string, logger: Logger, serverCa?: string): Redis {
  const redis = new Redis(url, {
    ...redisTls(url, serverCa),
    lazyConnect: true,
    enableOfflineQueue: false,
    connectTimeout: 2_000,
    commandTimeout: 1_000,
    // A connection whose other end is gone without a word is given up and made anew.
    socketTimeout: 5_000,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
  });
  let isReported = false;
  redis.on('error', (error: Error) => {
    if (!isReported) logger.warn({ err: error }, 'Redis does not answer; going on without it');
    isReported = true;
  });
  redis.on('ready', () => {
    isReported = false;
  });
  redis.connect().catch(() => undefined);
  return redis;
}
