import type { Connection } from '@crossdock/connections';
import type { ChangeSubscription, CrmConnector, UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type CapabilityReport, type Deal, type UpsertRecord } from '@crossdock/contracts';
import { z } from 'zod';
import { associate, readAssociations } from './hubspot.associations.ts';
import { HubSpotApi, type HubSpotApiOptions } from './hubspot.api.ts';
import { writeInBatches, type BatchTarget, type KeyedProperties } from './hubspot.batch-write.ts';
import { probeHubSpot, type HubSpotClient } from './hubspot.capabilities.ts';
import { existingDealKeys, readContacts, readDeals } from './hubspot.deals.ts';
import { externalKeyProperty, toContactProperties, toDeal, toDealProperties } from './hubspot.mapping.ts';
import { HubSpotProperties } from './hubspot.properties.ts';

type ContactRecord = Extract<UpsertRecord, { object: 'contact' }>;
type DealRecord = Extract<UpsertRecord, { object: 'deal' }>;

const dealContacts = { from: 'deals', to: 'contacts' } as const;

const settingsSchema = z.object({ companyCurrency: z.string().regex(/^[A-Z]{3}$/).optional() });

export interface HubSpotConnectorOptions extends Omit<HubSpotApiOptions, 'apiUrl'> {
  readonly client: HubSpotClient;
}

/** HubSpot through its official SDK: contacts by e-mail, deals by a unique property of ours. */
export class HubSpotConnector implements CrmConnector {
  readonly vendor = 'hubspot';
  readonly #options: HubSpotConnectorOptions;
  readonly #api: HubSpotApi;

  constructor(options: HubSpotConnectorOptions) {
    this.#options = options;
    this.#api = new HubSpotApi({ ...options, apiUrl: options.client.hubspotApiUrl });
  }

  async upsert(connection: Connection, records: readonly UpsertRecord[], signal: AbortSignal): Promise<UpsertResult[]> {
    const contacts = records.filter((record) => record.object === 'contact');
    const deals = records.filter((record) => record.object === 'deal');
    const results = new Map<UpsertRecord, UpsertResult>([
      ...pair(contacts, await this.#upsertContacts(connection, contacts, signal)),
      ...pair(deals, await this.#upsertDeals(connection, deals, signal)),
    ]);
    return records.map((record) => results.get(record) ?? new Failure('unexpected', 'The record got no result.'));
  }

  async getDeals(connection: Connection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, Deal | Failure>> {
    const { companyCurrency } = settingsSchema.catch({}).parse(connection.settings);
    const call = (operation: string) => ({ connection, operation, signal });
    const deals = await readDeals(this.#api.objects(call('deals.batchRead')), [...new Set(ids)]);
    const contactIds = await readAssociations(this.#api.associations(call('associations.batchRead')), dealContacts, deals.map(({ id }) => id));
    const contacts = await readContacts(this.#api.objects(call('contacts.batchRead')), [...contactIds.values()].flat());
    return new Map(deals.map((deal) => {
      const ofDeal = (contactIds.get(deal.id) ?? []).map((id) => contacts.get(id) ?? { externalId: id });
      return [deal.id, toDeal(deal, ofDeal, { connectionId: connection.id, ...(companyCurrency && { companyCurrency }) })];
    }));
  }

  probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
    return probeHubSpot({ ...this.#options, api: this.#api }, connection, signal);
  }

  /** HubSpot sends the webhooks of all accounts to the one address that the app has; an account has nothing to register. */
  async subscribe(): Promise<ChangeSubscription> {
    return { kind: 'app' };
  }

  /** Creates the properties that keep the hub's keys and the order's status. */
  setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    return new HubSpotProperties(this.#api, connection, signal).make();
  }

  #upsertContacts(connection: Connection, records: readonly ContactRecord[], signal: AbortSignal): Promise<UpsertResult[]> {
    const operation = 'contacts.batchUpsert';
    const keyed = records.map(({ fields }) => ({ key: fields.email.toLowerCase(), properties: toContactProperties(fields) }));
    return upsertByProperty(keyed, {
      api: this.#api.objects({ connection, operation, signal }), objectType: 'contacts', idProperty: 'email', operation,
    });
  }

  async #upsertDeals(connection: Connection, records: readonly DealRecord[], signal: AbortSignal): Promise<UpsertResult[]> {
    if (records.length === 0) return [];
    const operation = 'deals.batchUpsert';
    try {
      const existing = await existingDealKeys(
        this.#api.objects({ connection, operation: 'deals.batchRead', signal }), [...new Set(records.map(({ externalKey }) => externalKey))],
      );
      const results = await upsertByProperty(records.map(({ externalKey, fields }) => ({
        key: externalKey, properties: toDealProperties(externalKey, fields, { exists: existing.has(externalKey) }),
      })), { api: this.#api.objects({ connection, operation, signal }), objectType: 'deals', idProperty: externalKeyProperty, operation });
      return await this.#associate(connection, records, results, signal);
    } catch (thrown) {
      const failure = asFailure(thrown);
      return records.map(() => failure);
    }
  }

  /** A deal whose contacts could not be associated is not done: the repeat finds the deal and associates again. */
  async #associate(
    connection: Connection, records: readonly DealRecord[], results: readonly UpsertResult[], signal: AbortSignal,
  ): Promise<UpsertResult[]> {
    const api = this.#api.associations({ connection, operation: 'associations.batchCreate', signal });
    const deals = records.flatMap(({ contactIds }, index) => {
      const result = results[index];
      return result && !(result instanceof Failure) ? [{ id: result.crmId, toIds: contactIds }] : [];
    });
    const associated = new Map(pair(deals.map(({ id }) => id), await associate(api, dealContacts, deals)));
    return results.map((result) => {
      if (result instanceof Failure) return result;
      const outcome = associated.get(result.crmId);
      return outcome instanceof Failure ? outcome : result;
    });
  }
}

function pair<Key, Value>(keys: readonly Key[], values: readonly Value[]): Array<readonly [Key, Value]> {
  return keys.flatMap((key, index) => {
    const value = values[index];
    return value === undefined ? [] : [[key, value] as const];
  });
}

async function upsertByProperty(records: readonly KeyedProperties[], target: BatchTarget): Promise<UpsertResult[]> {
  return (await writeInBatches(records, target))
    .map((result) => (result instanceof Failure ? result : { outcome: 'upserted', crmId: result.id, created: result.created }));
}
