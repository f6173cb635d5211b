import { randomBytes, randomInt } from 'node:crypto';
import type { SandboxControl } from '@crossdock/sandbox';
import type { GatewayApi } from '../../infra/journey/gateway-api.ts';
import { until } from '../../infra/journey/until.ts';
import type { RunningSystem } from '../../infra/running-system.ts';

/** A tenant with a shop, whose webhooks are signed with `secret`, and a HubSpot account that its orders go to. */
export interface JourneyTenant {
  readonly portalId: number;
  /** The shop's name in the sandbox. */
  readonly shop: string;
  readonly accessToken: string;
  readonly webhookUrl: string;
  readonly secret: string;
}

const concurrentTenants = 8;
/** HubSpot grants an app 110 calls in ten seconds and account. Here it grants so many that what the hub costs is measured, and not how long it waits for its turn. */
const noLimit = { max: 100_000, intervalMs: 10_000 };

export async function connectTenants(system: RunningSystem, gateway: GatewayApi, sandbox: SandboxControl, count: number): Promise<JourneyTenant[]> {
  const tenants: JourneyTenant[] = [];
  let begun = 0;
  await Promise.all(Array.from({ length: concurrentTenants }, async () => {
    while ((begun += 1) <= count) tenants.push(await connectTenant(system, gateway, sandbox));
  }));
  return tenants;
}

async function connectTenant(system: RunningSystem, gateway: GatewayApi, sandbox: SandboxControl): Promise<JourneyTenant> {
  const name = `bench-${randomBytes(6).toString('hex')}`;
  const tenantId = await gateway.createTenant(name, 'Benchmark');
  const settings = system.settingsOf('crm-hubspot');
  const portal = await sandbox.createHubSpotPortal({
    portalId: randomInt(10_000_000, 99_999_999), webhookTargetUrl: `${system.gatewayUrl}/webhooks/hubspot`,
    clientId: settings['HUBSPOT_CLIENT_ID'], clientSecret: settings['HUBSPOT_CLIENT_SECRET'],
    rateLimit: noLimit,
  });
  const crmConnectionId = await gateway.createConnection(tenantId, {
    vendor: 'hubspot', accountId: String(portal.portalId), credentials: { access_token: portal.accessToken, refresh_token: portal.refreshToken },
  });
  await until('HubSpot to have the property that the hub finds its deals by', async () => {
    const property = `${system.sandboxUrl}/hubspot/crm/v3/properties/deals/crossdock_external_id`;
    return (await fetch(property, { headers: { authorization: `Bearer ${portal.accessToken}` } })).ok;
  });
  const shop = await sandbox.createWooCommerceShop({ shop: name });
  const secret = randomBytes(24).toString('base64url');
  const shopConnectionId = await gateway.createConnection(tenantId, {
    vendor: 'woocommerce', accountId: shop.siteUrl, settings: { crmVendor: 'hubspot', crmConnectionId },
    credentials: { consumer_key: shop.consumerKey, consumer_secret: shop.consumerSecret, webhook_secret: secret },
  });
  return { portalId: portal.portalId, shop: name, accessToken: portal.accessToken, secret, webhookUrl: `${system.gatewayUrl}/webhooks/woocommerce/${shopConnectionId}` };
}
