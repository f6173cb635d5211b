import {
  connectionCreated, connectionHealthChanged, crmRecordTouched, crmUpsertRequested, type CrmVendor, type EventOf,
} from '@crossdock/contracts';
import type { CrmConnector } from '@crossdock/crm-connector';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { TaskQueue } from '@crossdock/task-queue';
import { Controller, Inject } from '@nestjs/common';
import { CRM_CONNECTOR } from './connector-task.ts';
import { FeedTasks } from './records/feed.tasks.ts';
import { TouchedRecords } from './records/touched-records.ts';
import { SetUpJob } from './set-up/set-up.job.ts';
import { UpsertTasks } from './upserts/upsert.tasks.ts';

/**
 * What a CRM service hears. Every CRM service hears every vendor's events and takes up its own: `concernsVendor` keeps the others
 * away, and what comes by another way is asked here.
 */
@Controller()
export class CrmEvents {
  readonly #vendor: CrmVendor;
  readonly #upserts: UpsertTasks;
  readonly #setUps: SetUpJob;
  readonly #queue: TaskQueue;
  readonly #feeds: FeedTasks;
  readonly #touched: TouchedRecords;

  constructor(
    @Inject(CRM_CONNECTOR) connector: CrmConnector, upserts: UpsertTasks, setUps: SetUpJob, queue: TaskQueue, feeds: FeedTasks, touched: TouchedRecords,
  ) {
    this.#vendor = connector.vendor;
    this.#upserts = upserts;
    this.#setUps = setUps;
    this.#queue = queue;
    this.#feeds = feeds;
    this.#touched = touched;
  }

  @OnEvent(crmUpsertRequested)
  async onUpsertRequested({ data }: EventOf<typeof crmUpsertRequested>, context: EventContext): Promise<void> {
    if (data.vendor === this.#vendor) await this.#upserts.enqueue(context.manager, data);
  }

  @OnEvent(crmRecordTouched)
  async onRecordTouched({ data }: EventOf<typeof crmRecordTouched>, { manager }: EventContext): Promise<void> {
    if (data.vendor !== this.#vendor) return;
    await this.#touched.read(manager, data.connectionId, [{ object: data.object, id: data.externalId }]);
  }

  @OnEvent(connectionCreated)
  async onConnectionCreated({ data }: EventOf<typeof connectionCreated>, context: EventContext): Promise<void> {
    if (data.vendor === this.#vendor) await this.#setUps.begin(context.manager, data.connectionId);
  }

  /** An account that was connected again is set up again, work that rested goes on, and what is followed is looked at. */
  @OnEvent(connectionHealthChanged)
  async onConnectionHealthChanged({ data }: EventOf<typeof connectionHealthChanged>, context: EventContext): Promise<void> {
    if (data.vendor !== this.#vendor) return;
    if (data.state === 'connecting') await this.#setUps.begin(context.manager, data.connectionId);
    if (data.state !== 'connecting' && data.state !== 'healthy') return;
    await this.#queue.resumeParked(context.manager, data.connectionId);
    await this.#feeds.hasten(context.manager, data.connectionId);
  }
}
