import type { ShipmentStatus } from '@crossdock/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a carrier reported of a tracking number, also of one that belongs to no shipment of ours (yet). */
@Entity({ name: 'tracking_report' })
export class TrackingReport {
  /** Deterministic: the same report always has the same id. */
  @PrimaryColumn({ name: 'report_id', type: 'uuid' })
  reportId!: string;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: string;

  @Column({ name: 'connection_id', type: 'uuid' })
  connectionId!: string;

  @Column({ name: 'carrier', type: 'text' })
  carrier!: string;

  @Column({ name: 'tracking_number', type: 'text' })
  trackingNumber!: string;

  @Column({ name: 'status', type: 'text' })
  status!: ShipmentStatus;

  @Column({ name: 'substatus', type: 'text', nullable: true })
  substatus!: string | null;

  /** The carrier waits for somebody to do something. */
  @Column({ name: 'action_required', type: 'boolean', nullable: true })
  actionRequired!: boolean | null;

  @Column({ name: 'occurred_at', type: 'timestamptz', precision: 3 })
  occurredAt!: Date;

  /** It is about no real parcel. */
  @Column({ name: 'test', type: 'boolean' })
  test!: boolean;
}
