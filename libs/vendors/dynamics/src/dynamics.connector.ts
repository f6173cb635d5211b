import type { Connection } from '@crossdock/connections';
import { KnownFieldNames, type ChangeSubscription, type ChangeTarget, type CrmConnector, type UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type CapabilityReport, type Deal, type UpsertRecord } from '@crossdock/contracts';
import { z } from 'zod';
import { DynamicsSession, type DynamicsApiOptions } from './dynamics.api.ts';
import { probeDynamics } from './dynamics.capabilities.ts';
import { DynamicsColumns } from './dynamics.columns.ts';
import { readContacts, upsertContacts } from './dynamics.contacts.ts';
import { orderStatusColumn, toDeal } from './dynamics.mapping.ts';
import { readContactIds, readCurrencies, readOpportunities, upsertOpportunities, type OrderStatusColumn } from './dynamics.opportunities.ts';
import { subscribeToDynamics } from './dynamics.subscription.ts';

/** Dynamics 365 by Dataverse's Web API: contacts by e-mail, opportunities by an id that follows from the hub's key. */
export class DynamicsConnector implements CrmConnector {
  readonly vendor = 'dynamics';
  readonly #options: DynamicsApiOptions;
  readonly #columnNames = new KnownFieldNames();

  constructor(options: DynamicsApiOptions) {
    this.#options = options;
  }

  async upsert(connection: Connection, records: readonly UpsertRecord[], signal: AbortSignal): Promise<UpsertResult[]> {
    try {
      const session = new DynamicsSession(this.#options, connection, signal);
      const contacts = records.filter((record) => record.object === 'contact');
      const deals = records.filter((record) => record.object === 'deal');
      const results = new Map<UpsertRecord, UpsertResult>();
      for (const [index, result] of (await upsertContacts(session, contacts)).entries()) keep(results, contacts[index], result);
      for (const [index, result] of (await upsertOpportunities(session, deals, this.#orderStatusOf(session))).entries()) keep(results, deals[index], result);
      return records.map((record) => results.get(record) ?? new Failure('unexpected', 'The record got no result.'));
    } catch (thrown) {
      const failure = asFailure(thrown);
      return records.map(() => failure);
    }
  }

  async getDeals(connection: Connection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, Deal | Failure>> {
    const session = new DynamicsSession(this.#options, connection, signal);
    const opportunities = await readOpportunities(session, [...new Set(ids)].filter((id) => z.uuid().safeParse(id).success), this.#orderStatusOf(session));
    if (opportunities.length === 0) return new Map();
    const currencies = await readCurrencies(session);
    const contactIds = await readContactIds(session, opportunities);
    const contacts = await readContacts(session, [...new Set([...contactIds.values()].flat())]);
    return new Map(opportunities.map((opportunity) => {
      const ofDeal = (contactIds.get(opportunity.opportunityid) ?? []).map((id) => contacts.get(id) ?? { externalId: id });
      return [opportunity.opportunityid, toDeal(opportunity, ofDeal, { connectionId: connection.id, currencies })];
    }));
  }

  async probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
    const session = new DynamicsSession(this.#options, connection, signal);
    return probeDynamics(session);
  }

  /** Makes the hub's columns and alternate keys, which takes the right to customise the environment. */
  async setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    this.#columnNames.forget(connection.id);
    await new DynamicsColumns(new DynamicsSession(this.#options, connection, signal)).make();
  }

  subscribe(connection: Connection, target: ChangeTarget, signal: AbortSignal): Promise<ChangeSubscription> {
    return subscribeToDynamics(new DynamicsSession(this.#options, connection, signal), target);
  }

  #orderStatusOf(session: DynamicsSession): OrderStatusColumn {
    const { id } = session.connection;
    return {
      isThere: () => this.#columnNames.has(id, 'opportunity', orderStatusColumn, () => new DynamicsColumns(session).namesOf('opportunity')),
      forget: () => this.#columnNames.forget(id),
    };
  }
}

function keep(results: Map<UpsertRecord, UpsertResult>, record: UpsertRecord | undefined, result: UpsertResult): void {
  if (record) results.set(record, result);
}
