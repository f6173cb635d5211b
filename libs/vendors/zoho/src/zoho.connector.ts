import type { Connection } from '@crossdock/connections';
import type { ChangeSubscription, ChangeTarget, CrmConnector, UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type CapabilityReport, type Deal, type UpsertRecord } from '@crossdock/contracts';
import { ZohoApi, type ZohoApiOptions } from './zoho.api.ts';
import { probeZoho } from './zoho.capabilities.ts';
import { subscribeToZoho } from './zoho.channel.ts';
import { readSettings } from './zoho.data-centres.ts';
import { makeHubFields } from './zoho.hub-fields.ts';
import { keyField, toContact, toDeal, toZohoDeal, type ZohoRecord } from './zoho.mapping.ts';
import { addDealContacts, existingDealKeys, existingEmails, readContacts, readDealContacts, readDeals, upsertByField } from './zoho.records.ts';
import { ZohoStages } from './zoho.stages.ts';

export interface ZohoConnectorOptions extends ZohoApiOptions {
  readonly now?: () => number;
}

type ContactRecord = Extract<UpsertRecord, { object: 'contact' }>;
type DealRecord = Extract<UpsertRecord, { object: 'deal' }>;

/** Zoho CRM: contacts by e-mail, deals by a unique field of ours. */
export class ZohoConnector implements CrmConnector {
  readonly vendor = 'zoho';
  readonly #options: ZohoApiOptions;
  readonly #now: () => number;
  readonly #stages: ZohoStages;

  constructor({ now = Date.now, ...options }: ZohoConnectorOptions) {
    this.#options = options;
    this.#now = now;
    this.#stages = new ZohoStages(now);
  }

  async upsert(connection: Connection, records: readonly UpsertRecord[], signal: AbortSignal): Promise<UpsertResult[]> {
    const api = new ZohoApi(this.#options, connection, signal);
    const contacts = records.filter((record) => record.object === 'contact');
    const deals = records.filter((record) => record.object === 'deal');
    const results = new Map<UpsertRecord, UpsertResult>([
      ...pair(contacts, await answered(contacts, () => this.#upsertContacts(api, contacts))),
      ...pair(deals, await answered(deals, () => this.#upsertDeals(api, connection, deals))),
    ]);
    return records.map((record) => results.get(record) ?? new Failure('unexpected', 'The record got no result.'));
  }

  async getDeals(connection: Connection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, Deal | Failure>> {
    const api = new ZohoApi(this.#options, connection, signal);
    const settings = readSettings(connection.settings);
    const deals = await readDeals(api, [...new Set(ids)]);
    if (deals.length === 0) return new Map();
    const stages = await this.#stages.of(connection.id, api);
    const contactIds = await readDealContacts(api, deals);
    const contacts = await readContacts(api, [...contactIds.values()].flat());
    return new Map(deals.map((deal) => {
      const ofDeal = (contactIds.get(deal.id) ?? []).map((id) => contacts.get(id) ?? { externalId: id });
      return [deal.id, toDeal(deal, ofDeal, { connectionId: connection.id, settings, stages })];
    }));
  }

  probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
    return probeZoho(new ZohoApi(this.#options, connection, signal), connection.settings['edition']);
  }

  /** Opens the connection's channel of notifications, or has it live on. */
  subscribe(connection: Connection, target: ChangeTarget, signal: AbortSignal): Promise<ChangeSubscription> {
    return subscribeToZoho(new ZohoApi(this.#options, connection, signal), connection.id, target, this.#now());
  }

  /** Creates the fields that keep the hub's keys and the order's status. */
  async setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    await makeHubFields(new ZohoApi(this.#options, connection, signal));
  }

  async #upsertContacts(api: ZohoApi, records: readonly ContactRecord[]): Promise<UpsertResult[]> {
    const existing = await existingEmails(api, [...new Set(records.map(({ fields }) => fields.email.toLowerCase()))]);
    const contacts = records.map(({ fields }) => toContact(fields, { exists: existing.has(fields.email.toLowerCase()) }));
    return upsertByField(api, 'Contacts', 'Email', contacts, 'contacts.upsert');
  }

  async #upsertDeals(api: ZohoApi, connection: Connection, records: readonly DealRecord[]): Promise<UpsertResult[]> {
    const settings = readSettings(connection.settings);
    const existing = await existingDealKeys(api, [...new Set(records.map(({ externalKey }) => externalKey))]);
    const stages = await this.#stages.of(connection.id, api);
    const mapped = records.map(({ externalKey, fields, contactIds: [contactId] }) => toZohoDeal(
      { externalKey, fields, ...(contactId !== undefined && { contactId }), exists: existing.has(externalKey.toLowerCase()) }, { settings, stages },
    ));
    const sendable = mapped.filter((deal): deal is ZohoRecord => !(deal instanceof Failure));
    const answers = new Map(pair(sendable, await upsertByField(api, 'Deals', keyField, sendable, 'deals.upsert')));
    const results = mapped.map((deal) => (deal instanceof Failure ? deal : answers.get(deal) ?? new Failure('unexpected', 'The record got no result.')));
    return associate(api, records, results);
  }
}

/**
 * A new deal has its first contact from the start; what else there is goes into the related list, one call a deal. A deal
 * whose contacts could not be added is not done: the repeat finds the deal and adds them all again.
 */
async function associate(api: ZohoApi, records: readonly DealRecord[], results: readonly UpsertResult[]): Promise<UpsertResult[]> {
  const outcomes: UpsertResult[] = [];
  for (const [index, result] of results.entries()) {
    const contactIds = records[index]?.contactIds ?? [];
    const missing = result instanceof Failure ? [] : result.created ? contactIds.slice(1) : contactIds;
    outcomes.push(result instanceof Failure || missing.length === 0 ? result : await added(api, result, missing));
  }
  return outcomes;
}

async function added(api: ZohoApi, result: Exclude<UpsertResult, Failure>, contactIds: readonly string[]): Promise<UpsertResult> {
  try {
    return await addDealContacts(api, result.crmId, contactIds) ?? result;
  } catch (thrown) {
    return asFailure(thrown);
  }
}

/** What stops all of a call is the result of each record in it. */
async function answered(items: readonly UpsertRecord[], upsert: () => Promise<UpsertResult[]>): Promise<UpsertResult[]> {
  if (items.length === 0) return [];
  try {
    return await upsert();
  } catch (thrown) {
    const failure = asFailure(thrown);
    return items.map(() => failure);
  }
}

function pair<Key, Value>(keys: readonly Key[], values: readonly Value[]): Array<readonly [Key, Value]> {
  return keys.flatMap((key, index) => {
    const value = values[index];
    return value === undefined ? [] : [[key, value] as const];
  });
}
