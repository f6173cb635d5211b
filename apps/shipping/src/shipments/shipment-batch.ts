import { asFailure, deterministicId, failureKindSchema } from '@crossdock/contracts';
import { pointerTo } from '@crossdock/service-kit';
import { tenantContext, TenantDatabase } from '@crossdock/tenancy';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { shipmentRequestSchema } from './shipment-request.ts';
import { ShipmentService } from './shipment.service.ts';

/** The body of `POST /v1/shipment-batches`; each of its shipments is checked by itself. */
export const shipmentBatchSchema = z.strictObject({ shipments: z.array(z.unknown()).min(1).max(100) });

/** What became of each shipment of a batch, by its place in the request. */
export const takenBatchSchema = z.object({
  id: z.uuid(),
  accepted: z.array(z.object({
    index: z.int(),
    shipmentId: z.uuid(),
  })).readonly(),
  refused: z.array(z.object({
    index: z.int(),
    code: failureKindSchema,
    detail: z.string(),
  })).readonly(),
}).meta({ id: 'ShipmentBatch' });
export type ShipmentBatch = z.infer<typeof takenBatchSchema>;

/** Many labels by one call. */
@Injectable()
export class ShipmentBatches {
  constructor(private readonly database: TenantDatabase, private readonly shipments: ShipmentService) {}

  /**
   * Accepts shipments one by one, so that a faulty one holds none of the others up; labels are bought in the background, each
   * within the limits on prices. That is why Shippo's own batches are not used: what a label of theirs costs is known when it is paid.
   * The same key with the same shipments gives the same batch.
   */
  async request(idempotencyKey: string, { shipments }: z.infer<typeof shipmentBatchSchema>): Promise<ShipmentBatch> {
    const { tenantId } = tenantContext.require();
    const id = deterministicId('shipment-batch', tenantId, idempotencyKey);
    const accepted: Array<ShipmentBatch['accepted'][number]> = [];
    const refused: Array<ShipmentBatch['refused'][number]> = [];
    for (const [index, body] of shipments.entries()) {
      const request = shipmentRequestSchema.safeParse(body);
      if (!request.success) {
        const faults = request.error.issues.map(({ path, message }) => `${pointerTo(path)}: ${message}`);
        refused.push({ index, code: 'invalid', detail: faults.join(' ').slice(0, 1_000) });
        continue;
      }
      try {
        const { id: shipmentId } = await this.database.transaction(tenantId, (manager) =>
          this.shipments.requestWithin(manager, `batch/${id}/${index}`, request.data, id));
        accepted.push({ index, shipmentId });
      } catch (thrown) {
        const { kind, message } = asFailure(thrown);
        if (kind === 'unexpected') throw thrown;
        refused.push({ index, code: kind, detail: message });
      }
    }
    return { id, accepted, refused };
  }
}
