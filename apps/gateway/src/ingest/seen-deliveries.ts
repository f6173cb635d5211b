import { Injectable } from '@nestjs/common';
import { Redis } from 'ioredis';
import type { WebhookDelivery } from './webhook-source.ts';

const keptSeconds = 7 * 24 * 3_600;

/**
 * Remembers in Redis what is stored already, so that a repeat needs no transaction. Only a shortcut: it is written after
 * the commit, PostgreSQL decides, and without Redis everything works the same.
 */
@Injectable()
export class SeenDeliveries {

  constructor(private readonly redis: Redis) {}

  async haveAll(deliveries: readonly WebhookDelivery[]): Promise<boolean> {
    if (this.redis.status !== 'ready' || deliveries.length === 0) return false;
    return this.redis.mget(deliveries.map(redisKey)).then((found) => found.every((value) => value !== null), () => false);
  }

  async remember(deliveries: readonly WebhookDelivery[]): Promise<void> {
    if (this.redis.status !== 'ready') return;
    const pipeline = this.redis.pipeline();
    for (const delivery of deliveries) pipeline.set(redisKey(delivery), '1', 'EX', keptSeconds);
    await pipeline.exec().catch(() => undefined);
  }
}

function redisKey({ dedupeKey }: WebhookDelivery): string {
  return `webhook:${dedupeKey.toString('base64url')}`;
}
