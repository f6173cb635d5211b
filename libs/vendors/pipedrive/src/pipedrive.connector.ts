import type { Connection } from '@crossdock/connections';
import type { ChangeSubscription, ChangeTarget, CrmConnector, UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type CapabilityReport, type Deal, type UpsertRecord } from '@crossdock/contracts';
import { PipedriveSession, type PipedriveApiOptions } from './pipedrive.api.ts';
import { probePipedrive } from './pipedrive.capabilities.ts';
import { readDeals, upsertDeals } from './pipedrive.deals.ts';
import { HubFields } from './pipedrive.hub-fields.ts';
import { toDeal } from './pipedrive.mapping.ts';
import { contactsOf } from './pipedrive.participants.ts';
import { upsertPersons } from './pipedrive.persons.ts';
import { subscribeToRecords } from './pipedrive.subscription.ts';

export interface PipedriveConnectorOptions extends PipedriveApiOptions {
  readonly now?: () => number;
}

type DealRecord = Extract<UpsertRecord, { object: 'deal' }>;

/** Pipedrive by its REST interface: persons by e-mail, deals by a field of ours. It has no upsert: records are looked for first. */
export class PipedriveConnector implements CrmConnector {
  readonly vendor = 'pipedrive';
  readonly #options: PipedriveConnectorOptions;
  readonly #now: () => number;
  readonly #fields: HubFields;

  constructor(options: PipedriveConnectorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#fields = new HubFields(this.#now);
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
    const codes = await this.#fields.find(session, 'deal');
    const wanted = [...new Set(ids)].filter((id) => /^[1-9]\d{0,14}$/.test(id)).map(Number);
    const deals = await readDeals(session, wanted, codes);
    const contacts = await contactsOf(session, deals);
    return new Map(deals.map((deal) => [String(deal.id), toDeal(deal, contacts.get(deal.id) ?? [], { connectionId: connection.id, codes })]));
  }

  async probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
    const session = new PipedriveSession(this.#options, connection, signal);
    this.#fields.forget(session);
    return probePipedrive(session, () => this.#fields.missing(session));
  }

  async subscribe(connection: Connection, target: ChangeTarget, signal: AbortSignal): Promise<ChangeSubscription> {
    return subscribeToRecords(new PipedriveSession(this.#options, connection, signal), target);
  }

  /** Creates the fields that keep the hub's keys and the order's status. */
  async setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    const session = new PipedriveSession(this.#options, connection, signal);
    this.#fields.forget(session);
    await this.#fields.make(session);
  }

  async #upsertDeals(session: PipedriveSession, records: readonly DealRecord[]): Promise<UpsertResult[]> {
    if (records.length === 0) return [];
    try {
      const codes = await this.#fields.ofDeals(session);
      const results = await upsertDeals(session, records, { codes, nowMs: this.#now() });
      // Somebody may have removed the field; whoever comes next looks for it again.
      if (results.some((result) => result instanceof Failure && result.kind === 'invalid')) this.#fields.forget(session);
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
