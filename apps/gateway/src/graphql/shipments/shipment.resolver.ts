import { shipmentStatusSchema } from '@crossdock/contracts';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import type { ConnectionView } from '../../connections/connection-view.ts';
import { nullIfNotFound } from '../null-if-not-found.ts';
import type { OperationContext } from '../operation-context.ts';
import type { OrderNode } from '../orders/order-node.ts';
import { listQuery, pageArgumentsShape, toPage, type Page } from '../page.ts';
import { ServiceReader } from '../service-reader.ts';
import { shipmentListSchema, shipmentNodeSchema, type ShipmentNode } from './shipment-node.ts';

const idSchema = z.object({ id: z.uuid() });
const listSchema = z.object({ ...pageArgumentsShape, orderId: z.uuid().nullish(), status: shipmentStatusSchema.nullish(), sample: z.boolean().nullish() });

@Resolver('Shipment')
export class ShipmentResolver {
  constructor(private readonly reader: ServiceReader) {}

  @Query('shipment')
  async find(@Args() args: unknown): Promise<ShipmentNode | null> {
    const { id } = idSchema.parse(args);
    return nullIfNotFound(this.reader.read('shipping', { method: 'GET', path: `/v1/shipments/${id}` }, shipmentNodeSchema));
  }

  @Query('shipments')
  async list(@Args() args: unknown): Promise<Page<ShipmentNode>> {
    const { first, after, ...filter } = listSchema.parse(args);
    const { shipments: items, nextCursor } = await this.reader.read('shipping', { method: 'GET', path: `/v1/shipments${listQuery({ limit: first, cursor: after, ...filter })}` }, shipmentListSchema);
    return toPage({ items, nextCursor });
  }

  @ResolveField('connection')
  connection(@Parent() { connectionId }: ShipmentNode, @Context() { loaders }: OperationContext): Promise<ConnectionView | null> {
    return loaders.connections.load(connectionId);
  }

  @ResolveField('order')
  order(@Parent() { orderId }: ShipmentNode, @Context() { loaders }: OperationContext): Promise<OrderNode | null> | null {
    return orderId === undefined ? null : loaders.orders.load(orderId);
  }
}

@Resolver('Order')
export class OrderShipmentsResolver {
  @ResolveField('shipments')
  shipments(@Parent() { id }: OrderNode, @Context() { loaders }: OperationContext): Promise<readonly ShipmentNode[]> {
    return loaders.shipmentsOfOrders.load(id);
  }
}
