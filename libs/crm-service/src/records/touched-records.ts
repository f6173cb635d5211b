import { AsyncLocalStorage } from 'node:async_hooks';
import type { RecordRef } from '@crossdock/crm-connector';
import { GatheredRows, tenantContext } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { FeedTasks } from './feed.tasks.ts';
import { listFollowed, type FeedKey } from './record-feed.repository.ts';
import { RecordFetchTasks } from './record-fetch.tasks.ts';

/** A record that something happened to. */
interface Touch extends FeedKey {
  readonly tenantId: string;
  readonly externalId: string;
  /** Does work in the name and in the trace of what told of it. */
  readonly inItsName: (work: () => Promise<void>) => Promise<void>;
}

/** What is to be read because an account said that something happened to it. */
@Injectable()
export class TouchedRecords {
  readonly #touched = new GatheredRows<Touch>((manager, touches) => this.#readFollowed(manager, touches));

  constructor(private readonly feeds: FeedTasks, private readonly fetches: RecordFetchTasks) {}

  /** Deals are told in any case, for orders and attribution; contacts and companies where somebody follows them, which is asked once for all that a transaction hears of. */
  async read(manager: EntityManager, connectionId: string, records: readonly RecordRef[]): Promise<void> {
    const { tenantId } = tenantContext.require();
    for (const { object, id: externalId } of records) {
      if (object === 'deal') await this.fetches.enqueue(manager, connectionId, { object, externalId });
      else await this.#touched.add(manager, tenantId, [{ tenantId, connectionId, object, externalId, inItsName: AsyncLocalStorage.snapshot() }]);
    }
  }

  /** Asks for the changes of all that is followed: more has happened than anybody said. */
  async pollNow(manager: EntityManager, connectionId: string): Promise<void> {
    await this.feeds.hasten(manager, connectionId);
  }

  async #readFollowed(manager: EntityManager, touches: readonly Touch[]): Promise<void> {
    const followed = new Set((await listFollowed(manager, touches)).map(nameOf));
    for (const touch of touches.filter((each) => followed.has(nameOf(each)))) {
      const { connectionId, object, externalId, inItsName } = touch;
      await inItsName(() => this.fetches.enqueue(manager, connectionId, { object, externalId }));
    }
  }
}

const nameOf = ({ connectionId, object }: FeedKey): string => `${connectionId}/${object}`;
