import { Failure, readOpaqueCursor, shipmentStatusSchema, writeOpaqueCursor } from '@crossdock/contracts';
import { Brackets, type EntityManager } from 'typeorm';
import { z } from 'zod';
import { Shipment } from './shipment.entity.ts';
import { shipmentViewSchema, viewShipmentInList } from './shipment.view.ts';

const cursorSchema = z.tuple([z.iso.datetime({ precision: 3 }), z.uuid()]);

/** The query of `GET /v1/shipments`. */
export const shipmentQuerySchema = z.strictObject({
  orderId: z.uuid().optional(),
  /** Those that were asked for by one call. */
  batchId: z.uuid().optional(),
  status: shipmentStatusSchema.optional(),
  /** Samples only. */
  sample: z.stringbool().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(200).optional(),
});
export type ShipmentQuery = z.infer<typeof shipmentQuerySchema>;

/** Shipments without their tracking, newest first. */
export const shipmentPageSchema = z.object({
  shipments: z.array(shipmentViewSchema.omit({ tracking: true }).meta({ id: 'ListedShipment' })).readonly(),
  nextCursor: z.string().exactOptional().describe('Where the next page begins; absent on the last one.'),
});
export type ShipmentPage = z.infer<typeof shipmentPageSchema>;

/** @throws Failure `invalid` where the cursor is not one that an earlier page gave. */
export async function listShipments(manager: EntityManager, { orderId, batchId, status, sample, limit, cursor }: ShipmentQuery): Promise<ShipmentPage> {
  const query = manager.createQueryBuilder(Shipment, 'shipment').orderBy({ 'shipment.createdAt': 'DESC', 'shipment.shipmentId': 'DESC' }).take(limit + 1);
  if (orderId !== undefined) query.andWhere('shipment.orderId = :orderId', { orderId });
  if (batchId !== undefined) query.andWhere('shipment.batchId = :batchId', { batchId });
  if (status !== undefined) query.andWhere('shipment.status = :status', { status });
  if (sample !== undefined) query.andWhere(`shipment.sample IS ${sample ? 'NOT ' : ''}NULL`);
  if (cursor !== undefined) {
    const [createdAt, shipmentId] = readCursor(cursor);
    query.andWhere(new Brackets((older) => older.where('(shipment.createdAt, shipment.shipmentId) < (:createdAt, :shipmentId)', { createdAt, shipmentId })));
  }
  const found = await query.getMany();
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    shipments: page.map(viewShipmentInList),
    ...(found.length > limit && last && { nextCursor: writeOpaqueCursor([last.createdAt.toISOString(), last.shipmentId] satisfies z.infer<typeof cursorSchema>) }),
  };
}

function readCursor(text: string): z.infer<typeof cursorSchema> {
  const cursor = readOpaqueCursor(cursorSchema, text);
  if (!cursor) throw new Failure('invalid', 'The cursor is not one that an earlier page gave.', { pointer: '/cursor' });
  return cursor;
}
