import { ConnectionStore, type Connection } from '@crossdock/connections';
import type { RecordConnector } from '@crossdock/crm-connector';
import { asFailure, crmObjectSchema, Failure, type EventData, type feedRequested } from '@crossdock/contracts';
import { LOGGER, type Logger } from '@crossdock/service-kit';
import { defineTaskKind, dispositionOf, TaskQueue, TaskRegistry, type Task, type TaskBatch } from '@crossdock/task-queue';
import { TenantDatabase } from '@crossdock/tenancy';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { CRM_CONNECTOR } from '../connector-task.ts';
import { beginAt, findFeed, follow, forgetCursor, lockFeed, moveCursor, noteProblem, renewFeeds, unfollow, type FeedKey, type RecordFeed } from './record-feed.repository.ts';
import { RecordFetchTasks } from './record-fetch.tasks.ts';
import { RecordReading, type SeenPage } from './record-reading.ts';
import { RecordTeller } from './record-teller.ts';
import { ScanJob } from './scan.job.ts';

/** An account is polled for as long as it is followed: a failure only delays the next poll. */
const pollTask = defineTaskKind({
  kind: 'crm.poll-changes', schema: z.object({ object: crmObjectSchema, feedId: z.uuid() }), timeoutMs: 120_000, maxAttempts: 1_000_000,
});
type PollPayload = z.infer<typeof pollTask.schema>;

/** A poll that finds so much goes on as another one, so that others get their turn. */
const longestPollMs = 30_000;

