import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { describeCrmConnector, type ConformanceWorld } from '@crossdock/crm-connector/conformance';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type FaultInput } from '@crossdock/sandbox';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { HubSpotConnector } from './hubspot.connector.ts';
import { HubSpotAuthorisation } from './hubspot.authorisation.ts';

const faults = {
  rate_limit: { kind: 'rate-limit' },
  down: { kind: 'status', status: 503 },
  unknown_field: {
    kind: 'status', status: 400, pathPattern: 'batch/upsert',
    body: {
      status: 'error', category: 'VALIDATION_ERROR',
      message: 'Property values were not valid: [{"isValid":false,"message":"Property \\"phone\\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"phone"}]',
    },
  },
} satisfies Record<string, FaultInput>;

async function buildWorld(): Promise<ConformanceWorld> {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const portal = await control.createHubSpotPortal();
  const apiUrl = `${sandbox.url}/hubspot`;
  const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
  const app = { hubspotApiUrl: apiUrl, hubspotAppUrl: apiUrl, hubspotClientId: portal.clientId, hubspotClientSecret: portal.clientSecret };
  const authorisation = new HubSpotAuthorisation(http, app);
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'hubspot', accountId: String(portal.portalId), settings: {}, state: 'healthy', stateSince: new Date(),
  };
  let { accessToken, refreshToken } = portal;
  const tokens = {
    get: async () => accessToken,
    refreshAfter401: async () => {
      const renewed = await authorisation.refresh(connection, refreshToken, AbortSignal.timeout(60_000));
      refreshToken = renewed.refreshToken ?? refreshToken;
      accessToken = renewed.accessToken;
      return accessToken;
    },
  };
  const account = String(portal.portalId);
  return {
    connector: new HubSpotConnector({ http, tokens, client: app }),
    connection,
    refusedEmail: 'no address',
    unknownContactId: '999999999',
    unknownDealId: '999999998',
    rateLimitKind: 'rate_limited',
    count: async (object) => (await control.hubSpotRecords(portal.portalId, `${object}s`)).length,
    closeAsWon: async (id) => { await control.editHubSpotRecord(portal.portalId, 'deals', id, { properties: { dealstage: 'closedwon' } }); },
    expireToken: () => control.addFault('hubspot', { kind: 'expire-token', account }),
    fail: (fault, times) => control.addFault('hubspot', { ...faults[fault], times }),
    clearFaults: () => control.clearFaults('hubspot'),
    revoke: async () => {
      await control.addFault('hubspot', { kind: 'revoke-token', account });
      await control.addFault('hubspot', { kind: 'expire-token', account });
    },
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}

describeCrmConnector('HubSpot', buildWorld);
