import { ConnectionStore, type Connection } from '@crossdock/connections';
import type { RecordConnector } from '@crossdock/crm-connector';
import { asFailure, crmObjectSchema, deterministicId, Failure, scanEnded, type EventData } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { defineJobKind, Jobs, type RunningJob } from '@crossdock/task-queue';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { connectionOf, CRM_CONNECTOR } from '../connector-task.ts';
import { findActiveRules } from '../mapping/field-mapping.repository.ts';
import { endScan, findFeed, lockFeed, noteScan, type FeedKey } from './record-feed.repository.ts';
import { RecordFetchTasks } from './record-fetch.tasks.ts';
import { RecordReading, type SeenPage, type SeenRecords } from './record-reading.ts';
import { RecordTeller } from './record-teller.ts';
import { countTold, listUntold } from './told-record.repository.ts';

const scanJob = defineJobKind({
  kind: 'crm.read-all',
  input: z.object({ connectionId: z.uuid(), object: crmObjectSchema, scanId: z.uuid() }),
  checkpoint: z.discriminatedUnion('phase', [
    z.object({ phase: z.literal('listing'), cursor: z.string().exactOptional(), beginnings: z.int(), mapping: z.int().exactOptional() }),
    /** All that the vendor lists was told; `cursor` is for the feed, `mapping` the version by which it was told. What is known and was not listed is looked up. */
    z.object({ phase: z.literal('looking_up'), cursor: z.string(), after: z.string(), mapping: z.int() }),
    z.object({ phase: z.literal('ended') }),
  ]),
});
type ScanInput = z.infer<typeof scanJob.input>;
type ScanRun = RunningJob<ScanInput, z.infer<typeof scanJob.checkpoint>>;

/** The records that are read, at their account. */
interface AccountScope { readonly connection: Connection; readonly object: FeedKey['object'] }

type Checkpoint = z.infer<typeof scanJob.checkpoint>;
type Listing = Extract<Checkpoint, { phase: 'listing' }>;
type LookingUp = Extract<Checkpoint, { phase: 'looking_up' }>;

/** Somebody saved another mapping while the records were read. */
class MappingChanged extends Error {}

/** Where the connector says nothing. */
const lookUpBatch = 100;
/** A vendor that forgets where a reading stood is asked from the beginning, so often. */
const mostBeginnings = 4;
const progressEveryMs = 1_000;

/**
 * Reads every record of a kind in an account and tells each once. A page and what it tells are committed with the place to go
 * on from, so that a process that dies loses nothing and doubles nothing. What the hub knows and the vendor did not list is
 * looked up by its id, and only that look-up says that it is gone. Where another mapping is saved meanwhile, the reading begins anew by
 * that, under the same id: of what was told before only what differs is told again.
 */
@Injectable()
export class ScanJob implements OnModuleInit {
  constructor(
    private readonly jobs: Jobs,
    private readonly database: TenantDatabase,
    private readonly connections: ConnectionStore,
    private readonly reading: RecordReading,
    private readonly teller: RecordTeller,
    private readonly fetches: RecordFetchTasks,
    private readonly publisher: EventPublisher,
    @Inject(CRM_CONNECTOR) private readonly connector: RecordConnector,
  ) {}

