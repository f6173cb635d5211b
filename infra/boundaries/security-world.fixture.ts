import { randomBytes, randomUUID } from 'node:crypto';
import { connectionsSchema } from '@crossdock/connections';
import { serviceNames } from '@crossdock/contracts';
import { crmServiceSchemas } from '@crossdock/crm-service';
import { loadConfig, startService } from '@crossdock/service-kit';
import { tenantScopeNames } from '@crossdock/service-tokens';
import { eventually } from '@crossdock/test-stack';
import { z } from 'zod';
import { attributionDefinition } from '../../apps/attribution/src/attribution.definition.ts';
import { attributionSchema } from '../../apps/attribution/src/attribution.schema.ts';
import { crmHubSpotDefinition } from '../../apps/crm-hubspot/src/crm-hubspot.definition.ts';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { ServiceFront } from '../../apps/gateway/src/connections/service-front.fixture.ts';
import { openApiDocument } from '../../apps/gateway/src/interface/openapi.document.ts';
import { ordersDefinition } from '../../apps/orders/src/orders.definition.ts';
import { ordersSchema } from '../../apps/orders/src/orders.schema.ts';
import { shippingDefinition } from '../../apps/shipping/src/shipping.definition.ts';
import { shippingSchema } from '../../apps/shipping/src/shipping.schema.ts';
import { syncDefinition } from '../../apps/sync/src/sync.definition.ts';
import { syncSchema } from '../../apps/sync/src/sync.schema.ts';
import { startBeside } from './connection-life.fixture.ts';

const names = ['orders', 'shipping', 'attribution', 'sync', 'crm-hubspot'] as const;

/** One operation of the interface, as its OpenAPI document names it. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly isForOperators: boolean;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

const methodSchema = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);
const operatorScope = /^(tenants|operations):/;

/** Every operation of the interface that wants a caller. */
export const operations: readonly Operation[] = Object.entries(z.record(z.string(), z.record(z.string(), z.object({ security: z.array(z.object({ bearer: z.array(z.string()) })) })))
  .parse(openApiDocument['paths'])).flatMap(([path, methods]) => Object.entries(methods).flatMap(([method, { security }]): Operation[] => {
  const scopes = security.flatMap(({ bearer }) => bearer);
  return scopes.length === 0 ? [] : [{ method: methodSchema.parse(method.toUpperCase()), path, isForOperators: scopes.some((scope) => operatorScope.test(scope)) }];
}));

/** The gateway and the services behind it, for attackers who are tenants themselves. */
export class SecurityWorld {
  private constructor(readonly gateway: ConnectingGateway, private readonly stops: ReadonlyArray<() => Promise<void>>) {}

  static async start(): Promise<SecurityWorld> {
    const fronts = await Promise.all(names.map(() => ServiceFront.start()));
    const addresses = Object.fromEntries(names.map((name, index) => [`${name.replace('-', '_').toUpperCase()}_URL`, fronts[index]?.url ?? '']));
    const gateway = await ConnectingGateway.start({ ...addresses, SHOP_POLL_SECONDS: '1' }, undefined, { isReachable: true });
    const scope = `${tenantScopeNames.join(' ')} tenant:any operations:read operations:delegate`;
    const tokens = new Map(await Promise.all(serviceNames.map(async (name) => [name as string, await gateway.issuer.sign({ claims: { aud: name, scope } })] as const)));
    gateway.issuer.tokenEndpoint = (form) => ({ status: 200, body: { access_token: tokens.get(form.get('audience') ?? ''), token_type: 'Bearer', expires_in: 600 } });
    const services = [
      await startBeside(gateway, 'orders', [ordersSchema, connectionsSchema], (environment, logger) => startService(ordersDefinition, loadConfig(ordersDefinition.config, environment), logger)),
      await startBeside(gateway, 'shipping', [shippingSchema, connectionsSchema], (environment, logger) => startService(shippingDefinition, loadConfig(shippingDefinition.config, environment), logger)),
      await startBeside(gateway, 'attribution', [attributionSchema], (environment, logger) => startService(attributionDefinition, loadConfig(attributionDefinition.config, environment), logger)),
      await startBeside(gateway, 'sync', [syncSchema, connectionsSchema], (environment, logger) => startService(syncDefinition, loadConfig(syncDefinition.config, environment), logger)),
      await startBeside(gateway, 'crm-hubspot', crmServiceSchemas('crm-hubspot'), (environment, logger) => startService(crmHubSpotDefinition, loadConfig(crmHubSpotDefinition.config, environment), logger)),
    ];
    for (const [index, service] of services.entries()) fronts[index]?.leadTo(service);
    return new SecurityWorld(gateway, [...services, ...fronts, gateway].map((each) => () => each.stop()));
  }

  async stop(): Promise<void> {
    for (const stop of this.stops) await stop();
  }

