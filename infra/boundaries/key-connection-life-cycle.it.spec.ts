import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectionsSchema } from '@crossdock/connections';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { tenantContext } from '@crossdock/tenancy';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { ordersDefinition } from '../../apps/orders/src/orders.definition.ts';
import { ordersSchema } from '../../apps/orders/src/orders.schema.ts';
import { ShipmentService } from '../../apps/shipping/src/shipments/shipment.service.ts';
import { shippingDefinition } from '../../apps/shipping/src/shipping.definition.ts';
import { shippingSchema } from '../../apps/shipping/src/shipping.schema.ts';
import { agree, liveThrough, startBeside, type LivingAccount } from './connection-life.fixture.ts';

type Tenant = Awaited<ReturnType<ConnectingGateway['tenant']>>;
const address = { name: 'Ada Lovelace', street1: '1 Main Street', city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US' };

let world: ConnectingGateway;
let shipping: RunningService;
let orders: RunningService;

beforeAll(async () => {
  // A purchase whose answer was lost is looked up well before the test's patience ends.
  world = await ConnectingGateway.start({ CONNECTION_PROBE_SECONDS: '5', SHOP_POLL_SECONDS: '1', PURCHASE_SETTLE_SECONDS: '20' }, undefined, { isReachable: true });
  shipping = await startBeside(world, 'shipping', [shippingSchema, connectionsSchema], (environment, logger) =>
    startService(shippingDefinition, loadConfig(shippingDefinition.config, environment), logger));
  orders = await startBeside(world, 'orders', [ordersSchema, connectionsSchema], (environment, logger) =>
    startService(ordersDefinition, loadConfig(ordersDefinition.config, environment), logger));
});

afterAll(async () => {
  await Promise.all([shipping.stop(), orders.stop()]);
  await world.stop();
});

/** Hands other keys in, by which the connection goes on. */
async function exchange(tenant: Tenant, connectionId: string, credentials: Record<string, string>): Promise<void> {
  expect((await tenant.call('PUT', `/v1/connections/${connectionId}/secrets`, { credentials })).status).toBe(200);
}

/** Connects by keys, or again. */
async function handIn(tenant: Tenant, body: Record<string, unknown>, credentials: Record<string, string>, connectionId?: string): Promise<void> {
  const answer = connectionId === undefined
    ? await tenant.call('POST', '/v1/connections/authorizations', { ...body, credentials })
    : await tenant.call('POST', `/v1/connections/${connectionId}/reconnect`, { credentials });
  expect(answer.status).toBe(201);
}

/** Work for Shippo is a label that is bought. */
function labels(tenant: Tenant): Pick<LivingAccount, 'ask' | 'areDone'> {
  const inTenant = <Result>(work: () => Promise<Result>): Promise<Result> => tenantContext.run({ tenantId: tenant.id, correlationId: randomUUID() }, work);
  const shipments = shipping.app.get(ShipmentService);
  return {
    ask: (connectionId) => inTenant(async () => (await shipments.request(randomUUID(), {
      connectionId, from: address, to: { ...address, name: 'Grace Hopper' }, parcel: { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 },
    })).id),
    areDone: async (asked) => {
      const statuses = await Promise.all(asked.map((id) => inTenant(async () => (await shipments.read(id)).status)));
      expect(statuses.filter((status) => status !== 'requested' && status !== 'label_purchased')).toEqual([]);
      return statuses.every((status) => status === 'label_purchased');
    },
  };
}

/** Work for a shop is an order that is found there. */
function purchases(tenant: Tenant, shop: string): Pick<LivingAccount, 'ask' | 'areDone'> {
  return {
    ask: async () => String((await world.control.placeWooCommerceOrder(shop, {
      status: 'processing', billing: { email: 'ada@example.com' }, line_items: [{ name: 'Notebook', quantity: 1, total: '12.50' }],
    })).id),
    areDone: async (asked) => {
      const known = await world.admin.query<unknown[]>('SELECT 1 FROM orders.customer_order WHERE tenant_id = $1 AND external_id = ANY($2)', [tenant.id, asked]);
      return known.length === asked.length;
    },
  };
}

describe('the life of a Shippo connection', () => {
  const life = { vendor: 'shippo', rounds: 4, askedPerRound: 4, revocation: 'not_offered' } as const;

  it('by OAuth goes on through another consent under load, a revocation and a new consent, and loses no work', async () => {
    const [tenant, { account }] = [await world.tenant(), await world.control.createShippoAccount({ ...world.app, mode: 'live' })];
    await world.control.setConsent('shippo', { account });
    await liveThrough(tenant, life, {
      ...labels(tenant),
      connect: (connectionId) => agree(world, tenant, { vendor: 'shippo' }, connectionId),
      // A token of Shippo's does not run out: what wears it out is a person who connects anew.
      wearOut: (connectionId) => agree(world, tenant, { vendor: 'shippo' }, connectionId),
      revoke: () => world.control.addFault('shippo', { kind: 'revoke-token', account }),
    });
  }, 240_000);

  it('by an API token goes on through tokens that are exchanged under load, a revocation and a new token, and loses no work', async () => {
    const [tenant, { account, token }] = [await world.tenant(), await world.control.createShippoAccount({ mode: 'live' })];
    let inUse = token;
    await liveThrough(tenant, life, {
      ...labels(tenant),
      connect: async (connectionId) => {
        if (connectionId !== undefined) inUse = await world.control.makeShippoToken(account);
        await handIn(tenant, { vendor: 'shippo' }, { api_token: inUse }, connectionId);
      },
      wearOut: async (connectionId) => {
        const next = await world.control.makeShippoToken(account);
        await exchange(tenant, connectionId, { api_token: next });
        await world.control.removeShippoToken(account, inUse);
        inUse = next;
      },
      revoke: () => world.control.addFault('shippo', { kind: 'revoke-token', account }),
    });
  }, 240_000);
});

describe('the life of a WooCommerce connection', () => {
  // Its webhooks, which the hub registers there, go on telling while its keys are refused.
  const life = { vendor: 'woocommerce', rounds: 4, askedPerRound: 10, revocation: 'not_offered', isToldWithoutKeys: true } as const;
  const revoke = (account: string) => world.control.addFault('woocommerce', { kind: 'revoke-token', account });

  it('by keys that were approved goes on through another approval under load, a revocation and a new approval, and loses no work', async () => {
    const shop = `approved-${randomUUID()}`;
    const [tenant, { siteUrl }] = [await world.tenant(), await world.control.createWooCommerceShop({ shop })];
    const connect = (connectionId?: string) => agree(world, tenant, { vendor: 'woocommerce', settings: { shopUrl: siteUrl } }, connectionId);
    await liveThrough(tenant, life, { ...purchases(tenant, shop), connect, wearOut: connect, revoke: () => revoke(shop) });
  }, 240_000);

  it('by keys that were made in the shop goes on through keys that are exchanged under load, a revocation and new keys, and loses no work', async () => {
    const shop = `made-${randomUUID()}`;
    const [tenant, { siteUrl, consumerKey, consumerSecret }] = [await world.tenant(), await world.control.createWooCommerceShop({ shop })];
    let inUse = { consumerKey, consumerSecret };
    const given = () => ({ consumer_key: inUse.consumerKey, consumer_secret: inUse.consumerSecret });
    await liveThrough(tenant, life, {
      ...purchases(tenant, shop),
      connect: async (connectionId) => {
        if (connectionId !== undefined) inUse = await world.control.makeWooCommerceKey(shop);
        await handIn(tenant, { vendor: 'woocommerce', settings: { shopUrl: siteUrl } }, given(), connectionId);
      },
      wearOut: async (connectionId) => {
        const before = inUse;
        inUse = await world.control.makeWooCommerceKey(shop);
        await exchange(tenant, connectionId, given());
        await world.control.removeWooCommerceKey(shop, before.consumerKey);
      },
      revoke: () => revoke(shop),
    });
  }, 240_000);
});
