import type { Admin, Kafka } from 'kafkajs';
import type { Logger } from 'pino';
import type { TenantDatabase } from '@crossdock/tenancy';
import { v4 as uuid } from 'uuid';
import type { EventHandlers } from '../event-handlers.ts';
import type { EventConcern } from '../event-parser.ts';
import type { ReplayCheckpoint } from './replay-checkpoint.ts';
import { ReplayEvent } from './replay-event.ts';
import { isOpen, resolveReplayRange, withoutExpired, type ReplayPosition } from './replay-range.ts';
import { ReplayReader, type ReplayRun } from './replay-reader.ts';

/** A replay to be run, or run on. */
export interface ReplayOrder {
  readonly id: string;
  readonly type: string;
  readonly from: ReplayPosition;
  readonly to: ReplayPosition;
  /** Only events of this tenant. */
  readonly tenantId?: string;
  /** Where it stood when it was interrupted. */
  readonly checkpoint?: ReplayCheckpoint;
}

export interface TopicReplayOptions {
  readonly kafka: Kafka;
  readonly database: TenantDatabase;
  readonly handlers: EventHandlers;
  /** Which events there is anything to do for; the others are left out, as when they come for the first time. Default: all. */
  readonly concerns?: EventConcern | undefined;
  /** The service's consumer name, as its inbox notes it. */
  readonly consumer: string;
  readonly topicPrefix: string;
  /** Says that what failed is the ground we stand on (the database is away), not an event. */
  readonly isRetriedForever: (error: unknown) => boolean;
  readonly logger: Logger;
}

/**
 * Reads a range of a topic again and hands it to this service's handlers. It reads in a consumer group of its own that
 * lives as long as the run, so neither the service's own position nor any other consumer is touched.
 */
export class TopicReplay {
  readonly #options: TopicReplayOptions;

  constructor(options: TopicReplayOptions) {
    this.#options = options;
  }

  /** Whether the service has a handler for the type, without which there is nothing to replay into. */
  hears(type: string): boolean {
    return this.#options.handlers.hears(type);
  }

  /**
   * Runs a replay to its end, or on from its checkpoint. The range is resolved once; later messages are not part of it.
   * @throws what ended it early: the signal's reason, or Kafka or the database being away. The checkpoint then holds.
   */
  async run(order: ReplayOrder, run: ReplayRun): Promise<ReplayCheckpoint> {
    const admin = this.#options.kafka.admin();
    await admin.connect();
    try {
      const checkpoint = await this.#begin(admin, order);
      await run.saveCheckpoint(checkpoint);
      return checkpoint.ranges.some(isOpen) ? await this.#read(admin, order, run, checkpoint) : checkpoint;
    } finally {
      await admin.disconnect();
    }
  }

  async #begin(admin: Admin, { type, from, to, checkpoint }: ReplayOrder): Promise<ReplayCheckpoint> {
    const topic = this.#options.topicPrefix + type;
    if (checkpoint) return { ...checkpoint, ranges: await withoutExpired(admin, topic, checkpoint.ranges) };
    const ranges = await resolveReplayRange(admin, topic, from, to);
    const total = ranges.reduce((sum, { next, end }) => sum + Number(BigInt(end) - BigInt(next)), 0);
    return { ranges, total, counts: { applied: 0, stale: 0, repeated: 0, skipped: 0, unreadable: 0, failed: 0 } };
  }

  async #read(admin: Admin, order: ReplayOrder, run: ReplayRun, checkpoint: ReplayCheckpoint): Promise<ReplayCheckpoint> {
    const { kafka, consumer: name, topicPrefix } = this.#options;
    // A group of an earlier run may still count a member that died; each run has its own.
    const groupId = `${topicPrefix}${name}.replay-${order.id}-${uuid()}`;
    const consumer = kafka.consumer({
      groupId, allowAutoTopicCreation: false, sessionTimeout: 10_000, heartbeatInterval: 2_000, maxWaitTimeInMs: 100,
      retry: { retries: 3, restartOnFailure: async () => false },
    });
    const event = new ReplayEvent({ ...this.#options, replayId: order.id, tenantId: order.tenantId });
    try {
      await consumer.connect();
      return await new ReplayReader({ topic: topicPrefix + order.type, event, run, checkpoint }).read(consumer);
    } finally {
      await consumer.disconnect().catch(() => undefined);
      await admin.deleteGroups([groupId]).catch(() => undefined); // Kafka forgets an empty group by itself after some days
    }
  }
}
