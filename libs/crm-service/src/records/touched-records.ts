import type { RecordRef } from '@crossdock/crm-connector';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { FeedTasks } from './feed.tasks.ts';
import { RecordFetchTasks } from './record-fetch.tasks.ts';

/** What is to be read because an account said that something happened to it. */
@Injectable()
export class TouchedRecords {
  constructor(private readonly feeds: FeedTasks, private readonly fetches: RecordFetchTasks) {}

  /** Deals are told in any case, for orders and attribution; contacts and companies where somebody follows them. */
  async read(manager: EntityManager, connectionId: string, records: readonly RecordRef[]): Promise<void> {
    for (const [object, some] of Map.groupBy(records, (record) => record.object)) {
      if (object !== 'deal' && !await this.feeds.isFollowed(manager, { connectionId, object })) continue;
      for (const { id: externalId } of some) await this.fetches.enqueue(manager, connectionId, { object, externalId });
    }
  }

  /** Asks for the changes of all that is followed: more has happened than anybody said. */
  async pollNow(manager: EntityManager, connectionId: string): Promise<void> {
    await this.feeds.hasten(manager, connectionId);
  }
}
