import type { CrmObject } from '@crossdock/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What was asked of a CRM for which order, so that its answer finds the order. */
@Entity({ name: 'crm_request' })
export class CrmRequestRecord {
  @PrimaryColumn({ name: 'request_id', type: 'uuid' })
  requestId!: string;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: string;

  @Column({ name: 'order_id', type: 'uuid' })
  orderId!: string;

  /** A request for a deal with its contact has a row for each. */
  @PrimaryColumn({ name: 'object', type: 'text' })
  object!: CrmObject;

  @Column({ name: 'revision', type: 'integer' })
  revision!: number;

  @Column({ name: 'requested_at', type: 'timestamptz', precision: 3 })
  requestedAt!: Date;

  /** What the CRM answered; null while it has not. A refused request may be mended and succeed later. */
  @Column({ name: 'outcome', type: 'text', nullable: true })
  outcome!: 'upserted' | 'refused' | null;
}