/** Asks accounts in a rhythm what has changed, webhooks or not, and tells what is news. */
@Injectable()
export class FeedTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly reading: RecordReading,
    private readonly teller: RecordTeller,
    private readonly fetches: RecordFetchTasks,
    private readonly scans: ScanJob,
    @Inject(CRM_CONNECTOR) private readonly connector: RecordConnector,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.registry.register(pollTask, (batch) => this.#run(batch), {
      onDead: async (manager, { recordKey, payload }) => {
        const feed = await this.#current(manager, { connectionId: connectionIn(recordKey), object: payload.object }, payload);
        if (feed) await this.#enqueueNext(manager, feed);
      },
    });
  }

  /** Follows the changes of a kind of record from now on, or ends that. */
  async request(manager: EntityManager, { connectionId, object, pollEverySeconds, follower = 'sync' }: Omit<EventData<typeof feedRequested>, 'vendor'>): Promise<void> {
    const key = { connectionId, object };
    if (pollEverySeconds === undefined) return unfollow(manager, key, follower);
    const feed = await follow(manager, key, { follower, pollEverySeconds });
    if (!feed) return;
    const cursor = feed.isComplete ? undefined : this.connector.cursorFromNow?.();
    if (feed.cursor === null && cursor !== undefined) {
      await beginAt(manager, feed, cursor);
      return this.#enqueueNext(manager, feed);
    }
    // Whoever asks for a feed mostly asks for a complete reading as well, which then leaves the cursor.
    if (feed.cursor === null) await this.#enqueueNext(manager, feed);
    else await this.#enqueueNext(manager, feed, new Date());
  }

  /** Polls all that is followed of an account at once: it may have changed while nobody could ask. */
  async hasten(manager: EntityManager, connectionId: string): Promise<void> {
    for (const feed of await renewFeeds(manager, connectionId)) await this.#enqueueNext(manager, feed, new Date());
  }

  /** Reads all records of a kind once more where they are followed, after their mapping has changed; a reading that is under way sees that itself. */
  async readAnew(manager: EntityManager, key: FeedKey): Promise<void> {
    await lockFeed(manager, key);
    const feed = await findFeed(manager, key);
    if (feed?.feedId != null && feed.isComplete) await this.#readAll(manager, feed);
  }

  async #run(batch: TaskBatch<PollPayload>): Promise<void> {
    const connection = await this.connections.find(batch.tenantId, batch.groupKey);
    if (connection?.state === 'needs_reconnect') throw new Failure('unauthorised', `Connection ${connection.id} must be reconnected.`);
    for (const task of batch.tasks) {
      const key = { connectionId: batch.groupKey, object: task.payload.object };
      const feed = await this.database.transaction(batch.tenantId, (manager) => this.#current(manager, key, task.payload));
      if (!feed || !connection || connection.state === 'disconnected') await batch.settle(task);
      else if (feed.cursor === null) await batch.settle(task, (manager) => this.#readAll(manager, feed));
      else await this.#poll(batch, task, { connection, feed, cursor: feed.cursor });
    }
  }

  /** The feed that a poll belongs to; none where it has ended or goes on under another name. */
  async #current(manager: EntityManager, key: FeedKey, { feedId }: PollPayload): Promise<RecordFeed | undefined> {
    const feed = await findFeed(manager, key);
    return feed?.feedId === feedId ? feed : undefined;
  }

  async #poll(batch: TaskBatch<PollPayload>, task: Task<PollPayload>, { connection, feed, cursor }: { connection: Connection; feed: RecordFeed; cursor: string }): Promise<void> {
    const endsAtMs = Date.now() + longestPollMs;
    try {
      for (let from = cursor; ;) {
        const page = await this.reading.changes(connection, feed.object, from, batch.signal);
        const keep = (manager: EntityManager): Promise<void> => this.#keep(manager, { connection, feed, from }, page);
        if (!page.hasMore || Date.now() > endsAtMs) {
          return await batch.settle(task, async (manager) => {
            await keep(manager);
            await this.#enqueueNext(manager, feed, page.hasMore ? new Date() : undefined);
          });
        }
        await this.database.transaction(batch.tenantId, keep);
        from = page.cursor;
      }
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (dispositionOf(failure.kind) !== 'dead_letter') throw thrown;
      this.logger.warn({ connectionId: connection.id, object: feed.object, err: failure }, 'the changes of an account could not be followed from where they stood');
      await batch.settle(task, (manager) => this.#afterProblem(manager, feed, failure));
    }
  }

  /** What a page tells and where it ends are committed together: nothing between two pages is lost or told twice. */
  async #keep(manager: EntityManager, { connection, feed, from }: { connection: Connection; feed: RecordFeed; from: string }, { seen, cursor }: SeenPage): Promise<void> {
    if (!await moveCursor(manager, feed, { from, to: cursor })) throw new Failure('conflict', `Another poll has moved the ${feed.object} feed of connection ${connection.id}.`);
    for (const each of await this.teller.tell(manager, { connection, object: feed.object }, seen, { by: 'list' })) {
      await this.fetches.enqueue(manager, connection.id, { object: feed.object, ...each });
    }
  }

  /** Where the vendor does not know any more what has changed, everything is read: nothing is lost. */
  async #afterProblem(manager: EntityManager, feed: RecordFeed, { kind, message }: Failure): Promise<void> {
    await noteProblem(manager, feed, message);
    if (kind !== 'cursor_expired') return this.#enqueueNext(manager, feed);
    await forgetCursor(manager, feed);
    await this.#readAll(manager, feed);
  }

  /** A feed begins where a complete reading ends. */
  async #readAll(manager: EntityManager, feed: RecordFeed): Promise<void> {
    if (!await this.scans.isUnderWay(manager, feed)) await this.scans.begin(manager, feed, uuid());
    await this.#enqueueNext(manager, feed);
  }

  async #enqueueNext(manager: EntityManager, { connectionId, object, feedId, pollEverySeconds }: RecordFeed, notBefore?: Date): Promise<void> {
    if (feedId === null || pollEverySeconds === null) return;
    await this.queue.enqueue(manager, pollTask, {
      recordKey: `${connectionId}/feed/${feedId}`, groupKey: connectionId, payload: { object, feedId }, coalesce: true,
      notBefore: notBefore ?? new Date(Date.now() + pollEverySeconds * 1_000),
    });
  }
}

function connectionIn(recordKey: string): string {
  return recordKey.slice(0, recordKey.indexOf('/'));
}
