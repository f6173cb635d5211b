import { z } from 'zod';
import { connectionsSchema } from '@crossdock/connections';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { eventually } from '@crossdock/test-stack';
import type { DataSource } from 'typeorm';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { ServiceFront } from '../../apps/gateway/src/connections/service-front.fixture.ts';
import { ordersDefinition } from '../../apps/orders/src/orders.definition.ts';
import { ordersSchema } from '../../apps/orders/src/orders.schema.ts';
import { servicesBetween } from './between-crms.fixture.ts';
import { agree, startBeside } from './connection-life.fixture.ts';
import { HubSpotSide } from './hubspot-side.fixture.ts';

const moneySchema = z.object({ amountMinor: z.int(), currency: z.string() });
const orderSchema = z.looseObject({
  id: z.uuid(), externalId: z.string(), status: z.string(), crmOrderId: z.string().optional(), deletedAt: z.string().optional(), crm: z.looseObject({ state: z.string() }),
  order: z.looseObject({ total: moneySchema, refunds: z.array(z.looseObject({ amount: moneySchema })).optional() }),
});
type OrderAtGateway = z.infer<typeof orderSchema>;

type Tenant = Awaited<ReturnType<ConnectingGateway['tenant']>>;
let shopsMade = 0;

/** The gateway, orders and the service of HubSpot, before the stand-ins of a shop and of HubSpot that tell of their changes by webhook. */
export class ShopToCrm {
  private constructor(readonly gateway: ConnectingGateway, readonly admin: DataSource, private readonly stops: ReadonlyArray<() => Promise<void>>) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<ShopToCrm> {
    const [orders, hubSpot] = await Promise.all([ServiceFront.start(), ServiceFront.start()]);
    const gateway = await ConnectingGateway.start({ ORDERS_URL: orders.url, CRM_HUBSPOT_URL: hubSpot.url, SHOP_POLL_SECONDS: '1', ...settings }, undefined, { isReachable: true });
    const tokens = new Map<string, string>();
    for (const aud of ['orders', 'crm-hubspot']) {
      tokens.set(aud, await gateway.issuer.sign({ claims: { aud, scope: 'orders:read orders:write connections:read connections:write jobs:read jobs:write tenant:any' } }));
    }
    gateway.issuer.tokenEndpoint = (form) => ({ status: 200, body: { access_token: tokens.get(form.get('audience') ?? ''), token_type: 'Bearer', expires_in: 600 } });
    const { schemas, start } = servicesBetween['crm-hubspot'];
    const services: RunningService[] = [
      await startBeside(gateway, 'orders', [ordersSchema, connectionsSchema], (environment, logger) =>
        startService(ordersDefinition, loadConfig(ordersDefinition.config, environment), logger)),
      await startBeside(gateway, 'crm-hubspot', schemas, start),
    ];
    const [ordersService, hubSpotService] = services;
    if (ordersService) orders.leadTo(ordersService);
    if (hubSpotService) hubSpot.leadTo(hubSpotService);
    const admin = await gateway.database.connectAsAdmin('orders');
    return new ShopToCrm(gateway, admin, [...services, orders, hubSpot, gateway].map((each) => () => each.stop()));
  }

  /** A tenant with a shop whose orders go to a HubSpot portal; both have been set up. */
  async tenant(): Promise<ShopTenant> {
    const { control, app, environment } = this.gateway;
    const tenant = await this.gateway.tenant();
    const portal = await control.createHubSpotPortal({ ...app, webhookTargetUrl: `${environment['PUBLIC_URL'] ?? ''}/webhooks/hubspot`, searchDelayMs: 0 });
    await control.setConsent('hubspot', { account: String(portal.portalId) });
    await agree(this.gateway, tenant, { vendor: 'hubspot' });
    const crmConnectionId = await this.#connectionOf(tenant, 'hubspot');
    await eventually('the HubSpot account to be set up', async () => {
      const { status, body } = await tenant.call('GET', `/v1/connections/${crmConnectionId}/set-up`);
      return status === 200 && z.looseObject({ job: z.looseObject({ state: z.string() }) }).parse(body).job.state === 'succeeded';
    });
    const shop = `shop-${(shopsMade += 1)}`;
    const { siteUrl, consumerKey, consumerSecret } = await control.createWooCommerceShop({ shop, ownStatuses: ['shipped'] });
    const { status, body } = await tenant.call('POST', '/v1/connections/authorizations', {
      vendor: 'woocommerce', settings: { shopUrl: siteUrl, crmVendor: 'hubspot', crmConnectionId }, credentials: { consumer_key: consumerKey, consumer_secret: consumerSecret },
    });
    if (status >= 300) throw new Error(`The shop was not connected: ${JSON.stringify(body)}`);
    const connectionId = await this.#connectionOf(tenant, 'woocommerce');
    await eventually('the shop to tell of its orders', async () => (await control.wooCommerceWebhooks(shop)).length === 4);
    return new ShopTenant(tenant, shop, connectionId, new HubSpotSide(control, portal.portalId, crmConnectionId));
  }

  async #connectionOf(tenant: Tenant, vendor: string): Promise<string> {
    return String((await tenant.connections()).find((connection) => connection['vendor'] === vendor)?.['id']);
  }

  async stop(): Promise<void> {
    for (const stop of this.stops) await stop();
  }
}

/** A tenant with a shop and a HubSpot portal, at the gateway's routes. */
export class ShopTenant {
  constructor(readonly tenant: Tenant, readonly shop: string, readonly connectionId: string, readonly hubSpot: HubSpotSide) {}

  /** A customer buys one thing. @returns the shop's id of the order */
  async buy(total: string, email = 'ada@example.com'): Promise<number> {
    const { id } = await this.hubSpot.control.placeWooCommerceOrder(this.shop, {
      status: 'processing', billing: { email, first_name: 'Ada', country: 'GB' }, line_items: [{ name: 'Notebook', quantity: 1, total }],
    });
    return id;
  }

  /** The order as the gateway shows it; undefined where it shows none, or the orders service does not answer in time. */
  async order(externalId: number): Promise<OrderAtGateway | undefined> {
    const { status, body } = await this.tenant.call('GET', `/v1/orders?externalId=${externalId}&connectionId=${this.connectionId}`);
    return status === 503 ? undefined : z.looseObject({ items: z.array(orderSchema) }).parse(body).items[0];
  }

  /** The order once the CRM knows all of it. */
  inStep(externalId: number): Promise<OrderAtGateway & { crmOrderId: string }> {
    return eventually(`order ${externalId} to be in step with the CRM`, async () => {
      const order = await this.order(externalId);
      return order?.crmOrderId !== undefined && order.crm.state === 'in_step' && { ...order, crmOrderId: order.crmOrderId };
    }, 60_000).catch(async (cause: unknown) => {
      const order = await this.order(externalId);
      const timeline = order && (await this.tenant.call('GET', `/v1/orders/${order.id}/timeline?limit=200`)).body;
      throw new Error(`Order ${externalId} did not come to be in step: ${JSON.stringify({ order, timeline })}`, { cause });
    });
  }

  async deals() {
    return this.hubSpot.records('deal');
  }
}
