import type { Connection } from '@crossdock/connections';
import { KnownFieldNames, type CrmConnector, type UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type CapabilityReport, type Deal, type UpsertRecord } from '@crossdock/contracts';
import type { SalesforceApiOptions } from './salesforce.api.ts';
import { probeSalesforce } from './salesforce.capabilities.ts';
import { fieldNamesOf, makeHubFields } from './salesforce.field-setup.ts';
import {
  contactKey, orderStatusField, toContact, toDeal, toOpportunity,
  type Opportunity, type SalesforceRecord,
} from './salesforce.mapping.ts';
import {
  createContactRoles, existingKeys, readContactRoles, readContacts, readOpportunities, upsertByKey,
} from './salesforce.records.ts';
import { salesforceEndpointOf, sessionOf, type SalesforceSession } from './salesforce.session.ts';

export interface SalesforceConnectorOptions extends SalesforceApiOptions {
  readonly now?: () => number;
}

type ContactRecord = Extract<UpsertRecord, { object: 'contact' }>;
type DealRecord = Extract<UpsertRecord, { object: 'deal' }>;

/** Salesforce through jsforce: contacts and opportunities by an external id field of ours. */
export class SalesforceConnector implements CrmConnector {
  readonly vendor = 'salesforce';
  readonly #options: SalesforceConnectorOptions;
  readonly #fieldNames: KnownFieldNames;

  constructor(options: SalesforceConnectorOptions) {
    this.#options = options;
    this.#fieldNames = new KnownFieldNames(options.now);
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
    const opportunities = await readDeals(session, [...new Set(ids)]);
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
    return await probeSalesforce({ ...this.#options, connection, signal, instanceUrl: salesforceEndpointOf(connection) });
  }

  /** Makes the hub's fields; an organisation that does not let it is found to be without them at the first call. */
  async setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    this.#fieldNames.forget(connection.id);
    await makeHubFields(this.#session(connection, signal).call);
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #session(connection: Connection, signal: AbortSignal): Session {
    const session = sessionOf(this.#options, connection, signal);
    return {
      ...session,
      hasOrderStatus: (options) => {
        if (options?.anew === true) this.#fieldNames.forget(connection.id);
        return this.#fieldNames.has(connection.id, 'Opportunity', orderStatusField, () => fieldNamesOf(session.call('describe'), 'Opportunity'));
      },
    };
  }
}

interface Session extends SalesforceSession {
  /** Whether opportunities keep the order's status, as far as is remembered, or asked anew. */
  readonly hasOrderStatus: (options?: { readonly anew: boolean }) => Promise<boolean>;
}

async function readDeals({ call, settings, hasOrderStatus }: Session, ids: readonly string[]): Promise<Opportunity[]> {
  const read = (withStatus: boolean): Promise<Opportunity[]> => readOpportunities(call('opportunities.query'), ids, settings, withStatus);
  try {
    return await read(await hasOrderStatus());
  } catch (thrown) {
    // An administrator may have taken the field away.
    if (asFailure(thrown).kind !== 'invalid' || await hasOrderStatus({ anew: true })) throw thrown;
    return read(false);
  }
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
  const send = (some: readonly DealRecord[], hasOrderStatus: boolean): Promise<UpsertResult[]> => sendDeals(session, some.map(({ externalKey, fields }) =>
    toOpportunity(externalKey, fields, { exists: existing.has(externalKey), settings: session.settings, hasOrderStatus, nowMs })));
  const hasOrderStatus = records.some(({ fields }) => fields.orderStatus !== undefined) && await session.hasOrderStatus();
  const results = await send(records, hasOrderStatus);
  const refused = records.filter((_, index) => isInvalid(results[index]));
  // An administrator may have taken the field away, which is no reason to refuse a deal.
  if (!hasOrderStatus || refused.length === 0 || await session.hasOrderStatus({ anew: true })) return associate(session, records, results);
  const repeated = (await send(refused, false)).values();
  return associate(session, records, results.map((result) => (isInvalid(result) ? repeated.next().value ?? result : result)));
}

function isInvalid(result: UpsertResult | undefined): boolean {
  return result instanceof Failure && result.kind === 'invalid';
}

async function sendDeals(session: Session, mapped: ReadonlyArray<SalesforceRecord | Failure>): Promise<UpsertResult[]> {
  const sendable = mapped.filter((opportunity): opportunity is SalesforceRecord => !(opportunity instanceof Failure));
  const answers = await upsertByKey(session.call('opportunities.upsert'), 'Opportunity', sendable, 'opportunities.upsert');
  const byRecord = new Map(sendable.map((opportunity, index) => [opportunity, answers[index]]));
  return mapped.map((opportunity) =>
    (opportunity instanceof Failure ? opportunity : byRecord.get(opportunity) ?? new Failure('unexpected', 'The record got no result.')));
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
