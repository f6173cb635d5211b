import {
  failureKindSchema, moneySchema, sampleSchema, shipmentStatusSchema, timestampSchema,
  type Sample, type ShipmentStatus,
} from '@crossdock/contracts';
import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm';
import { z } from 'zod';
import { shipmentRequestSchema, type ShipmentRequest } from './shipment-request.ts';

const chosenRateSchema = z.object({
  vendorShipmentId: z.string(),
  rateId: z.string(),
  carrier: z.string(),
  service: z.string().optional(),
  price: moneySchema,
  /** What the first rate cost, where this one took its place. */
  firstPrice: moneySchema.optional(),
  carrierAccountId: z.string().optional(),
  /** Asked for with a test token. */
  test: z.boolean(),
  chosenAt: timestampSchema,
});
/** The rate whose label is bought, kept before the purchase, so that a repeat buys the same one or finds it bought. */
export type ChosenRate = z.infer<typeof chosenRateSchema>;

const labelSchema = z.object({
  transactionId: z.string(),
  labelUrl: z.string().optional(),
  trackingUrl: z.string().optional(),
  commercialInvoiceUrl: z.string().optional(),
  /** Bought with a test token: no parcel will be carried. */
  test: z.boolean(),
});
export type Label = z.infer<typeof labelSchema>;

export const refundSchema = z.object({
  /** `asked`: the label is given back as soon as it is known. */
  state: z.enum(['asked', 'pending', 'refunded', 'rejected']),
  askedAt: timestampSchema,
});
/** What has become of the money for a label that was given back. */
export type LabelRefund = z.infer<typeof refundSchema>;

/** How a shipment came about: a label bought here, one for the way back, or one that was bought elsewhere and is only followed. */
export const shipmentKindSchema = z.enum(['outbound', 'return', 'elsewhere']);
export type ShipmentKind = z.infer<typeof shipmentKindSchema>;

export const purchaseFailureSchema = z.object({ kind: failureKindSchema, message: z.string() });
export type PurchaseFailure = z.infer<typeof purchaseFailureSchema>;

/** A column whose content is checked when it is read: what an older release wrote must still fit. */
function checkedBy(schema: z.ZodType): ValueTransformer {
  return { to: (value: unknown) => value, from: (value: unknown) => (value === null ? null : schema.parse(value)) };
}

/** A parcel that a tenant sends. */
@Entity({ name: 'shipment' })
export class Shipment {
  /** Deterministic: the same tenant and idempotency key always give the same id. */
  @PrimaryColumn({ name: 'shipment_id', type: 'uuid' })
  shipmentId!: string;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: string;

  @Column({ name: 'connection_id', type: 'uuid' })
  connectionId!: string;

  @Column({ name: 'idempotency_key', type: 'text' })
  idempotencyKey!: string;

  @Column({ name: 'request_hash', type: 'text' })
  requestHash!: string;

  @Column({ name: 'kind', type: 'text', transformer: checkedBy(shipmentKindSchema) })
  kind!: ShipmentKind;

  /** Absent where the label was bought elsewhere. */
  @Column({ name: 'request', type: 'jsonb', nullable: true, transformer: checkedBy(shipmentRequestSchema) })
  request!: ShipmentRequest | null;

  /** The shipment that comes back with this one. */
  @Column({ name: 'return_of', type: 'uuid', nullable: true })
  returnOf!: string | null;

  @Column({ name: 'order_id', type: 'uuid', nullable: true })
  orderId!: string | null;

  @Column({ name: 'sample', type: 'jsonb', nullable: true, transformer: checkedBy(sampleSchema) })
  sample!: Sample | null;

  /** Those that were asked for by one call. */
  @Column({ name: 'batch_id', type: 'uuid', nullable: true })
  batchId!: string | null;

  @Column({ name: 'manifest_id', type: 'uuid', nullable: true })
  manifestId!: string | null;

  @Column({ name: 'status', type: 'text', transformer: checkedBy(shipmentStatusSchema) })
  status!: ShipmentStatus;

  @Column({ name: 'status_since', type: 'timestamptz', precision: 3 })
  statusSince!: Date;

  @Column({ name: 'chosen_rate', type: 'jsonb', nullable: true, transformer: checkedBy(chosenRateSchema) })
  chosenRate!: ChosenRate | null;

  /** When money was about to be spent; a label that is not found may still be under way for a while after that. */
  @Column({ name: 'purchase_begun_at', type: 'timestamptz', precision: 3, nullable: true })
  purchaseBegunAt!: Date | null;

  @Column({ name: 'label', type: 'jsonb', nullable: true, transformer: checkedBy(labelSchema) })
  label!: Label | null;

  @Column({ name: 'carrier', type: 'text', nullable: true })
  carrier!: string | null;

  @Column({ name: 'tracking_number', type: 'text', nullable: true })
  trackingNumber!: string | null;

  /** It is followed with a test token: no parcel is carried. Absent until that is known. */
  @Column({ name: 'test', type: 'boolean', nullable: true })
  test!: boolean | null;

  @Column({ name: 'refund', type: 'jsonb', nullable: true, transformer: checkedBy(refundSchema) })
  refund!: LabelRefund | null;

  @Column({ name: 'delivered_at', type: 'timestamptz', precision: 3, nullable: true })
  deliveredAt!: Date | null;

  /** Why no label could be bought. */
  @Column({ name: 'failure', type: 'jsonb', nullable: true, transformer: checkedBy(purchaseFailureSchema) })
  failure!: PurchaseFailure | null;

  /** When its carrier was last heard of, by a report or by asking. */
  @Column({ name: 'heard_at', type: 'timestamptz', precision: 3 })
  heardAt!: Date;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  updatedAt!: Date;
}
