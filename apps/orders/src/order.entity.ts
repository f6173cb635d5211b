import {
  contactFieldsSchema, crmVendorSchema, dealFieldsSchema, orderSchema, orderStatusSchema,
  type ContactFields, type CrmVendor, type DealFields, type DealStatus, type Order, type OrderStatus,
} from '@crossdock/contracts';
import { Column, Entity, PrimaryColumn, type ValueTransformer } from 'typeorm';
import { z } from 'zod';
import { crmSyncSchema, type CrmSync } from './crm-sync.machine.ts';
import { verificationSchema, type Verification } from './deals/deal-verdict.ts';
import type { OwnWords } from './deals/deal-words.ts';
import { shopWantedSchema, type ShopWanted } from './shop-writing/shop-wanted.ts';

const wordsSchema = z.array(z.string());

/** A column whose content is checked when it is read: what an older release wrote must still fit. */
function checkedBy(schema: z.ZodType): ValueTransformer {
  return { to: (value: unknown) => value, from: (value: unknown) => (value === null ? null : schema.parse(value)) };
}

/** An order of a tenant's shop in canonical form, with how far the CRM knows it. */
@Entity({ name: 'customer_order' })
export class CustomerOrder {
  /** Deterministic: the same order of the same shop always has the same id. */
  @PrimaryColumn({ name: 'order_id', type: 'uuid' })
  orderId!: string;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: string;

  @Column({ name: 'connection_id', type: 'uuid' })
  connectionId!: string;

  @Column({ name: 'external_id', type: 'text' })
  externalId!: string;

  @Column({ name: 'status', type: 'text', transformer: checkedBy(orderStatusSchema) })
  status!: OrderStatus;

  @Column({ name: 'status_since', type: 'timestamptz', precision: 3 })
  statusSince!: Date;

  /** The shop's own word for the status, as it last told. */
  @Column({ name: 'shop_word', type: 'text' })
  shopWord!: string;

  /** False where the shop has never said a word that the state machine knows. */
  @Column({ name: 'status_known', type: 'boolean' })
  isStatusKnown!: boolean;

  @Column({ name: 'canonical', type: 'jsonb', transformer: checkedBy(orderSchema) })
  canonical!: Order;

  /** When the shop says it was last changed. */
  @Column({ name: 'modified_at', type: 'timestamptz', precision: 3 })
  modifiedAt!: Date;

  /** Counts the changes of this record of ours. */
  @Column({ name: 'version', type: 'integer' })
  version!: number;

  @Column({ name: 'deleted_at', type: 'timestamptz', precision: 3, nullable: true })
  deletedAt!: Date | null;

  @Column({ name: 'crm_vendor', type: 'text', nullable: true, transformer: checkedBy(crmVendorSchema) })
  crmVendor!: CrmVendor | null;

  @Column({ name: 'crm_connection_id', type: 'uuid', nullable: true })
  crmConnectionId!: string | null;

  @Column({ name: 'crm_sync', type: 'jsonb', transformer: checkedBy(crmSyncSchema) })
  crmSync!: CrmSync;

  /** The contact as the CRM shall have it. */
  @Column({ name: 'contact_wanted', type: 'jsonb', nullable: true, transformer: checkedBy(contactFieldsSchema) })
  contactWanted!: ContactFields | null;

  /** The deal as the CRM shall have it. */
  @Column({ name: 'deal_wanted', type: 'jsonb', nullable: true, transformer: checkedBy(dealFieldsSchema) })
  dealWanted!: DealFields | null;

  /** Tells other lines of the deal apart from those that the CRM shall have; they follow from the order. */
  @Column({ name: 'deal_lines_digest', type: 'uuid', nullable: true })
  dealLinesDigest!: string | null;

  /** The deal's status as the CRM last told. */
  @Column({ name: 'deal_status', type: 'text', nullable: true, transformer: checkedBy(dealFieldsSchema.shape.status) })
  dealStatus!: DealStatus | null;

  @Column({ name: 'deal_modified_at', type: 'timestamptz', precision: 3, nullable: true })
  dealModifiedAt!: Date | null;

  /** When the CRM took where the order stands from the hub last, by the CRM's clock. */
  @Column({ name: 'deal_written_at', type: 'timestamptz', precision: 3, nullable: true })
  dealWrittenAt!: Date | null;

  @Column({ name: 'decided_in_crm', type: 'text', nullable: true, transformer: checkedBy(dealFieldsSchema.shape.status) })
  decidedInCrm!: DealStatus | null;

  /** What the deal said last, in the words of the state machine. */
  @Column({ name: 'deal_words', type: 'jsonb', transformer: checkedBy(wordsSchema) })
  dealWords!: readonly string[];

  /** What the CRM was asked to have the deal say and has not told back, the oldest first. */
  @Column({ name: 'own_deal_words', type: 'jsonb', transformer: checkedBy(z.array(wordsSchema)) })
  ownDealWords!: OwnWords;

  /** What the CRM said that the order should be, until it has said so again. */
  @Column({ name: 'verification', type: 'jsonb', nullable: true, transformer: checkedBy(verificationSchema) })
  verification!: Verification | null;

  /** What the shop is to be told, until it has taken it. */
  @Column({ name: 'shop_wanted', type: 'jsonb', nullable: true, transformer: checkedBy(shopWantedSchema) })
  shopWanted!: ShopWanted | null;

  @Column({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  updatedAt!: Date;
}
