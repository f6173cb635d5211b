import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { connectionsSchema } from '@crossdock/connections';
import { crmVendorSchema, orderReceived, type CrmVendor } from '@crossdock/contracts';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { EventPublisher } from '@crossdock/event-bus';
import { loadConfig, startService } from '@crossdock/service-kit';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { eventually } from '@crossdock/test-stack';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { ServiceFront } from '../../apps/gateway/src/connections/service-front.fixture.ts';
import { ordersDefinition } from '../../apps/orders/src/orders.definition.ts';
import { ordersSchema } from '../../apps/orders/src/orders.schema.ts';
import { agree, startBeside } from './connection-life.fixture.ts';
import { crmsWithOrders } from './crm-with-orders.fixture.ts';

const orderSchema = z.looseObject({ id: z.uuid(), status: z.string(), crmOrderId: z.string().optional(), crm: z.looseObject({ state: z.string() }) });
export type OrderAnswer = z.infer<typeof orderSchema>;
const timelineSchema = z.object({
  now: z.object({ status: z.string(), since: z.iso.datetime(), waitsFor: z.array(z.looseObject({ for: z.string(), since: z.iso.datetime() })) }),
  items: z.array(z.looseObject({ at: z.iso.datetime(), kind: z.string(), detail: z.record(z.string(), z.unknown()) })),
  nextCursor: z.string().optional(),
});

type Started = Awaited<ReturnType<typeof startBeside>>;

/** The gateway, orders, the services of all CRMs, and the stand-ins of shop and CRMs. */
export class OrdersAcross {
  private constructor(readonly gateway: ConnectingGateway, readonly orders: Started, private readonly stops: ReadonlyArray<() => Promise<void>>) {}

  static async start(): Promise<OrdersAcross> {
    const names = ['orders', ...crmVendorSchema.options.map((vendor) => `crm-${vendor}` as const)] as const;
    const fronts = await Promise.all(names.map(() => ServiceFront.start()));
    const addresses = Object.fromEntries(names.map((name, index) => [`${name.replace('-', '_').toUpperCase()}_URL`, fronts[index]?.url ?? '']));
    const gateway = await ConnectingGateway.start({ ...addresses, SHOP_POLL_SECONDS: '1', DEAL_POLL_SECONDS: '10' }, undefined, { isReachable: true });
    const scope = 'orders:read orders:write connections:read connections:write tenant:any';
    const tokens = new Map(await Promise.all(names.map(async (name) => [name as string, await gateway.issuer.sign({ claims: { aud: name, scope } })] as const)));
    gateway.issuer.tokenEndpoint = (form) => ({ status: 200, body: { access_token: tokens.get(form.get('audience') ?? ''), token_type: 'Bearer', expires_in: 600 } });
    const orders = await startBeside(gateway, 'orders', [ordersSchema, connectionsSchema], (environment, logger) =>
      startService(ordersDefinition, loadConfig(ordersDefinition.config, environment), logger));
    const crms: Started[] = [];
    for (const vendor of crmVendorSchema.options) crms.push(await startBeside(gateway, `crm-${vendor}`, crmServiceSchemas(`crm-${vendor}`), crmsWithOrders[vendor].start));
    for (const [index, service] of [orders, ...crms].entries()) fronts[index]?.leadTo(service);
    return new OrdersAcross(gateway, orders, [orders, ...crms, ...fronts, gateway].map((each) => () => each.stop()));
  }

  /** A tenant with a CRM account and a shop whose orders go there; nothing is kept in step. */
  async tenant(vendor: CrmVendor) {
    const { control } = this.gateway;
    const tenant = await this.gateway.tenant();
    const { account, consent, settings } = await crmsWithOrders[vendor].newAccount(this.gateway);
    await this.gateway.consenting(vendor, consent, () => agree(this.gateway, tenant, { vendor, ...(settings && { settings }) }));
    const crmConnectionId = String((await tenant.connections())[0]?.['id']);
    await eventually(`the ${vendor} account to be set up`, async () => {
      const { status, body } = await tenant.call('GET', `/v1/connections/${crmConnectionId}/set-up`);
      return status === 200 && z.looseObject({ job: z.looseObject({ state: z.string() }) }).parse(body).job.state === 'succeeded';
    });
    const shop = randomUUID();
    const { siteUrl, consumerKey, consumerSecret } = await control.createWooCommerceShop({ shop });
    const connected = await tenant.call('POST', '/v1/connections/authorizations', {
      vendor: 'woocommerce', settings: { shopUrl: siteUrl, shopName: `Paper of ${shop}`, crmVendor: vendor, crmConnectionId }, credentials: { consumer_key: consumerKey, consumer_secret: consumerSecret },
    });
    if (connected.status !== 201) throw new Error(`The shop was refused: ${JSON.stringify(connected.body)}`);
    await eventually('the shop to have webhooks', async () => (await control.wooCommerceWebhooks(shop)).some(({ topic }) => topic === 'order.restored'));
    return new TenantWithShop(this, tenant, { vendor, account, shop, crmConnectionId });
  }

