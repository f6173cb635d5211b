import type { Connection } from '@crossdock/connections';
import type { ChangeSubscription, ChangeTarget, CrmConnector, UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type CapabilityReport, type Deal, type UpsertRecord } from '@crossdock/contracts';
import { PipedriveSession, type PipedriveApiOptions } from './pipedrive.api.ts';
import { probePipedrive } from './pipedrive.capabilities.ts';
import { readDeals, upsertDeals } from './pipedrive.deals.ts';
import { KeyFields } from './pipedrive.key-field.ts';
import { toDeal } from './pipedrive.mapping.ts';
import { contactsOf } from './pipedrive.participants.ts';
import { upsertPersons } from './pipedrive.persons.ts';
import { subscribeToDeals } from './pipedrive.subscription.ts';

export interface PipedriveConnectorOptions extends PipedriveApiOptions {
  readonly now?: () => number;
}

type DealRecord = Extract<UpsertRecord, { object: 'deal' }>;

/** Pipedrive by its REST interface: persons by e-mail, deals by a field of ours. It has no upsert: records are looked for first. */
export class PipedriveConnector implements CrmConnector {
  readonly vendor = 'pipedrive';
  readonly #options: PipedriveConnectorOptions;
  readonly #now: () => number;
  readonly #keyFields: KeyFields;

  constructor(options: PipedriveConnectorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#keyFields = new KeyFields(this.#now);
  }

  async upsert(connection: Connection, records: readonly UpsertRecord[], signal: AbortSignal): Promise<UpsertResult[]> {
    try {
      const session = new PipedriveSession(this.#options, connection, signal);
      const contacts = records.filter((record) => record.object === 'contact');
      const deals = records.filter((record) => record.object === 'deal');
      const results = new Map<UpsertRecord, UpsertResult | undefined>();
      for (const [index, result] of (await upsertPersons(session, contacts, this.#now())).entries()) keep(results, contacts[index], result);
      for (const [index, result] of (await this.#upsertDeals(session, deals)).entries()) keep(results, deals[index], result);
      return records.map((record) => results.get(record) ?? new Failure('unexpected', 'The record got no result.'));
    } catch (thrown) {
      const failure = asFailure(thrown);
      return records.map(() => failure);
    }
  }

  async getDeals(connection: Connection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, Deal | Failure>> {
    const session = new PipedriveSession(this.#options, connection, signal);
    const keyField = await this.#keyFields.find(session);
    const wanted = [...new Set(ids)].filter((id) => /^[1-9]\d{0,14}$/.test(id)).map(Number);
    const deals = await readDeals(session, wanted, keyField);
    const contacts = await contactsOf(session, deals);
    return new Map(deals.map((deal) => [String(deal.id), toDeal(deal, contacts.get(deal.id) ?? [], { connectionId: connection.id, keyField })]));
  }

  async probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
    const session = new PipedriveSession(this.#options, connection, signal);
    this.#keyFields.forget(connection.id);
    return probePipedrive(session, () => this.#keyFields.find(session));
  }

  async subscribe(connection: Connection, target: ChangeTarget, signal: AbortSignal): Promise<ChangeSubscription> {
    return subscribeToDeals(new PipedriveSession(this.#options, connection, signal), target);
  }

  /** Creates the deal field that keeps the hub's key. */
  async setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    const session = new PipedriveSession(this.#options, connection, signal);
    this.#keyFields.forget(connection.id);
    if (await this.#keyFields.find(session) === undefined) await this.#keyFields.create(session);
  }

  async #upsertDeals(session: PipedriveSession, records: readonly DealRecord[]): Promise<UpsertResult[]> {
    if (records.length === 0) return [];
    try {
      const keyField = await this.#keyFields.require(session);
      const results = await upsertDeals(session, records, { keyField, nowMs: this.#now() });
      // Somebody may have removed the field; whoever comes next looks for it again.
      if (results.some((result) => result instanceof Failure && result.kind === 'invalid')) this.#keyFields.forget(session.connection.id);
      return results;
    } catch (thrown) {
      const failure = asFailure(thrown);
      return records.map(() => failure);
    }
  }
}

function keep(results: Map<UpsertRecord, UpsertResult | undefined>, record: UpsertRecord | undefined, result: UpsertResult): void {
  if (record) results.set(record, result);
}