  token(claims: Readonly<Record<string, unknown>>): Promise<string> {
    return this.gateway.issuer.sign({ claims: { aud: 'gateway', scope: tenantScopeNames.join(' '), ...claims } });
  }

  async send(token: string | undefined, method: Operation['method'], url: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const answer = await this.gateway.service.app.inject({
      method, url, headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.statusCode, text: answer.body, headers: answer.headers };
  }

  /** A tenant with a token that allows all there is, for it alone. */
  async tenant(): Promise<{ readonly id: string; readonly token: string }> {
    const { id } = await this.gateway.tenant();
    return { id, token: await this.token({ tenant: id }) };
  }

  /** A tenant that owns one of each kind of thing, all of which bear its mark. */
  async victim() {
    const mark = `victim-${randomBytes(6).toString('hex')}`;
    const { id, token } = await this.tenant();
    const made = async (url: string, body: unknown, key?: string): Promise<string> => {
      const answer = await this.send(token, 'POST', url, body, key === undefined ? {} : { 'idempotency-key': key });
      if (answer.status >= 300) throw new Error(`POST ${url} was refused: ${answer.text}`);
      return z.looseObject({ id: z.string() }).parse(JSON.parse(answer.text)).id;
    };
    const shop = randomUUID();
    const { siteUrl, consumerKey, consumerSecret } = await this.gateway.control.createWooCommerceShop({ shop });
    const connected = await this.send(token, 'POST', '/v1/connections/authorizations', {
      vendor: 'woocommerce', settings: { shopUrl: siteUrl }, credentials: { consumer_key: consumerKey, consumer_secret: consumerSecret },
    });
    if (connected.status !== 201) throw new Error(`The shop was refused: ${connected.text}`);
    await this.gateway.control.placeWooCommerceOrder(shop, {
      status: 'processing', billing: { email: `${mark}@example.com`, first_name: mark, last_name: mark }, line_items: [{ name: mark, quantity: 1, total: '12.50' }],
    });
    const [hubspot, second, shippo] = await Promise.all(['hubspot', 'hubspot', 'shippo'].map((vendor) =>
      made('/v1/connections', { vendor, accountId: `${Date.now()}${randomBytes(3).readUIntBE(0, 3)}`, credentials: { access_token: mark, token: mark } })));
    const address = { name: mark, street1: '1 Main Street', city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US' };
    const parcel = { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 };
    const sku = `kit-${randomBytes(6).toString('hex')}`;
    await this.send(token, 'PUT', `/v1/sample-kits/${sku}`, { name: mark, connectionId: shippo, from: address, parcel });
    const ids = {
      hubspot: hubspot ?? '',
      apiKey: await made('/v1/api-keys', { name: mark, scopes: ['orders:read'] }),
      form: await made('/v1/lead-forms', { name: mark, allowedOrigins: ['https://www.example.com'] }),
      shipment: await made('/v1/shipments', { connectionId: shippo, from: address, to: address, parcel }, mark),
      sync: await made('/v1/syncs', { name: mark, object: 'contact', sides: [hubspot, second].map((connectionId) => ({ connectionId, reads: true, writes: true })) }),
      order: await eventually('the order to be there', async () => {
        const { text } = await this.send(token, 'GET', '/v1/orders');
        return z.object({ items: z.array(z.looseObject({ id: z.uuid() })) }).parse(JSON.parse(text)).items[0]?.id;
      }, 60_000),
      sku,
    };
    const told = await this.send(token, 'POST', '/v1/attribution/touches', {
      touches: [{ id: mark, kind: 'campaign', contactEmail: `${mark}@example.com`, occurredAt: new Date().toISOString(), channel: mark }],
    });
    if (told.status !== 200) throw new Error(`The touch was refused: ${told.text}`);
    return { id, token, mark, ids };
  }
}

/** The address of an operation, with a victim's ids in it; what the victim has none of gets an id of nobody. */
export function aimAt({ path }: Operation, { hubspot, apiKey, form, shipment, sync, order, sku }: Awaited<ReturnType<SecurityWorld['victim']>>['ids']): string {
  const byPrefix: ReadonlyArray<readonly [string, string]> = [
    ['/v1/connections/', hubspot], ['/v1/api-keys/', apiKey], ['/v1/lead-forms/', form], ['/v1/shipments/', shipment], ['/v1/syncs/', sync], ['/v1/orders/comparisons/', randomUUID()], ['/v1/orders/', order],
  ];
  const id = byPrefix.find(([prefix]) => path.startsWith(prefix))?.[1] ?? randomUUID();
  return path.replace('{id}', id).replace('{sku}', sku).replace('{object}', 'contact').replace('{service}', 'orders').replace('{field}', 'email').replace('{shipmentId}', shipment)
    .replace('{resource}', 'dead-letters').replace('{act}', 'replay').replaceAll(/\{\w+\}/g, () => randomUUID());
}
