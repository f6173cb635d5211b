import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import type { Refund, ShippoAccount } from '../shippo-accounts.ts';
import { invalidField, notFound } from '../shippo-refusals.ts';
import { headOf } from './addresses.ts';

const refundSchema = z.object({ transaction: z.string(), async: z.boolean().default(true) });

/** Labels given back. The carrier decides later; a label that it has scanned is refused at once. */
export function registerRefundRoutes(
  app: FastifyInstance, accountOf: (request: FastifyRequest) => ShippoAccount, journal: WriteJournal,
): void {
  app.post('/refunds', async (request, reply) => {
    const account = accountOf(request);
    const wanted = read(refundSchema, request.body, invalidField);
    const transaction = account.transactions.get(wanted.transaction);
    if (transaction === undefined) throw invalidField('transaction', 'Transaction with supplied object_id not found.');
    if (transaction.status !== 'SUCCESS') throw invalidField('transaction', 'This transaction cannot be refunded.');
    const isUnused = transaction.tracking_status === 'UNKNOWN' || transaction.tracking_status === 'PRE_TRANSIT';
    const refund: Refund = {
      ...headOf(account), status: isUnused ? 'PENDING' : 'ERROR', transaction: transaction.object_id, test: account.test,
    };
    transaction.status = isUnused ? 'REFUNDPENDING' : 'REFUNDREJECTED';
    account.refunds.set(refund.object_id, refund);
    journal.count(account.account, 'refunds', refund.object_id, 'created');
    return await reply.code(201).send(refund);
  });

  app.get<{ Params: { id: string } }>('/refunds/:id', async (request) => {
    const refund = accountOf(request).refunds.get(request.params.id);
    if (refund === undefined) throw notFound();
    return refund;
  });
}

/** The carrier has decided. */
export function settleRefund(account: ShippoAccount, refund: Refund, status: 'SUCCESS' | 'ERROR'): void {
  refund.status = status;
  refund.object_updated = new Date().toISOString();
  const transaction = account.transactions.get(refund.transaction);
  if (transaction !== undefined) transaction.status = status === 'SUCCESS' ? 'REFUNDED' : 'REFUNDREJECTED';
}
