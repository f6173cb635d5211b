import { randomUUID } from 'node:crypto';
import { connectionsSchema } from '@crossdock/connections';
import { trackingReceived, type ShipmentStatus } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { z } from 'zod';
import type { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { shippingDefinition } from '../../apps/shipping/src/shipping.definition.ts';
import { shippingSchema } from '../../apps/shipping/src/shipping.schema.ts';
import { startBeside } from './connection-life.fixture.ts';

type Tenant = Awaited<ReturnType<ConnectingGateway['tenant']>>;

export const senderAddress = { name: 'Grace Hopper', street1: '1 Main Street', city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US' };
export const smallParcel = { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 };

const shipmentSchema = z.looseObject({ id: z.uuid(), status: z.string(), trackingNumber: z.string().optional() });
const shipmentsSchema = z.looseObject({ shipments: z.array(shipmentSchema) });

/** The shipping service beside a gateway. */
export class ShippingBeside {
  private constructor(readonly gateway: ConnectingGateway, readonly service: RunningService) {}

  static async start(gateway: ConnectingGateway): Promise<ShippingBeside> {
    return new ShippingBeside(gateway, await startBeside(gateway, 'shipping', [shippingSchema, connectionsSchema], (environment, logger) =>
      startService(shippingDefinition, loadConfig(shippingDefinition.config, { ...environment, PURCHASE_SETTLE_SECONDS: '2' }), logger)));
  }

  /** Connects a new Shippo account of the tenant. */
  async connect(tenant: Tenant): Promise<ShippingOfTenant> {
    const { control, issuer } = this.gateway;
    const { account, token: apiToken } = await control.createShippoAccount();
    const { status, body } = await tenant.call('POST', '/v1/connections/authorizations', { vendor: 'shippo', credentials: { api_token: apiToken } });
    if (status >= 300) throw new Error(`The Shippo account was not connected: ${JSON.stringify(body)}`);
    const connectionId = String((await tenant.connections()).find(({ vendor }) => vendor === 'shippo')?.['id']);
    const token = await issuer.sign({ claims: { aud: 'shipping', scope: 'shipments:read shipments:write tenant:any' } });
    return new ShippingOfTenant(this, tenant, { account, connectionId, token });
  }

  stop(): Promise<void> {
    return this.service.stop();
  }
}

/** What a tenant asks of shipping, and what its carriers report. */
export class ShippingOfTenant {
  constructor(
    private readonly world: ShippingBeside, private readonly tenant: Tenant,
    readonly ids: { readonly account: string; readonly connectionId: string; readonly token: string },
  ) {}

  /** @throws Error where it was refused. */
  async call(method: 'GET' | 'PUT' | 'POST', url: string, payload?: object, key?: string): Promise<unknown> {
    const answer = await this.world.service.app.inject({
      method, url, ...(payload && { payload }),
      headers: { authorization: `Bearer ${this.ids.token}`, 'x-crossdock-tenant': this.tenant.id, ...(key !== undefined && { 'idempotency-key': key }) },
    });
    if (answer.statusCode >= 300) throw new Error(`${method} ${url} was refused: ${answer.body}`);
    return answer.json();
  }

  /** Asks for a shipment of an order; the same key means the same one. */
  async ship(key: string, orderId: string): Promise<z.infer<typeof shipmentSchema>> {
    return shipmentSchema.parse(await this.call('POST', '/v1/shipments', {
      connectionId: this.ids.connectionId, orderId, from: senderAddress, to: { ...senderAddress, name: 'Ada Lovelace' }, parcel: smallParcel,
    }, key));
  }

  async ofOrder(orderId: string) {
    return shipmentsSchema.parse(await this.call('GET', `/v1/shipments?orderId=${orderId}&limit=100`)).shipments;
  }

  /** Labels that were paid for, given back or not. */
  async sold() {
    return (await this.world.gateway.control.shippoTransactions(this.ids.account)).filter(({ status }) => status !== 'ERROR');
  }

  /** The carrier reports a parcel, by the shipping vendor's webhook. */
  async report(trackingNumber: string, status: ShipmentStatus): Promise<void> {
    const { app } = this.world.gateway.service;
    await tenantContext.run({ tenantId: this.tenant.id, correlationId: randomUUID() }, () => app.get(TenantDatabase).transaction(this.tenant.id, (manager) =>
      app.get(EventPublisher).publish(manager, trackingReceived, {
        subject: `shippo/track/usps/${trackingNumber}`,
        data: { connectionId: this.ids.connectionId, test: true, tracking: { carrier: 'usps', trackingNumber, status, occurredAt: new Date().toISOString() } },
      })));
  }
}
