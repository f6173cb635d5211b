import { randomBytes, randomInt } from 'node:crypto';
import type { SandboxControl } from '@crossdock/sandbox';
import type { ReachableSystem } from '../running-system.ts';
import type { GatewayApi } from './gateway-api.ts';
import { until } from './until.ts';

/** A tenant with one account at each vendor of the journey, connected and set up. */
export interface DemoTenant {
  readonly tenantId: string;
  readonly portalId: number;
  readonly hubspotConnectionId: string;
  readonly shop: string;
  readonly shopConnectionId: string;
  readonly shippoAccount: string;
  readonly shippoConnectionId: string;
}

/** Creates the tenant and its vendor accounts, new ones each time, so that a journey never meets an older one's records. */
export async function createDemoTenant(system: ReachableSystem, gateway: GatewayApi, sandbox: SandboxControl): Promise<DemoTenant> {
  const suffix = randomBytes(4).toString('hex');
  const tenantId = await gateway.createTenant(`demo-${suffix}`, 'Demo');
  const { portalId, connectionId: hubspotConnectionId } = await connectHubSpot(system, gateway, sandbox, tenantId);
  const shop = `demo-${suffix}`;
  const shopConnectionId = await connectShop(gateway, sandbox, { tenantId, shop, hubspotConnectionId });
  const shippoAccount = `demo-${suffix}`;
  const shippoConnectionId = await connectShippo(system, gateway, sandbox, tenantId, shippoAccount);
  return { tenantId, portalId, hubspotConnectionId, shop, shopConnectionId, shippoAccount, shippoConnectionId };
}

async function connectHubSpot(
  system: ReachableSystem, gateway: GatewayApi, sandbox: SandboxControl, tenantId: string,
): Promise<{ portalId: number; connectionId: string }> {
  const settings = system.settingsOf('crm-hubspot');
  const portal = await sandbox.createHubSpotPortal({
    portalId: randomInt(10_000_000, 99_999_999),
    webhookTargetUrl: `${system.gatewayUrl}/webhooks/hubspot`,
    clientId: settings['HUBSPOT_CLIENT_ID'],
    clientSecret: settings['HUBSPOT_CLIENT_SECRET'],
  });
  const connectionId = await gateway.createConnection(tenantId, {
    vendor: 'hubspot',
    accountId: String(portal.portalId),
    credentials: { access_token: portal.accessToken, refresh_token: portal.refreshToken },
  });
  await until('HubSpot to have the property that the hub finds its deals by', async () => {
    const answer = await fetch(`${system.sandboxUrl}/hubspot/crm/v3/properties/deals/crossdock_external_id`, {
      headers: { authorization: `Bearer ${portal.accessToken}` },
    });
    return answer.ok;
  });
  return { portalId: portal.portalId, connectionId };
}

/** A shop whose orders go to an account of HubSpot's. @returns the connection's id. */
export async function connectShop(
  gateway: GatewayApi, sandbox: SandboxControl,
  { tenantId, shop, hubspotConnectionId }: { readonly tenantId: string; readonly shop: string; readonly hubspotConnectionId: string },
): Promise<string> {
  const created = await sandbox.createWooCommerceShop({ shop });
  const connectionId = await gateway.createConnection(tenantId, {
    vendor: 'woocommerce',
    accountId: created.siteUrl,
    settings: { shopName: `Shop ${shop}`, crmVendor: 'hubspot', crmConnectionId: hubspotConnectionId },
    credentials: { consumer_key: created.consumerKey, consumer_secret: created.consumerSecret },
  });
  await until('the shop to have webhooks that tell of its orders', async () =>
    (await sandbox.wooCommerceWebhooks(shop)).some(({ topic }) => topic === 'order.restored'));
  return connectionId;
}

async function connectShippo(
  system: ReachableSystem, gateway: GatewayApi, sandbox: SandboxControl, tenantId: string, account: string,
): Promise<string> {
  const { token } = await sandbox.createShippoAccount({ account });
  const webhookToken = randomBytes(24).toString('base64url');
  const connectionId = await gateway.createConnection(tenantId, {
    vendor: 'shippo', accountId: account, credentials: { api_token: token, webhook_token: webhookToken },
  });
  await post(`${system.sandboxUrl}/shippo/webhooks`, `ShippoToken ${token}`, {
    event: 'track_updated', is_test: true, url: `${system.gatewayUrl}/webhooks/shippo/${connectionId}?token=${webhookToken}`,
  });
  return connectionId;
}

/** What a tenant's administrator does in the vendor's own pages. */
async function post(url: string, authorization: string, body: unknown): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`POST ${new URL(url).pathname} was answered ${answer.status}: ${await answer.text()}`);
}
