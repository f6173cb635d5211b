import { Failure, orderStatusSchema, readOpaqueCursor, writeOpaqueCursor } from '@crossdock/contracts';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { CustomerOrder } from './order.entity.ts';

/** Which orders to list, newest first. */
export const orderQuerySchema = z.strictObject({
  externalId: z.string().min(1).max(255).optional(),
  connectionId: z.uuid().optional(),
  status: orderStatusSchema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(512).optional(),
});
export type OrderQuery = z.infer<typeof orderQuerySchema>;

export interface OrderPage {
  readonly orders: readonly CustomerOrder[];
  /** Given back as `cursor`, it leads to the next page; absent on the last one. */
  readonly nextCursor?: string;
}

const positionSchema = z.tuple([z.iso.datetime(), z.uuid()]);

/** @throws Failure `invalid` where the cursor is not one that an earlier page gave. */
export async function listOrders(
  manager: EntityManager, { externalId, connectionId, status, limit, cursor }: OrderQuery,
): Promise<OrderPage> {
  const query = manager.createQueryBuilder(CustomerOrder, 'o')
    .orderBy('o.createdAt', 'DESC').addOrderBy('o.orderId', 'DESC').limit(limit + 1);
  if (externalId !== undefined) query.andWhere('o.externalId = :externalId', { externalId });
  if (connectionId !== undefined) query.andWhere('o.connectionId = :connectionId', { connectionId });
  if (status !== undefined) query.andWhere('o.status = :status', { status });
  if (cursor !== undefined) {
    const [createdAt, orderId] = readCursor(cursor);
    query.andWhere('(o.createdAt, o.orderId) < (:createdAt, :orderId)', { createdAt, orderId });
  }
  const found = await query.getMany();
  const orders = found.slice(0, limit);
  const last = orders.at(-1);
  return { orders, ...(found.length > limit && last && { nextCursor: writeOpaqueCursor([last.createdAt.toISOString(), last.orderId] satisfies z.infer<typeof positionSchema>) }) };
}

function readCursor(text: string): z.infer<typeof positionSchema> {
  const position = readOpaqueCursor(positionSchema, text);
  if (!position) throw new Failure('invalid', 'The cursor is not one that an earlier page gave.', { pointer: '/cursor' });
  return position;
}
