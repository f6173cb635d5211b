import { feedRequested, recordsWanted, scanRequested, scanWithdrawn, writeRequested, type CrmVendor, type EventOf } from '@crossdock/contracts';
import type { RecordConnector } from '@crossdock/crm-connector';
import { OnEvent, type EventContext } from '@crossdock/event-bus';
import { Controller, Inject } from '@nestjs/common';
import { CRM_CONNECTOR } from '../connector-task.ts';
import { FeedTasks } from './feed.tasks.ts';
import { RecordFetchTasks } from './record-fetch.tasks.ts';
import { RecordWriteTasks } from './record-write.tasks.ts';
import { ScanJob } from './scan.job.ts';

/** What a CRM service is asked for by those who keep records in step; every CRM service takes up its own vendor's. */
@Controller()
export class RecordEvents {
  readonly #vendor: CrmVendor;
  readonly #feeds: FeedTasks;
  readonly #scans: ScanJob;
  readonly #fetches: RecordFetchTasks;
  readonly #writes: RecordWriteTasks;

  constructor(@Inject(CRM_CONNECTOR) connector: RecordConnector, feeds: FeedTasks, scans: ScanJob, fetches: RecordFetchTasks, writes: RecordWriteTasks) {
    this.#vendor = connector.vendor;
    this.#feeds = feeds;
    this.#scans = scans;
    this.#fetches = fetches;
    this.#writes = writes;
  }

  @OnEvent(feedRequested)
  async onFeedRequested({ data }: EventOf<typeof feedRequested>, context: EventContext): Promise<void> {
    if (data.vendor === this.#vendor) await this.#feeds.request(context.manager, data);
  }

  @OnEvent(scanRequested)
  async onScanRequested({ data }: EventOf<typeof scanRequested>, context: EventContext): Promise<void> {
    if (data.vendor === this.#vendor) await this.#scans.begin(context.manager, data, data.scanId);
  }

  @OnEvent(scanWithdrawn)
  async onScanWithdrawn({ data }: EventOf<typeof scanWithdrawn>, context: EventContext): Promise<void> {
    if (data.vendor === this.#vendor) await this.#scans.withdraw(context.manager, data, data.scanId);
  }

  @OnEvent(recordsWanted)
  async onRecordsWanted({ data }: EventOf<typeof recordsWanted>, context: EventContext): Promise<void> {
    if (data.vendor !== this.#vendor) return;
    const { connectionId, object, externalIds } = data;
    for (const externalId of new Set(externalIds)) await this.#fetches.enqueue(context.manager, connectionId, { object, externalId, isWanted: true });
  }

  @OnEvent(writeRequested)
  async onWriteRequested({ data }: EventOf<typeof writeRequested>, context: EventContext): Promise<void> {
    if (data.vendor === this.#vendor) await this.#writes.enqueue(context.manager, data);
  }
}
