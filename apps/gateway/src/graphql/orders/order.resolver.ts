import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import type { ConnectionView } from '../../connections/connection-view.ts';
import type { OperationContext } from '../operation-context.ts';
import { listQuery, pageArgumentsShape, toPage, type Page } from '../page.ts';
import { ServiceReader } from '../service-reader.ts';
import { nullIfNotFound } from '../null-if-not-found.ts';
import { orderListSchema, orderNodeSchema, type OrderNode } from './order-node.ts';

const idSchema = z.object({ id: z.uuid() });
const listSchema = z.object({ ...pageArgumentsShape, externalId: z.string().min(1).max(255).nullish(), connectionId: z.uuid().nullish() });

@Resolver('Order')
export class OrderResolver {
  constructor(private readonly reader: ServiceReader) {}

  @Query('order')
  find(@Args() args: unknown): Promise<OrderNode | null> {
    const { id } = idSchema.parse(args);
    return nullIfNotFound(this.reader.read('orders', { method: 'GET', path: `/v1/orders/${id}` }, orderNodeSchema));
  }

  @Query('orders')
  async list(@Args() args: unknown): Promise<Page<OrderNode>> {
    const { first, after, externalId, connectionId } = listSchema.parse(args);
    return toPage(await this.reader.read('orders', { method: 'GET', path: `/v1/orders${listQuery({ limit: first, cursor: after, externalId, connectionId })}` }, orderListSchema));
  }

  @ResolveField('connection')
  connection(@Parent() { connectionId }: OrderNode, @Context() { loaders }: OperationContext): Promise<ConnectionView | null> {
    return loaders.connections.load(connectionId);
  }
}

@Resolver('OrderInCrm')
export class OrderInCrmResolver {
  @ResolveField('connection')
  connection(@Parent() { connectionId }: OrderNode['crm'], @Context() { loaders }: OperationContext): Promise<ConnectionView | null> | null {
    return connectionId === undefined ? null : loaders.connections.load(connectionId);
  }
}
