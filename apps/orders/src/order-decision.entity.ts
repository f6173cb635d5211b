import type { RedactedPayload } from './timeline/redacted-payload.ts';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export const orderDecisionKinds = [
  'received', 'stale', 'look_up_asked',
  'applied', 'deleted', 'moved', 'status_refused', 'status_unknown', 'crm_requested', 'crm_upserted', 'crm_refused', 'deal_told', 'deal_gone',
  'verification_asked', 'verified', 'verification_differs', 'shop_write_asked', 'shop_written', 'shop_write_refused',
] as const;
export type OrderDecisionKind = (typeof orderDecisionKinds)[number];

/** One thing decided about an order: its history for people, never read by the machine itself. */
@Entity({ name: 'order_decision' })
export class OrderDecision {
  @PrimaryGeneratedColumn('identity', { name: 'decision_id', type: 'bigint' })
  decisionId!: string;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: string;

  @Column({ name: 'order_id', type: 'uuid' })
  orderId!: string;

  @Column({ name: 'decided_at', type: 'timestamptz', precision: 3 })
  decidedAt!: Date;

  @Column({ name: 'kind', type: 'text' })
  kind!: OrderDecisionKind;

  /** Statuses, versions and ids; no personal data. `machine` is the version of the state machine by which it was decided. */
  @Column({ name: 'detail', type: 'jsonb' })
  detail!: Readonly<Record<string, string | number | boolean | RedactedPayload>>;

  @Column({ name: 'correlation_id', type: 'uuid' })
  correlationId!: string;

  /** The event that led to it. */
  @Column({ name: 'causation_id', type: 'uuid', nullable: true })
  causationId!: string | null;
}