  async stop(): Promise<void> {
    for (const stop of this.stops) await stop();
  }
}

/** A tenant's shop and CRM account, and what the gateway says of its orders. */
export class TenantWithShop {
  constructor(
    readonly world: OrdersAcross, readonly tenant: Awaited<ReturnType<ConnectingGateway['tenant']>>,
    readonly ids: { readonly vendor: CrmVendor; readonly account: string; readonly shop: string; readonly crmConnectionId: string },
  ) {}

  /** A customer buys. @returns the order, once it has its deal. */
  async buy(status = 'processing'): Promise<OrderAnswer & { crmOrderId: string; externalId: string }> {
    const { id } = await this.world.gateway.control.placeWooCommerceOrder(this.ids.shop, {
      status, billing: { email: `${randomUUID()}@example.com`, first_name: 'Ada', last_name: 'Lovelace' }, line_items: [{ name: 'Notebook', quantity: 1, total: '12.50' }],
    });
    return eventually('the order to have its deal', async () => {
      const order = await this.find(String(id));
      return order?.crmOrderId !== undefined && order.crm.state === 'in_step' && { ...order, crmOrderId: order.crmOrderId, externalId: String(id) };
    });
  }

  /** A person at the CRM sets where the order of a deal stands. */
  async setOrderStatus(dealId: string, status: string): Promise<void> {
    const { vendor, account } = this.ids;
    await crmsWithOrders[vendor].setOrderStatus(this.world.gateway.control, account, dealId, status);
  }

  /** The shop tells that an order was deleted, by its id alone. */
  async hearDeletion(externalId: string): Promise<void> {
    const connectionId = String((await this.tenant.connections()).find((connection) => connection['vendor'] === 'woocommerce')?.['id']);
    const { app } = this.world.gateway.service;
    await tenantContext.run({ tenantId: this.tenant.id, correlationId: randomUUID() }, () => app.get(TenantDatabase).transaction(this.tenant.id, (manager) =>
      app.get(EventPublisher).publish(manager, orderReceived, {
        subject: `woocommerce/${connectionId}/order/${externalId}`,
        data: { vendor: 'woocommerce', connectionId, change: 'deleted', externalId, receivedAt: new Date().toISOString(), payload: { id: Number(externalId) } },
      })));
  }

  async find(externalId: string): Promise<OrderAnswer | undefined> {
    return z.object({ items: z.array(orderSchema) }).parse(await this.#get(`/v1/orders?externalId=${externalId}`)).items[0];
  }

  /** On a busy machine the gateway may have waited in vain for the service behind it; then it is asked again. */
  async #get(path: string): Promise<unknown> {
    const { status, body } = await eventually('the gateway to answer', async () => {
      const answer = await this.tenant.call('GET', path);
      return answer.status !== 503 && answer.status !== 504 && answer;
    });
    if (status !== 200) throw new Error(`The gateway answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  async comesTo(externalId: string, status: string): Promise<OrderAnswer> {
    return eventually(`the order to be ${status}`, async () => {
      const order = await this.find(externalId);
      return order?.status === status && order;
    });
  }

  /** Where the order stands in the shop itself. */
  async shopStatus(externalId: string): Promise<string | undefined> {
    const orders = await this.world.gateway.control.wooCommerceOrders(this.ids.shop);
    return orders.find(({ id }) => String(id) === externalId)?.status;
  }

  async timeline(orderId: string, { limit = 200, cursor }: { readonly limit?: number; readonly cursor?: string | undefined } = {}) {
    return timelineSchema.parse(await this.#get(`/v1/orders/${orderId}/timeline?limit=${limit}${cursor === undefined ? '' : `&cursor=${cursor}`}`));
  }
}
