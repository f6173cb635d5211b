import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { Failure, type CrmVendor } from '@crossdock/contracts';
import type { RecordConnector } from '@crossdock/crm-connector';
import type { OutboundHttp } from '@crossdock/outbound-http';
import type { SandboxControl } from '@crossdock/sandbox';
import { DynamicsConnector } from '@crossdock/vendor-dynamics';
import { HubSpotConnector } from '@crossdock/vendor-hubspot';
import { PipedriveConnector } from '@crossdock/vendor-pipedrive';
import { SalesforceConnector } from '@crossdock/vendor-salesforce';
import { ZohoConnector } from '@crossdock/vendor-zoho';

/** An empty account of a vendor, set up, with nothing between it and the bench but the connector. */
export interface VendorAccount {
  readonly connector: RecordConnector;
  readonly connection: Connection;
}

const setUpDeadlineMs = 60_000;

/** Makes an account at each vendor's stand-in; tokens are given for the run and last longer than it. */
export const vendorAccounts: Readonly<Record<CrmVendor, (http: OutboundHttp, control: SandboxControl, sandboxUrl: string) => Promise<VendorAccount>>> = {
  hubspot: async (http, control, sandboxUrl) => {
    const portal = await control.createHubSpotPortal();
    const client = { hubspotApiUrl: `${sandboxUrl}/hubspot`, hubspotAppUrl: `${sandboxUrl}/hubspot`, hubspotClientId: portal.clientId, hubspotClientSecret: portal.clientSecret };
    return await setUp(new HubSpotConnector({ http, tokens: tokensOf(portal.accessToken), client }), connectionTo('hubspot', String(portal.portalId)));
  },
  salesforce: async (http, control) => {
    const org = await control.createSalesforceOrg();
    return {
      connector: new SalesforceConnector({ http, tokens: tokensOf(org.accessToken) }),
      connection: connectionTo('salesforce', org.orgId, { endpoint: org.instanceUrl, settings: { companyCurrency: 'EUR' } }),
    };
  },
  pipedrive: async (http, control) => {
    const company = await control.createPipedriveCompany();
    return await setUp(
      new PipedriveConnector({ http, tokens: tokensOf(company.accessToken) }), connectionTo('pipedrive', String(company.companyId), { endpoint: company.apiDomain }));
  },
  zoho: async (http, control) => {
    const org = await control.createZohoOrg({ location: 'eu' });
    const settings = { location: 'eu', apiDomain: org.apiUrl, companyCurrency: 'EUR' };
    return await setUp(new ZohoConnector({ http, tokens: tokensOf(org.accessToken) }), connectionTo('zoho', org.orgId, { settings }));
  },
  dynamics: async (http, control) => {
    const environment = await control.createDynamicsEnvironment();
    return await setUp(
      new DynamicsConnector({ http, tokens: tokensOf(environment.accessToken) }), connectionTo('dynamics', environment.orgId, { endpoint: environment.environmentUrl }));
  },
};

interface PreparedConnector extends RecordConnector {
  setUp(connection: Connection, signal: AbortSignal): Promise<unknown>;
}

async function setUp(connector: PreparedConnector, connection: Connection): Promise<VendorAccount> {
  await connector.setUp(connection, AbortSignal.timeout(setUpDeadlineMs));
  return { connector, connection };
}

function connectionTo(vendor: CrmVendor, accountId: string, more: Partial<Pick<Connection, 'endpoint' | 'settings'>> = {}): Connection {
  return { id: randomUUID(), tenantId: randomUUID(), vendor, accountId, settings: {}, state: 'healthy', stateSince: new Date(), ...more };
}

function tokensOf(accessToken: string): { get: () => Promise<string>; refreshAfter401: () => Promise<string> } {
  return {
    get: async () => accessToken,
    refreshAfter401: async () => {
      throw new Failure('unauthorised', 'The stand-in refuses a token that it gave for this run.');
    },
  };
}
