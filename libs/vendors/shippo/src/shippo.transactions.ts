import { Failure } from '@crossdock/contracts';
import { z } from 'zod';
import { carrierFailure, carrierMessagesSchema } from './shippo.errors.ts';

/** A bought label. */
export interface ShippingLabel {
  readonly transactionId: string;
  readonly trackingNumber: string;
  readonly labelUrl: string | undefined;
  readonly trackingUrl: string | undefined;
  /** The papers for customs, where the parcel crosses a border and the carrier makes them. */
  readonly commercialInvoiceUrl: string | undefined;
  /** Bought with a test token: nothing was paid and no parcel will be carried. */
  readonly test: boolean;
}

/** What has become of a label that was to be given back; `kept` where nobody has asked yet. */
export type RefundState = 'kept' | 'pending' | 'refunded' | 'rejected';

export const transactionSchema = z.object({
  object_id: z.string().min(1),
  status: z.enum(['WAITING', 'QUEUED', 'SUCCESS', 'ERROR', 'REFUNDED', 'REFUNDPENDING', 'REFUNDREJECTED']),
  tracking_number: z.string().nullish(),
  label_url: z.string().nullish(),
  tracking_url_provider: z.string().nullish(),
  commercial_invoice_url: z.string().nullish(),
  test: z.boolean().nullish(),
  messages: carrierMessagesSchema,
});
export type Transaction = z.infer<typeof transactionSchema>;

/** @throws Failure where there is no label behind the transaction (yet, or any more). */
export function toLabel(transaction: Transaction): ShippingLabel {
  const details = { record: `shippo transaction ${transaction.object_id}` };
  switch (transaction.status) {
    case 'WAITING':
    case 'QUEUED': throw new Failure('transient', 'Shippo is still buying the label.', details);
    case 'ERROR': throw carrierFailure('The carrier refuses to sell the label', transaction.messages);
    case 'REFUNDED':
    case 'REFUNDPENDING': throw new Failure('invalid', 'The label of this rate was given back; ask for new rates.', details);
    case 'SUCCESS':
    case 'REFUNDREJECTED': break;
  }
  if (!transaction.tracking_number) throw new Failure('unexpected', "Shippo's label has no tracking number.", details);
  return {
    transactionId: transaction.object_id,
    trackingNumber: transaction.tracking_number,
    labelUrl: transaction.label_url ?? undefined,
    trackingUrl: transaction.tracking_url_provider ?? undefined,
    commercialInvoiceUrl: transaction.commercial_invoice_url ?? undefined,
    test: transaction.test ?? false,
  };
}

/** A purchase that counts: one that failed has sold nothing. Of several, that which succeeded. */
export function boughtBy(transactions: readonly Transaction[]): Transaction | undefined {
  const counting = transactions.filter(({ status }) => status !== 'ERROR');
  return counting.find(({ status }) => status === 'SUCCESS') ?? counting[0];
}

/** @throws Failure `invalid` where no label was ever sold. */
export function toRefundState({ status, object_id }: Transaction): RefundState {
  switch (status) {
    case 'REFUNDED': return 'refunded';
    case 'WAITING':
    case 'QUEUED':
    case 'REFUNDPENDING': return 'pending';
    case 'REFUNDREJECTED': return 'rejected';
    case 'SUCCESS': return 'kept';
    case 'ERROR': throw new Failure('invalid', 'No label was sold by this transaction.', { record: `shippo transaction ${object_id}` });
  }
}

export const refundSchema = z.object({ status: z.enum(['QUEUED', 'PENDING', 'SUCCESS', 'ERROR']) });

/** Sources: https://docs.goshippo.com/docs/billing_and_invoices/refundinglabels (statuses); API description 2018-02-08. */
export function refundStateOf({ status }: z.infer<typeof refundSchema>): Exclude<RefundState, 'kept'> {
  if (status === 'SUCCESS') return 'refunded';
  return status === 'ERROR' ? 'rejected' : 'pending';
}
