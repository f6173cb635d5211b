import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { SandboxControl } from '@crossdock/sandbox';
import type { GatewayApi } from '../../infra/journey/gateway-api.ts';
import { until } from '../../infra/journey/until.ts';
import type { Repeatable } from '../sender.ts';

/** A shop that is connected to the hub, with the portal of the CRM that its orders go to. */
export interface Shop {
  readonly tenantId: string;
  readonly connectionId: string;
  readonly portalId: number;
  readonly webhookSecret: string;
}

/** One state of an order as the shop tells it. */
export interface OrderState {
  readonly orderNumber: number;
  /** 1, 2, 3, …: each state is a second newer than the one before it and costs a dollar more. */
  readonly revision: number;
}

export interface ShopPlan {
  readonly count: number;
  readonly gateway: GatewayApi;
  readonly sandboxUrl: string;
  /** What the CRM service is configured with. */
  readonly settings: Readonly<Record<string, string>>;
}

const FIRST_MODIFIED_MS = Date.UTC(2026, 0, 1);
const FIRST_TOTAL = 20;

/** Makes tenants with an account each at HubSpot and WooCommerce, and connects them through the gateway. */
export async function connectShops({ count, gateway, sandboxUrl, settings }: ShopPlan): Promise<Shop[]> {
  const sandbox = new SandboxControl(sandboxUrl);
  return await Promise.all(Array.from({ length: count }, async () => {
    const name = `crash-${randomBytes(4).toString('hex')}`;
    const tenantId = await gateway.createTenant(name, 'Crash test');
    const portal = await sandbox.createHubSpotPortal({
      portalId: randomInt(10_000_000, 99_999_999), clientId: settings['HUBSPOT_CLIENT_ID'], clientSecret: settings['HUBSPOT_CLIENT_SECRET'],
    });
    const crmConnectionId = await gateway.createConnection(tenantId, {
      vendor: 'hubspot', accountId: String(portal.portalId), credentials: { access_token: portal.accessToken, refresh_token: portal.refreshToken },
    });
    const created = await sandbox.createWooCommerceShop({ shop: name });
    const webhookSecret = randomBytes(24).toString('base64url');
    const connectionId = await gateway.createConnection(tenantId, {
      vendor: 'woocommerce', accountId: created.siteUrl, settings: { crmVendor: 'hubspot', crmConnectionId },
      credentials: { consumer_key: created.consumerKey, consumer_secret: created.consumerSecret, webhook_secret: webhookSecret },
    });
    await until('HubSpot to have the property that the hub finds its deals by', async () => (await fetch(
      `${sandboxUrl}/hubspot/crm/v3/properties/deals/crossdock_external_id`, { headers: { authorization: `Bearer ${portal.accessToken}` } })).ok);
    return { tenantId, connectionId, portalId: portal.portalId, webhookSecret };
  }));
}

/** The webhook by which the shop tells of an order's state, signed as WooCommerce signs: the same state gives the same bytes. */
export function webhookOf({ connectionId, webhookSecret }: Shop, { orderNumber, revision }: OrderState): Repeatable {
  const modified = new Date(FIRST_MODIFIED_MS + revision * 1_000).toISOString().slice(0, 19);
  const total = totalOf(revision);
  const body = JSON.stringify({
    id: orderNumber, number: String(orderNumber), status: 'processing', currency: 'USD', total,
    date_created_gmt: new Date(FIRST_MODIFIED_MS).toISOString().slice(0, 19), date_modified_gmt: modified,
    billing: { first_name: 'Jordan', last_name: 'Rivera', email: emailOf(orderNumber), phone: '', company: '', country: 'US' },
    line_items: [{ id: 1, name: 'Cold brew kit', sku: 'kit', quantity: 1, total }],
  });
  return {
    path: `/webhooks/woocommerce/${connectionId}`,
    body,
    headers: {
      'x-wc-webhook-topic': revision === 1 ? 'order.created' : 'order.updated',
      'x-wc-webhook-delivery-id': `${orderNumber}-${revision}`,
      'x-wc-webhook-signature': createHmac('sha256', webhookSecret).update(body).digest('base64'),
    },
  };
}

/** The total of an order at a revision, as a decimal. */
export function totalOf(revision: number): string {
  return `${FIRST_TOTAL + revision}.50`;
}

/** Which revision a modification time stands for. */
export function revisionAt(modifiedAt: string): number {
  return (Date.parse(modifiedAt) - FIRST_MODIFIED_MS) / 1_000;
}

/** Each order has a buyer of its own. */
export function emailOf(orderNumber: number): string {
  return `buyer-${orderNumber}@example.com`;
}
