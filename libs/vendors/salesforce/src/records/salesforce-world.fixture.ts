import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import type { CrmObject, FieldValue } from '@crossdock/contracts';
import type { RecordRef } from '@crossdock/crm-connector';
import type { CrmWorld } from '@crossdock/crm-connector/conformance';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox } from '@crossdock/sandbox';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { SalesforceAuthorisation } from '../salesforce.authorisation.ts';
import { SalesforceConnector } from '../salesforce.connector.ts';
import type { SalesforceRecordsOptions } from './salesforce-records.ts';

const faults = { down: { kind: 'status', status: 503 }, slow: { kind: 'latency', latencyMs: 5_000 }, rate_limit: { kind: 'rate-limit' } } as const;

const types = { contact: 'Contact', company: 'Account', deal: 'Opportunity' } as const;

/** The suite's world, and what only Salesforce's own tests look at. */
export interface SalesforceWorld extends CrmWorld {
  readonly connector: SalesforceConnector;
  readonly control: SandboxControl;
  readonly org: Awaited<ReturnType<SandboxControl['createSalesforceOrg']>>;
  /** How many calls Salesforce has counted. */
  calls(): Promise<number>;
}

/** A connector in front of an organisation that holds nothing yet. */
export async function salesforceWorld(
  input: Parameters<SandboxControl['createSalesforceOrg']>[0] = {}, options: Pick<SalesforceRecordsOptions, 'bulkReadsFrom' | 'bulkFirstPauseMs'> = {},
): Promise<SalesforceWorld> {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const org = await control.createSalesforceOrg({ rotateRefreshTokens: true, ...input });
  const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
  const authorisation = new SalesforceAuthorisation(http, {
    salesforceLoginUrl: `${sandbox.url}/salesforce`, salesforceSandboxLoginUrl: `${sandbox.url}/salesforce`, salesforceMyDomainUrl: `${sandbox.url}/salesforce?{domain}`,
    salesforceClientId: org.clientId, salesforceClientSecret: org.clientSecret,
  });
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'salesforce', accountId: org.orgId, state: 'healthy', stateSince: new Date(),
    endpoint: org.instanceUrl, settings: { companyCurrency: 'EUR' },
  };
  let { accessToken, refreshToken } = org;
  const tokens = {
    get: async () => accessToken,
    refreshAfter401: async () => {
      const renewed = await authorisation.refresh(connection, refreshToken, AbortSignal.timeout(60_000));
      refreshToken = renewed.refreshToken ?? refreshToken;
      accessToken = renewed.accessToken;
      return accessToken;
    },
  };
  const edit = async ({ object, id }: RecordRef, values: Readonly<Record<string, FieldValue>>): Promise<void> => {
    await control.editSalesforceRecord(org.orgId, types[object], id, values);
  };
  return {
    control, org,
    calls: async () => {
      const answer = await fetch(`${org.instanceUrl}/services/data/v67.0/sobjects`, { headers: { authorization: `Bearer ${accessToken}` } });
      return Number(/api-usage=(\d+)\//.exec(answer.headers.get('sforce-limit-info') ?? '')?.[1]) - 1;
    },
    connector: new SalesforceConnector({ http, tokens, ...options }),
    connection,
    person: {
      create: async (object, fields) => (await control.addSalesforceRecords(org.orgId, types[object], [fields]))[0] ?? '',
      edit,
      delete: ({ object, id }) => control.deleteSalesforceRecord(org.orgId, types[object], id),
      associate: async (record, to) => {
        if (to.object === 'company') return edit(record, { AccountId: to.id });
        await control.addSalesforceRecords(org.orgId, 'OpportunityContactRole', [{ OpportunityId: record.id, ContactId: to.id }]);
      },
      mergeContacts: async (winner, loser) => {
        await control.mergeSalesforceContacts(org.orgId, winner, loser);
        return winner;
      },
      advance: (id) => edit({ object: 'deal', id }, { StageName: 'Negotiation/Review' }),
      closeAsWon: (id) => edit({ object: 'deal', id }, { StageName: 'Closed Won' }),
    },
    count: async (object: CrmObject) => (await control.salesforceRecords(org.orgId, types[object])).filter(({ IsDeleted }) => IsDeleted !== true).length,
    importContacts: () => control.addSalesforceRecords(org.orgId, 'Contact', Array.from({ length: 250 }, () => ({ LastName: 'Muster', Email: `${randomUUID()}@example.com` }))),
    refused: [
      { because: 'a name is too long', object: 'contact', fields: { FirstName: 'x'.repeat(41) }, field: 'FirstName' },
      { because: 'an address is none', object: 'contact', fields: { Email: 'nowhere' }, field: 'Email' },
      { because: 'a word is not in the list', object: 'company', fields: { Tier__c: 'Platinum' }, field: 'Tier__c' },
      { because: 'its owner is none', object: 'company', fields: { OwnerId: '005ak0000009999AAA' }, field: 'OwnerId' },
      { because: 'a field is not there', object: 'company', fields: { Removed_By_Admin__c: 'removed value' } },
      { because: 'a name is missing', object: 'deal', fields: { Name: null }, field: 'Name' },
      { because: 'a currency is not the organisation’s', object: 'deal', fields: { Amount: { amountMinor: 100, currency: 'CHF' } }, field: 'Amount' },
    ],
    unknownContactId: '003ak0000999999AAA',
    rateLimitKind: 'quota_exhausted',
    forgottenCursor: async () => JSON.stringify({ since: new Date(Date.now() - 15 * 86_400_000).toISOString() }),
    expireToken: () => control.addFault('salesforce', { kind: 'expire-token', account: org.orgId }),
    revoke: () => control.addFault('salesforce', { kind: 'revoke-token', account: org.orgId }),
    fail: (fault, times) => control.addFault('salesforce', { ...faults[fault], times }),
    clearFaults: () => control.clearFaults('salesforce'),
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}
