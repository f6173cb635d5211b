import { Client } from '@hubspot/api-client';
import type { HubSpotPortalCreated } from '../control/hubspot-control.schema.ts';
import type { SandboxControl } from '../control/sandbox-control.ts';
import { startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';

export const redirectUri = 'https://app.example/back';

export interface HubSpotBench extends SandboxBench {
  url: string;
  clientFor(accessToken: string): Client;
  /** A new portal and the official client that is at home in it; search knows everything at once unless told otherwise. */
  portalWithClient(
    options?: Parameters<SandboxControl['createHubSpotPortal']>[0],
  ): Promise<{ portal: HubSpotPortalCreated; hubspot: Client }>;
  /** The authorization page's address for the portal's app, with the state `s-1`. */
  authorizationUrl(portal: HubSpotPortalCreated, more?: Record<string, string>): string;
  /** A person answers the page as the sandbox was told to: where the browser is sent back to. */
  approve(portal: HubSpotPortalCreated, more?: Record<string, string>): Promise<URL>;
}

/** A sandbox in which a day of retries takes a tenth of a second, and somebody who listens. */
export async function hubSpotBench(): Promise<HubSpotBench> {
  const bench = await startSandboxBench({ clockFactor: 1_000_000, answer: 204 });
  const { control, sandboxUrl } = bench;
  const clientFor = (accessToken: string): Client =>
    new Client({ basePath: `${sandboxUrl}/hubspot`, accessToken, numberOfApiCallRetries: 0 });
  const authorizationUrl = (portal: HubSpotPortalCreated, more: Record<string, string> = {}): string => {
    const asked = { client_id: portal.clientId, redirect_uri: redirectUri, scope: 'crm.objects.deals.read', state: 's-1', ...more };
    return `${sandboxUrl}/hubspot/oauth/authorize?${new URLSearchParams(asked).toString()}`;
  };
  return {
    ...bench,
    url: `${sandboxUrl}/hubspot`,
    authorizationUrl,
    approve: async (portal, more) => await control.openAuthorizationPage(authorizationUrl(portal, more)),
    clientFor,
    portalWithClient: async (options = {}) => {
      const portal = await control.createHubSpotPortal({ searchDelayMs: 0, ...options });
      return { portal, hubspot: clientFor(portal.accessToken) };
    },
  };
}

/** What a refused call of the client was answered; fails when it was not refused. */
export async function refusalOf(call: Promise<unknown>): Promise<{ code: unknown; body: Record<string, unknown> }> {
  try {
    await call;
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && 'body' in error) {
      const body: unknown = typeof error.body === 'string' ? JSON.parse(error.body) : error.body;
      return { code: error.code, body: Object.fromEntries(Object.entries(body ?? {})) };
    }
    throw error;
  }
  throw new Error('The call was not refused.');
}
