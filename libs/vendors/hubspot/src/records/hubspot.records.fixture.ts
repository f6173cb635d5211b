import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox } from '@crossdock/sandbox';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { HubSpotAuthorisation } from '../hubspot.authorisation.ts';
import { HubSpotConnector } from '../hubspot.connector.ts';

/** A HubSpot account that has been set up, and the connector in front of it. */
export interface HubSpotBench {
  readonly control: SandboxControl;
  readonly portalId: number;
  readonly connection: Connection;
  readonly connector: HubSpotConnector;
  /** The same connector with another clock. */
  readonly at: (now: () => number) => HubSpotConnector;
  /** Calls to HubSpot by their operations, since the last time this was asked. */
  readonly calls: () => Record<string, number>;
  readonly stop: () => Promise<void>;
}

/**
 * @param searchDelayMs how long search does not know of a change
 * @param hasRenewals whether the account has a second pipeline
 */
export async function hubSpotBench({ searchDelayMs = 0, hasRenewals = false }: { readonly searchDelayMs?: number; readonly hasRenewals?: boolean } = {}): Promise<HubSpotBench> {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const portal = await control.createHubSpotPortal({ searchDelayMs, hasRenewals });
  const apiUrl = `${sandbox.url}/hubspot`;
  let calls: Record<string, number> = {};
  const http = new OutboundHttp({
    metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true,
    recorder: {
      record: ({ operation }) => {
        calls[operation] = (calls[operation] ?? 0) + 1;
      },
    },
  });
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
  const options = { http, tokens, client: app };
  const connector = new HubSpotConnector(options);
  await connector.setUp(connection, AbortSignal.timeout(60_000));
  calls = {};
  return {
    control, connection, portalId: portal.portalId,
    connector,
    at: (now) => new HubSpotConnector({ ...options, now }),
    calls: () => {
      const counted = calls;
      calls = {};
      return counted;
    },
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}