  onModuleInit(): void {
    this.jobs.register(scanJob, (job) => this.#run(job), {
      onFailed: (manager, { id, input }, { message }) => this.#end(manager, { id, input }, { outcome: 'broken_off', message }),
      onCancelled: (manager, job) => this.#end(manager, job, { outcome: 'broken_off', message: `The reading of connection ${job.input.connectionId} was cancelled.` }),
      // Whoever waited for it has been told that it broke off, and may have begun another one.
      isResumable: false,
    });
  }

  /**
   * Begins a complete reading; one that is under way breaks off.
   * @param scanId a UUID of version 7, and the id of its job
   */
  async begin(manager: EntityManager, { connectionId, object }: FeedKey, scanId: string): Promise<void> {
    if (await this.jobs.get(manager, scanId)) return;
    await this.jobs.start(manager, scanJob, { id: scanId, input: { connectionId, object, scanId }, groupKey: connectionId });
    await noteScan(manager, { connectionId, object }, scanId);
  }

  /** Ends a reading that is not wanted any more; one that is asked for only later does not begin. */
  async withdraw(manager: EntityManager, { connectionId, object }: FeedKey, scanId: string): Promise<void> {
    await this.jobs.start(manager, scanJob, { id: scanId, input: { connectionId, object, scanId }, groupKey: connectionId });
    await this.jobs.cancel(manager, scanId);
  }

  async isUnderWay(manager: EntityManager, key: FeedKey): Promise<boolean> {
    const jobId = (await findFeed(manager, key))?.scanJobId ?? undefined;
    const job = jobId === undefined ? undefined : await this.jobs.get(manager, jobId);
    return job !== undefined && job.endedAt === undefined;
  }

  async #run(job: ScanRun): Promise<void> {
    const { connectionId, object } = job.input;
    const scope = { connection: await connectionOf(this.connections, { tenantId: job.tenantId, groupKey: connectionId }), object };
    let checkpoint: Checkpoint = job.checkpoint ?? { phase: 'listing', beginnings: 1 };
    while (checkpoint.phase !== 'ended') {
      const listed: LookingUp = checkpoint.phase === 'listing' ? await this.#list(job, scope, checkpoint) : checkpoint;
      await this.#lookUp(job, scope, listed);
      checkpoint = await this.#finish(job, listed);
    }
  }

  /** Ends the reading, unless the mapping is another one by now: all of it is to be told by one, so that all is listed once more. */
  async #finish(job: ScanRun, { cursor, mapping }: LookingUp): Promise<Checkpoint> {
    const { tenantId, input } = job;
    const [ended, again] = [{ phase: 'ended' as const }, { phase: 'listing' as const, beginnings: 1 }];
    try {
      await job.saveCheckpoint(ended, async (manager) => {
        await lockFeed(manager, input);
        if ((await findActiveRules(manager, { tenantId, ...input })).version !== mapping) throw new MappingChanged();
        await this.#end(manager, job, { outcome: 'complete' }, cursor);
      });
      return ended;
    } catch (thrown) {
      if (!(thrown instanceof MappingChanged)) throw thrown;
      await job.saveCheckpoint(again);
      return again;
    }
  }

  /** The next page is read while what this one tells is written. */
  async #list(job: ScanRun, scope: AccountScope, { cursor: begunAt, beginnings, mapping }: Listing): Promise<LookingUp> {
    const read = (from?: string): Promise<SeenPage> => {
      const page = this.reading.changes(scope.connection, scope.object, from, job.signal);
      page.catch(() => undefined); // it is awaited in its turn
      return page;
    };
    const progress = new ScanProgress(job, await this.database.transaction(job.tenantId, (manager) => countTold(manager, scope, job.input.scanId)));
    let cursor = begunAt;
    for (let coming = read(cursor); ;) {
      const page = await coming.catch((thrown: unknown) => asFailure(thrown));
      if (page instanceof Failure) {
        if (page.kind !== 'cursor_expired' || cursor === undefined || beginnings >= mostBeginnings) throw page;
        [cursor, beginnings] = [undefined, beginnings + 1];
        await job.saveCheckpoint({ phase: 'listing', beginnings, ...(mapping !== undefined && { mapping }) });
        coming = read();
        continue;
      }
      if (mapping !== undefined && page.mapping !== mapping) {
        [cursor, mapping] = [undefined, page.mapping];
        await job.saveCheckpoint({ phase: 'listing', beginnings, mapping });
        coming = read();
        continue;
      }
      mapping = page.mapping;
      const from = cursor;
      cursor = page.cursor;
      if (page.hasMore && cursor === from) throw new Failure('unexpected', `The list of every ${scope.object} of connection ${scope.connection.id} does not move on.`);
      if (page.hasMore) coming = read(cursor);
      await job.saveCheckpoint(
        page.hasMore ? { phase: 'listing', cursor, beginnings, mapping } : { phase: 'looking_up', cursor, after: '', mapping },
        (manager) => this.#tell(manager, job, scope, page.seen, false),
      );
      await progress.add(page.seen.states.length);
      if (!page.hasMore) return { phase: 'looking_up', cursor, after: '', mapping };
    }
  }

  async #lookUp(job: ScanRun, scope: AccountScope, { cursor, after: begunAt, mapping }: LookingUp): Promise<void> {
    for (let after = begunAt; ;) {
      const ids = await this.database.transaction(job.tenantId, (manager) =>
        listUntold(manager, scope, { scanId: job.input.scanId, after, limit: this.connector.readsAtOnce ?? lookUpBatch }));
      const last = ids.at(-1);
      if (last === undefined) return;
      const { absent, ...found } = await this.reading.byIds(scope, scope.object, ids, job.signal);
      const gone = [...found.gone, ...absent.map((externalId) => ({ externalId, gone: 'archived' as const }))];
      after = last;
      await job.saveCheckpoint({ phase: 'looking_up', cursor, after, mapping }, (manager) => this.#tell(manager, job, scope, { ...found, gone }, true));
    }
  }

  /** @throws Failure where another complete reading took the place of this one. */
  async #tell(manager: EntityManager, { id, input }: Pick<ScanRun, 'id' | 'input'>, scope: AccountScope, seen: SeenRecords, isRead: boolean): Promise<void> {
    if ((await findFeed(manager, input))?.scanJobId !== id) throw new Failure('invalid', 'Another complete reading of the same records has begun and takes the place of this one.');
    for (const each of await this.teller.tell(manager, scope, seen, { by: 'scan', scanId: input.scanId, isRead })) {
      await this.fetches.enqueue(manager, scope.connection.id, { object: scope.object, ...each });
    }
  }

  async #end(
    manager: EntityManager, { id, input: { connectionId, object, scanId } }: Pick<ScanRun, 'id' | 'input'>,
    end: Pick<EventData<typeof scanEnded>, 'outcome' | 'message'>, cursor?: string,
  ): Promise<void> {
    await endScan(manager, { connectionId, object }, id, cursor);
    const { vendor } = this.connector;
    const told = await countTold(manager, { connection: { id: connectionId, tenantId: tenantContext.require().tenantId }, object }, scanId);
    await this.publisher.publish(manager, scanEnded, {
      id: deterministicId('crm.scan.ended', scanId, end.outcome),
      subject: `scan/${scanId}`,
      data: { vendor, connectionId, object, scanId, told, ...end },
    });
  }
}

/** Tells how far a reading is, once a second. */
class ScanProgress {
  readonly #job: Pick<ScanRun, 'progress'>;
  #done: number;
  #toldAtMs = 0;

  constructor(job: Pick<ScanRun, 'progress'>, done: number) {
    this.#job = job;
    this.#done = done;
  }

  async add(records: number): Promise<void> {
    this.#done += records;
    if (performance.now() - this.#toldAtMs < progressEveryMs) return;
    this.#toldAtMs = performance.now();
    await this.#job.progress({ done: this.#done });
  }
}
