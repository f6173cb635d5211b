import { randomUUID } from 'node:crypto';
import {
  companyChanged, connectionHealthChanged, contactChanged, crmRecordTouched, dealChanged, feedRequested, recordGone, recordsWanted, scanEnded, scanRequested, scanWithdrawn,
  writeCompleted, writeRequested, type CrmObject, type EventData, type RequestedAction,
} from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import { eventually } from '@crossdock/test-stack';
import { v7 as uuidV7 } from 'uuid';
import type { CrmServiceWorld } from '../crm-service.fixture.ts';
import type { CrmTenant } from '../crm-tenant.fixture.ts';
import { findFeed, type RecordFeed } from './record-feed.repository.ts';

/** The fields of a contact that nobody else has. */
export function someContact(): { readonly email: string; readonly lastName: string } {
  return { email: `${randomUUID()}@example.com`, lastName: 'Muster' };
}

type Told = EventData<typeof contactChanged> | EventData<typeof companyChanged> | EventData<typeof dealChanged>;

/** A tenant who keeps records in step: what is asked for in its name, and what it hears. */
export class RecordTenant {
  constructor(readonly world: CrmServiceWorld, readonly shop: CrmTenant) {}

  get #account() {
    return { vendor: this.world.vendor, connectionId: this.shop.connection.id };
  }

  follow(object: CrmObject, pollEverySeconds = 86_400, follower?: 'orders' | 'sync'): Promise<void> {
    return this.shop.say(feedRequested, { ...this.#account, object, pollEverySeconds, ...(follower && { follower }) });
  }

  unfollow(object: CrmObject, follower?: 'orders' | 'sync'): Promise<void> {
    return this.shop.say(feedRequested, { ...this.#account, object, ...(follower && { follower }) });
  }

  async beginScan(object: CrmObject, scanId: string = uuidV7()): Promise<string> {
    await this.shop.say(scanRequested, { ...this.#account, object, scanId });
    return scanId;
  }

  withdrawScan(object: CrmObject, scanId: string): Promise<void> {
    return this.shop.say(scanWithdrawn, { ...this.#account, object, scanId });
  }

  endOf(scanId: string): Promise<EventData<typeof scanEnded>> {
    return eventually('the reading to end', () => this.ended(scanId));
  }

  ended(scanId: string): EventData<typeof scanEnded> | undefined {
    return this.shop.hears(scanEnded).find((end) => end.scanId === scanId);
  }

  async scan(object: CrmObject): Promise<EventData<typeof scanEnded>> {
    return this.endOf(await this.beginScan(object));
  }

  touch(object: CrmObject, externalId: string): Promise<void> {
    return this.shop.say(crmRecordTouched, { ...this.#account, object, externalId, change: 'changed', occurredAt: new Date().toISOString() });
  }

  want(object: CrmObject, ...externalIds: string[]): Promise<void> {
    return this.shop.say(recordsWanted, { ...this.#account, object, externalIds });
  }

  async ask(object: CrmObject, action: RequestedAction, recordKey: string = randomUUID()): Promise<string> {
    const requestId = randomUUID();
    await this.shop.say(writeRequested, { ...this.#account, object, requestId, recordKey, action }, { subject: `${object}/${recordKey}` });
    return requestId;
  }

  answerTo(requestId: string): Promise<EventData<typeof writeCompleted>['result']> {
    return eventually('the answer to a write', () => this.heardAnswerTo(requestId));
  }

  heardAnswerTo(requestId: string): EventData<typeof writeCompleted>['result'] | undefined {
    return this.shop.hears(writeCompleted).find((answer) => answer.requestId === requestId)?.result;
  }

  told(object: CrmObject, externalId?: string): Told[] {
    const heard: Record<CrmObject, () => Told[]> = {
      contact: () => this.shop.hears(contactChanged), company: () => this.shop.hears(companyChanged), deal: () => this.shop.hears(dealChanged),
    };
    return heard[object]().filter(({ source }) => externalId === undefined || source.externalId === externalId);
  }

  gone(externalId: string): Array<EventData<typeof recordGone>> {
    return this.shop.hears(recordGone).filter((record) => record.externalId === externalId);
  }

  /** How far the changes of a kind of record have been told. */
  feed(object: CrmObject): Promise<RecordFeed | undefined> {
    const { tenantId, connection } = this.shop;
    return tenantContext.run({ tenantId, correlationId: randomUUID() }, () =>
      this.world.tenants.transaction(tenantId, (manager) => findFeed(manager, { connectionId: connection.id, object })));
  }

  /** A person connects the account once more. */
  async reconnect(): Promise<void> {
    const { connections, tenants } = this.world;
    await tenants.transaction(this.shop.tenantId, (manager) => connections.health.move(manager, this.shop.connection, 'connecting'));
    await this.shop.say(connectionHealthChanged, { ...this.#account, previousState: 'needs_reconnect', state: 'connecting', since: new Date().toISOString() });
  }

  /** The account is found to answer, and what is followed is looked at. */
  answersAgain(): Promise<void> {
    return this.shop.say(connectionHealthChanged, { ...this.#account, previousState: 'degraded', state: 'healthy', since: new Date().toISOString() });
  }

  /** Has the account looked at once more, and waits until that is done. */
  async poll(object: CrmObject): Promise<void> {
    const before = (await this.feed(object))?.polledAt;
    await this.answersAgain();
    await eventually('a poll', async () => {
      const after = (await this.feed(object))?.polledAt;
      return after && (!before || after > before);
    });
  }

  /** Waits until it was told so often. */
  async toldTimes(object: CrmObject, externalId: string, times: number): Promise<Told[]> {
    return eventually(`${object} ${externalId} to be told ${times} times`, () => {
      const told = this.told(object, externalId);
      return told.length >= times && told;
    });
  }
}
