import type { Connection } from '@crossdock/connections';
import type { CrmConnector, UpsertResult } from '@crossdock/crm-connector';
import { asFailure, Failure, type CapabilityReport, type Deal, type UpsertRecord } from '@crossdock/contracts';
import { z } from 'zod';
import { DynamicsSession, type DynamicsApiOptions } from './dynamics.api.ts';
import { probeDynamics } from './dynamics.capabilities.ts';
import { readContacts, upsertContacts } from './dynamics.contacts.ts';
import { keyColumn, toDeal } from './dynamics.mapping.ts';
import { readContactIds, readCurrencies, readOpportunities, upsertOpportunities } from './dynamics.opportunities.ts';

const attributes = `EntityDefinitions(LogicalName='opportunity')/Attributes`;
const label = (text: string) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.Label',
  LocalizedLabels: [{ '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel', Label: text, LanguageCode: 1033 }],
});

/** Dynamics 365 by Dataverse's Web API: contacts by e-mail, opportunities by an id that follows from the hub's key. */
export class DynamicsConnector implements CrmConnector {
  readonly vendor = 'dynamics';
  readonly #options: DynamicsApiOptions;

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
      for (const [index, result] of (await upsertOpportunities(session, deals)).entries()) keep(results, deals[index], result);
      return records.map((record) => results.get(record) ?? new Failure('unexpected', 'The record got no result.'));
    } catch (thrown) {
      const failure = asFailure(thrown);
      return records.map(() => failure);
    }
  }

  async getDeals(connection: Connection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, Deal | Failure>> {
    const session = new DynamicsSession(this.#options, connection, signal);
    const opportunities = await readOpportunities(session, [...new Set(ids)].filter((id) => z.uuid().safeParse(id).success));
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
    return probeDynamics(session, () => hasKeyColumn(session));
  }

  /** Creates the column that keeps the hub's key on opportunities, which takes the right to customise the environment. */
  async setUp(connection: Connection, signal: AbortSignal): Promise<void> {
    const session = new DynamicsSession(this.#options, connection, signal);
    if (await hasKeyColumn(session)) return;
    await session.create('attributes.create', attributes, {
      '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
      AttributeType: 'String',
      AttributeTypeName: { Value: 'StringType' },
      SchemaName: 'xdock_ExternalKey',
      MaxLength: 255,
      FormatName: { Value: 'Text' },
      RequiredLevel: { Value: 'None', CanBeChanged: true, ManagedPropertyLogicalName: 'canmodifyrequirementlevelsettings' },
      DisplayName: label('Crossdock key'),
      Description: label('Keeps the key by which Crossdock knows this opportunity. Do not change.'),
    });
  }
}

async function hasKeyColumn(session: DynamicsSession): Promise<boolean> {
  const path = `${attributes}(LogicalName='${keyColumn}')?$select=LogicalName`;
  return await session.find('attributes.get', path, z.object({ LogicalName: z.string() })) !== undefined;
}

function keep(results: Map<UpsertRecord, UpsertResult>, record: UpsertRecord | undefined, result: UpsertResult): void {
  if (record) results.set(record, result);
}
