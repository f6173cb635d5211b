import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { describeCrmConnector, type ConformanceWorld } from '@crossdock/crm-connector/conformance';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type FaultInput } from '@crossdock/sandbox';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { SalesforceConnector } from './salesforce.connector.ts';
import { SalesforceAuthorisation } from './salesforce.authorisation.ts';

const faults = {
  rate_limit: { kind: 'rate-limit' },
  down: { kind: 'status', status: 503 },
  unknown_field: {
    kind: 'status', status: 400, pathPattern: '^PATCH',
    body: [{ errorCode: 'INVALID_FIELD', message: "No such column 'MailingCountry' on sobject of type Contact" }],
  },
} satisfies Record<string, FaultInput>;

const types = { contact: 'Contact', deal: 'Opportunity' } as const;

async function buildWorld(): Promise<ConformanceWorld> {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const org = await control.createSalesforceOrg({ rotateRefreshTokens: true });
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
  return {
    connector: new SalesforceConnector({ http, tokens }),
    connection,
    refusedEmail: `${'a'.repeat(70)}@example.com`,
    unknownContactId: '003ak0000999999AAA',
    unknownDealId: '006ak0000999999AAA',
    rateLimitKind: 'quota_exhausted',
    count: async (object) => (await control.salesforceRecords(org.orgId, types[object])).length,
    closeAsWon: async (id) => { await control.editSalesforceRecord(org.orgId, 'Opportunity', id, { StageName: 'Closed Won' }); },
    expireToken: () => control.addFault('salesforce', { kind: 'expire-token', account: org.orgId }),
    fail: (fault, times) => control.addFault('salesforce', { ...faults[fault], times }),
    clearFaults: () => control.clearFaults('salesforce'),
    revoke: () => control.addFault('salesforce', { kind: 'revoke-token', account: org.orgId }),
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}

describeCrmConnector('Salesforce', buildWorld);
