import { crmObjectSchema } from '@crossdock/contracts';
import type { RecordConnector } from '@crossdock/crm-connector';
import { defineTaskKind, TaskQueue, TaskRegistry, type TaskBatch } from '@crossdock/task-queue';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { CRM_CONNECTOR } from '../connector-task.ts';
import { AccountMappings } from './account-mappings.ts';
import { RecordReading, type SeenGone, type SeenRecords } from './record-reading.ts';
import { RecordTeller } from './record-teller.ts';
import type { RecordScope } from './told-record.repository.ts';

/**
 * What an account tells of in quick succession is read together. A vendor counts calls, and a reading is two or three of them, however many records it
 * has: HubSpot allows eleven a second. It also tells four times of a deal that was made, within some tenths of a second.
 */
const fetchTask = defineTaskKind({
  kind: 'crm.fetch-record',
  schema: z.object({
    object: crmObjectSchema,
    externalId: z.string().min(1),
    /** It is told in any case, not only where it has changed. */
    isWanted: z.boolean(),
    /** What a list said became of it. */
    gone: z.object({ gone: z.enum(['archived', 'merged']), mergedInto: z.string().exactOptional() }).exactOptional(),
  }),
  batchSize: 100,
  gatherMs: 400,
  mostGatherMs: 1_000,
  timeoutMs: 60_000,
});
type FetchPayload = z.infer<typeof fetchTask.schema>;

/** Which record is to be read, and why. */
export interface RecordToFetch extends Pick<FetchPayload, 'object' | 'externalId'> {
  readonly isWanted?: boolean;
  readonly gone?: SeenGone;
}

/**
 * Reads records by their ids and tells what is news about them. A webhook tells only that something happened, maybe late and
 * out of order; what the CRM answers now is the truth, and fifty touches on one record need one answer.
 */
@Injectable()
export class RecordFetchTasks implements OnModuleInit {
  constructor(
    private readonly queue: TaskQueue,
    private readonly registry: TaskRegistry,
    private readonly mappings: AccountMappings,
    private readonly reading: RecordReading,
    private readonly teller: RecordTeller,
    @Inject(CRM_CONNECTOR) private readonly connector: RecordConnector,
  ) {}

  onModuleInit(): void {
    const { readsAtOnce: batchSize = fetchTask.batchSize } = this.connector;
    this.registry.register({ ...fetchTask, batchSize }, (batch) => this.#run(batch));
  }

  async enqueue(manager: EntityManager, connectionId: string, { object, externalId, isWanted = false, gone }: RecordToFetch): Promise<void> {
    // One that joins another must not ask for more than that one does.
    const why = isWanted ? '/wanted' : gone ? '/gone' : '';
    await this.queue.enqueue(manager, fetchTask, {
      recordKey: `${connectionId}/${object}/${externalId}${why}`, groupKey: connectionId, coalesce: true,
      payload: { object, externalId, isWanted, ...(gone && { gone: { gone: gone.gone, ...(gone.mergedInto !== undefined && { mergedInto: gone.mergedInto }) } }) },
    });
  }

  async #run(batch: TaskBatch<FetchPayload>): Promise<void> {
    const account = await this.mappings.openAccount(batch);
    for (const [object, tasks] of Map.groupBy(batch.tasks, ({ payload }) => payload.object)) {
      const found = await this.reading.byIds(account, object, [...new Set(tasks.map(({ payload }) => payload.externalId))], batch.signal);
      await batch.settleAll(tasks.map((task) => ({ task, effect: (manager) => this.#tell(manager, { connection: account.connection, object }, found, task.payload) })));
    }
  }

  async #tell(
    manager: EntityManager, scope: RecordScope,
    found: SeenRecords & { readonly absent: readonly string[] }, { externalId, isWanted, gone: hint }: FetchPayload,
  ): Promise<void> {
    const isIt = (seen: { readonly externalId: string }): boolean => seen.externalId === externalId;
    const gone: SeenGone[] = found.absent.includes(externalId) ? [{ gone: 'archived', ...hint, externalId }] : found.gone.filter(isIt);
    await this.teller.tellRead(manager, scope, { at: found.at, states: found.states.filter(isIt), gone }, isWanted ? 'wanted' : 'read');
  }
}
