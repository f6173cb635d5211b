import { randomUUID } from 'node:crypto';
import {
  companyChanged, connectionHealthChanged, contactChanged, crmRecordTouched, dealChanged, feedRequested, recordGone, recordsWanted, scanEnded, scanRequested, writeCompleted,
  writeRequested, type CrmObject, type EventData, type FieldValue, type RequestedAction,
} from '@crossdock/contracts';
import type { RecordRef } from '@crossdock/crm-connector';
import { refer, ToyConnector, type ToyRecord } from '@crossdock/crm-connector/toy-connector.fixture';
import { tenantContext } from '@crossdock/tenancy';
import { eventually } from '@crossdock/test-stack';
import { HubSpotAuthorisation, HubSpotConnector, hubSpotAppShape } from '@crossdock/vendor-hubspot';
import { z } from 'zod';
import { crmServiceConfigShape } from '../crm-service.config.ts';
import { CrmServiceWorld } from '../crm-service.fixture.ts';
import { CrmServiceModule } from '../crm-service.module.ts';
import type { CrmTenant } from '../crm-tenant.fixture.ts';
import { findFeed, type RecordFeed } from './record-feed.repository.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
const config = z.object({ ...crmServiceConfigShape, ...hubSpotAppShape });

/** A CRM service whose records are the toy's; accounts are connected at HubSpot's stand-in. */
export class ToyService {
  private constructor(readonly world: CrmServiceWorld, readonly toy: ToyConnector) {}

  static async start(): Promise<ToyService> {
    const toy = new ToyConnector();
    const world = await CrmServiceWorld.start('hubspot', {
      name: 'crm-hubspot', config,
      module: (settings) => CrmServiceModule.forVendor({
        vendor: 'hubspot',
        connector: ({ http, tokens }) => new HubSpotConnector({ http, tokens, client: settings }),
        records: () => toy,
        authorisation: (http) => new HubSpotAuthorisation(http, settings),
      }, settings),
    }, (sandboxUrl) => ({ hubspotApiUrl: `${sandboxUrl}/hubspot`, hubspotClientId: app.clientId, hubspotClientSecret: app.clientSecret }));
    return new ToyService(world, toy);
  }

  /** A tenant with an account of its own; the toy holds one account's records for all of them. */
  async tenant(): Promise<ToyTenant> {
    const portal = await this.world.control.createHubSpotPortal(app);
    const shop = await this.world.tenant({ accountId: String(portal.portalId), tokens: portal });
    return new ToyTenant(this, shop);
  }

  /** A person makes or changes a record. */
  put(object: CrmObject, fields: Record<string, FieldValue>, { id = randomUUID(), ...more }: Partial<Omit<ToyRecord, 'object' | 'fields' | 'changed'>> = {}): string {
    const before = this.toy.crm.get(refer({ object, id }));
    this.toy.put({ associations: [], ...before, ...more, object, id, fields: { ...before?.fields, ...fields } });
    return id;
  }

  /** A person takes the deletion of a record back. */
  restore(ref: RecordRef): void {
    const record = this.toy.crm.get(refer(ref));
    if (!record) throw new Error(`The toy has no ${refer(ref)}.`);
    const { gone: _, ...restored } = record;
    this.toy.put(restored);
  }

  /** A person deletes a record, or merges it into another one. */
  remove(ref: RecordRef, mergedInto?: string): void {
    const record = this.toy.crm.get(refer(ref));
    if (!record) throw new Error(`The toy has no ${refer(ref)}.`);
    this.toy.put({ ...record, gone: { ...ref, ...(mergedInto === undefined ? { gone: 'archived' } : { gone: 'merged', mergedInto }) } });
  }
}

/** The fields of a contact that nobody else has. */
export function someContact(): { readonly email: string; readonly lastName: string } {
  return { email: `${randomUUID()}@example.com`, lastName: 'Muster' };
}

type Told = EventData<typeof contactChanged> | EventData<typeof companyChanged> | EventData<typeof dealChanged>;

/** What a tenant of the toy service asks for and hears. */
export class ToyTenant {
  constructor(readonly service: ToyService, readonly shop: CrmTenant) {}

  get #account() {
    return { vendor: 'hubspot' as const, connectionId: this.shop.connection.id };
  }

  follow(object: CrmObject, pollEverySeconds = 86_400): Promise<void> {
    return this.shop.say(feedRequested, { ...this.#account, object, pollEverySeconds });
  }

  unfollow(object: CrmObject): Promise<void> {
    return this.shop.say(feedRequested, { ...this.#account, object });
  }

  async beginScan(object: CrmObject): Promise<string> {
    const scanId = randomUUID();
    await this.shop.say(scanRequested, { ...this.#account, object, scanId });
    return scanId;
  }

  endOf(scanId: string): Promise<EventData<typeof scanEnded>> {
    return eventually('the reading to end', () => this.shop.hears(scanEnded).find((end) => end.scanId === scanId));
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
    await this.shop.say(writeRequested, { ...this.#account, object, requestId, recordKey, action });
    return requestId;
  }

  answerTo(requestId: string): Promise<EventData<typeof writeCompleted>['result']> {
    return eventually('the answer to a write', () => this.shop.hears(writeCompleted).find((answer) => answer.requestId === requestId)?.result);
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
      this.service.world.tenants.transaction(tenantId, (manager) => findFeed(manager, { connectionId: connection.id, object })));
  }

  /** A person connects the account once more. */
  async reconnect(): Promise<void> {
    const { connections, tenants } = this.service.world;
    await tenants.transaction(this.shop.tenantId, (manager) => connections.health.move(manager, this.shop.connection, 'connecting'));
    await this.shop.say(connectionHealthChanged, { ...this.#account, previousState: 'needs_reconnect', state: 'connecting', since: new Date().toISOString() });
  }

  /** Waits until it was told so often. */
  async toldTimes(object: CrmObject, externalId: string, times: number): Promise<Told[]> {
    return eventually(`${object} ${externalId} to be told ${times} times`, () => {
      const told = this.told(object, externalId);
      return told.length >= times && told;
    });
  }
}
