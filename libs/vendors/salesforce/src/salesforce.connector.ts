import type { Connection } from '@crossdock/connections';
import type { ChangeSubscription, CrmConnector, UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type CapabilityReport, type Deal, type UpsertRecord } from '@crossdock/contracts';
import type { Connection as JsforceConnection } from 'jsforce/lib/connection.js';
import { z } from 'zod';
import { jsforceFor, type SalesforceApiOptions } from './salesforce.api.ts';
import { probeSalesforce } from './salesforce.capabilities.ts';
import {
  contactKey, externalKeyField, salesforceSettingsSchema, toContact, toDeal, toOpportunity,
  type SalesforceRecord, type SalesforceSettings,
} from './salesforce.mapping.ts';
import {
  createContactRoles, existingKeys, missingKeyField, readContactRoles, readContacts, readOpportunities, upsertByKey,
} from './salesforce.records.ts';

export interface SalesforceConnectorOptions extends SalesforceApiOptions {
  readonly now?: () => number;
}

type ContactRecord = Extract<UpsertRecord, { object: 'contact' }>;
type DealRecord = Extract<UpsertRecord, { object: 'deal' }>;

const describeSchema = z.object({ fields: z.array(z.object({ name: z.string(), externalId: z.boolean() })) });

/** Salesforce through jsforce: contacts and opportunities by an external id field of ours. */
export class SalesforceConnector implements CrmConnector {
  readonly vendor = 'salesforce';
  readonly #options: SalesforceConnectorOptions;

  constructor(options: SalesforceConnectorOptions) {
    this.#options = options;
  }

