import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox, type Sandbox } from '@crossdock/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { HubSpotAuthorisation } from './hubspot.authorisation.ts';

const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
const connection: Connection = {
  id: randomUUID(), tenantId: randomUUID(), vendor: 'hubspot', accountId: '1', settings: {}, state: 'healthy', stateSince: new Date(),
};

const signal = AbortSignal.timeout(60_000);

let sandbox: Sandbox;
let control: SandboxControl;
let account: Awaited<ReturnType<SandboxControl['createHubSpotPortal']>>;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
  account = await control.createHubSpotPortal();
});
afterAll(async () => {
  await http.close();
  await sandbox.stop();
});

function authorisation(clientSecret = account.clientSecret): HubSpotAuthorisation {
  return new HubSpotAuthorisation(http, {
    hubspotApiUrl: `${sandbox.url}/hubspot`, hubspotAppUrl: `${sandbox.url}/hubspot`, hubspotClientId: account.clientId, hubspotClientSecret: clientSecret,
  });
}

describe('renewing an access token of HubSpot', () => {
  it('gives another token', async () => {
    const renewed = await authorisation().refresh(connection, account.refreshToken, signal);
    expect(renewed.accessToken).not.toBe(account.accessToken);
    expect(renewed.expiresInSeconds).toBe(1_800);
  });

  it('asks for a person only where the refresh token itself is refused', async () => {
    await expect(authorisation().refresh(connection, 'no-such-token', signal)).rejects.toMatchObject({ kind: 'unauthorised' });
  });

  it('takes a wrong client secret for a fault of this installation, not of the tenant', async () => {
    await expect(authorisation('wrong').refresh(connection, account.refreshToken, signal)).rejects.toMatchObject({ kind: 'unexpected' });
  });

  it('takes an outage for something that passes', async () => {
    await control.addFault('hubspot', { kind: 'status', status: 503 });
    await expect(authorisation().refresh(connection, account.refreshToken, signal)).rejects.toMatchObject({ kind: 'transient' });
  });
});
