import {
  connectionCreated, connectionHealthChanged, crmRecordTouched, crmUpsertRequested, type CrmVendor, type EventOf,
} from '@crossdock/contracts';
import type { CrmConnector } from '@crossdock/crm-connector';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { TaskQueue } from '@crossdock/task-queue';
import { Controller, Inject } from '@nestjs/common';
import { CRM_CONNECTOR } from './connector-task.ts';
import { DealFetchTasks } from './deal-fetch.tasks.ts';
import { SetUpJob } from './set-up/set-up.job.ts';
import { UpsertTasks } from './upsert.tasks.ts';

/**
 * What a CRM service hears. Every CRM service hears every vendor's events and takes up its own: `concernsVendor` keeps the others
 * away, and what comes by another way is asked here.
 */
@Controller()
export class CrmEvents {
  readonly #vendor: CrmVendor;
  readonly #upserts: UpsertTasks;
  readonly #dealFetches: DealFetchTasks;
  readonly #setUps: SetUpJob;
  readonly #queue: TaskQueue;

  constructor(
    @Inject(CRM_CONNECTOR) connector: CrmConnector, upserts: UpsertTasks, dealFetches: DealFetchTasks, setUps: SetUpJob, queue: TaskQueue,
  ) {
    this.#vendor = connector.vendor;
    this.#upserts = upserts;
    this.#dealFetches = dealFetches;
    this.#setUps = setUps;
    this.#queue = queue;
  }

  @OnEvent(crmUpsertRequested)
  async onUpsertRequested({ data }: EventOf<typeof crmUpsertRequested>, context: EventContext): Promise<void> {
    if (data.vendor === this.#vendor) await this.#upserts.enqueue(context.manager, data);
  }

  /** Contacts and companies are not followed yet: nothing listens to their changes. */
  @OnEvent(crmRecordTouched)
  async onRecordTouched({ data }: EventOf<typeof crmRecordTouched>, context: EventContext): Promise<void> {
    if (data.vendor !== this.#vendor || data.object !== 'deal') return;
    await this.#dealFetches.enqueue(context.manager, data.connectionId, data.externalId);
  }

  @OnEvent(connectionCreated)
  async onConnectionCreated({ data }: EventOf<typeof connectionCreated>, context: EventContext): Promise<void> {
    if (data.vendor === this.#vendor) await this.#setUps.begin(context.manager, data.connectionId);
  }

  /** An account that was connected again is set up again, and work that rested goes on. */
  @OnEvent(connectionHealthChanged)
  async onConnectionHealthChanged({ data }: EventOf<typeof connectionHealthChanged>, context: EventContext): Promise<void> {
    if (data.vendor !== this.#vendor) return;
    if (data.state === 'connecting') await this.#setUps.begin(context.manager, data.connectionId);
    if (data.state === 'connecting' || data.state === 'healthy') await this.#queue.resumeParked(context.manager, data.connectionId);
  }
}