  async upsert(connection: Connection, records: readonly UpsertRecord[], signal: AbortSignal): Promise<UpsertResult[]> {
    try {
      const session = this.#session(connection, signal);
      const contacts = records.filter((record) => record.object === 'contact');
      const deals = records.filter((record) => record.object === 'deal');
      const results = new Map<UpsertRecord, UpsertResult>();
      for (const [index, result] of (await upsertContacts(session, contacts)).entries()) keep(results, contacts[index], result);
      for (const [index, result] of (await upsertDeals(session, deals, this.#now())).entries()) keep(results, deals[index], result);
      return records.map((record) => results.get(record) ?? new Failure('unexpected', 'The record got no result.'));
    } catch (thrown) {
      const failure = asFailure(thrown);
      return records.map(() => failure);
    }
  }

  async getDeals(connection: Connection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, Deal | Failure>> {
    const session = this.#session(connection, signal);
    const opportunities = await readOpportunities(session.call('opportunities.query'), [...new Set(ids)], session.settings);
    const roles = await readContactRoles(session.call('contactRoles.query'), opportunities.map(({ Id }) => Id));
    const contacts = await readContacts(session.call('contacts.query'), roles.map(({ ContactId }) => ContactId));
    const contactIds = Map.groupBy(roles, ({ OpportunityId }) => OpportunityId);
    return new Map(opportunities.map((opportunity) => {
      const ids = new Set(contactIds.get(opportunity.Id)?.map(({ ContactId }) => ContactId));
      const ofDeal = [...ids].map((id) => contacts.get(id) ?? { externalId: id });
      return [opportunity.Id, toDeal(opportunity, ofDeal, { connectionId: connection.id, settings: session.settings })];
    }));
  }

  async probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport> {
    return await probeSalesforce({ ...this.#options, connection, signal, instanceUrl: endpointOf(connection) });
  }

  /** Change events of Salesforce are not listened to yet. */
  async subscribe(): Promise<ChangeSubscription> {
    return { kind: 'none', reason: 'Crossdock writes to Salesforce and does not hear of changes that people make there.' };
  }

  /** Looks whether the organisation has our fields; making them takes rights that many connections do not have. */
  async setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    const session = this.#session(connection, signal);
    for (const type of ['Contact', 'Opportunity']) {
      const { fields } = describeSchema.parse(await session.call('describe').describe(type));
      if (fields.some(({ name, externalId }) => name === externalKeyField && externalId)) continue;
      throw missingKeyField(type);
    }
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #session(connection: Connection, signal: AbortSignal): Session {
    const settings = salesforceSettingsSchema.safeParse(connection.settings);
    if (!settings.success) throw new Failure('forbidden', 'The settings of the Salesforce connection do not fit: connect it again.', { cause: settings.error });
    const endpoint = endpointOf(connection);
    return {
      settings: settings.data,
      call: (operation, { idempotent = true } = {}) =>
        jsforceFor(this.#options, endpoint, { connection, operation, signal, idempotent }),
    };
  }
}

function endpointOf({ endpoint }: Connection): string {
  if (endpoint !== undefined) return endpoint;
  throw new Failure('unauthorised', 'The Salesforce connection does not know the address of its organisation, or it does not open: connect it again.');
}

interface Session {
  readonly settings: SalesforceSettings;
  readonly call: (operation: string, options?: { readonly idempotent?: boolean }) => JsforceConnection;
}

async function upsertContacts({ call }: Session, records: readonly ContactRecord[]): Promise<UpsertResult[]> {
  if (records.length === 0) return [];
  const existing = await existingKeys(call('contacts.query'), 'Contact', records.map(({ fields }) => contactKey(fields.email)));
  const contacts = records.map(({ fields }) => toContact(fields, { exists: existing.has(contactKey(fields.email)) }));
  return upsertByKey(call('contacts.upsert'), 'Contact', contacts, 'contacts.upsert');
}

async function upsertDeals(session: Session, records: readonly DealRecord[], nowMs: number): Promise<UpsertResult[]> {
  if (records.length === 0) return [];
  const existing = await existingKeys(session.call('opportunities.query'), 'Opportunity', records.map(({ externalKey }) => externalKey));
  const mapped = records.map(({ externalKey, fields }) =>
    toOpportunity(externalKey, fields, { exists: existing.has(externalKey), settings: session.settings, nowMs }));
  const sendable = mapped.filter((opportunity): opportunity is SalesforceRecord => !(opportunity instanceof Failure));
  const answers = await upsertByKey(session.call('opportunities.upsert'), 'Opportunity', sendable, 'opportunities.upsert');
  const byRecord = new Map(sendable.map((opportunity, index) => [opportunity, answers[index]]));
  const results = mapped.map((opportunity) =>
    (opportunity instanceof Failure ? opportunity : byRecord.get(opportunity) ?? new Failure('unexpected', 'The record got no result.')));
  return associate(session, records, results);
}

/** A deal whose contacts could not be associated is not done: the repeat finds the deal and associates what is missing. */
async function associate({ call }: Session, records: readonly DealRecord[], results: readonly UpsertResult[]): Promise<UpsertResult[]> {
  const wanted = records.flatMap(({ contactIds }, index) => {
    const result = results[index];
    return result && !(result instanceof Failure) ? contactIds.map((ContactId) => ({ OpportunityId: result.crmId, ContactId })) : [];
  });
  if (wanted.length === 0) return [...results];
  const nameOf = (role: { OpportunityId: string; ContactId: string }): string => `${role.OpportunityId} ${role.ContactId}`;
  const present = new Set((await readContactRoles(call('contactRoles.query'), [...new Set(wanted.map((role) => role.OpportunityId))])).map(nameOf));
  const missing = [...new Map(wanted.filter((role) => !present.has(nameOf(role))).map((role) => [nameOf(role), role])).values()];
  const outcomes = await createContactRoles(call('contactRoles.create', { idempotent: false }), missing, 'contactRoles.create');
  const failures = new Map(missing.flatMap((role, index) => {
    const outcome = outcomes[index];
    return outcome instanceof Failure ? [[role.OpportunityId, outcome] as const] : [];
  }));
  return results.map((result) => (result instanceof Failure ? result : failures.get(result.crmId) ?? result));
}

function keep(results: Map<UpsertRecord, UpsertResult>, record: UpsertRecord | undefined, result: UpsertResult): void {
  if (record) results.set(record, result);
}
