import { randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import { pageAnswer, pageSchema } from '../shippo-pages.ts';
import { shippoId, type ShippoAccount, type Transaction } from '../shippo-accounts.ts';
import type { ShippoEvents } from '../shippo-events.ts';
import { invalidField, notFound } from '../shippo-refusals.ts';
import { trackLabel } from '../tracking/tracks.ts';

const transactionSchema = z.object({
  rate: z.string(),
  async: z.boolean().default(true),
  label_file_type: z.string().default('PDF_4x6'),
  metadata: z.string().max(100).default(''),
});

const listSchema = pageSchema.extend({
  rate: z.string().optional(),
  object_status: z.string().optional(),
  tracking_status: z.string().optional(),
  tracking_number: z.string().optional(),
});

const dayMs = 86_400_000;
const rateLifetimeMs = 7 * dayMs;
const queueMs = 200;

/** Labels. Buying is not idempotent: the same rate can be bought twice, and then two labels are paid for. */
export function registerTransactionRoutes(
  app: FastifyInstance,
  accountOf: (request: FastifyRequest) => ShippoAccount,
  journal: WriteJournal,
  events: ShippoEvents,
): void {
  app.post('/transactions', async (request, reply) => {
    const account = accountOf(request);
    const wanted = read(transactionSchema, request.body, invalidField);
    const rate = account.rates.get(wanted.rate);
    const shipment = account.shipments.get(rate?.shipment ?? '');
    if (rate === undefined || shipment === undefined) throw invalidField('rate', 'Rate with supplied object_id not found.');
    if (account.purchaseDelayMs > 0) await wait(account.purchaseDelayMs);
    const now = new Date().toISOString();
    const transaction: Transaction = {
      object_id: shippoId(),
      object_state: 'VALID',
      object_created: now,
      object_updated: now,
      object_owner: account.owner,
      status: 'QUEUED',
      rate: wanted.rate,
      metadata: wanted.metadata,
      label_file_type: wanted.label_file_type,
      messages: [],
      parcel: shipment.parcels[0]?.object_id ?? '',
      test: account.test,
    };
    account.transactions.set(transaction.object_id, transaction);
    journal.count(account.account, 'transactions', transaction.object_id, 'created');
    const origin = `${request.protocol}://${request.host}/shippo`;
    if (wanted.async) {
      events.transactionChanged(account, 'transaction_created', { ...transaction });
      setTimeout(() => {
        buyLabel(account, transaction, origin);
        events.transactionChanged(account, 'transaction_updated', transaction);
      }, queueMs).unref();
    } else {
      buyLabel(account, transaction, origin);
      events.transactionChanged(account, 'transaction_created', transaction);
    }
    return await reply.code(201).send(transaction);
  });

  app.get('/transactions', async (request) => {
    const account = accountOf(request);
    const query = read(listSchema, request.query, invalidField);
    const found = [...account.transactions.values()]
      .reverse()
      .filter((transaction) => query.rate === undefined || transaction.rate === query.rate)
      .filter((transaction) => query.object_status === undefined || transaction.status === query.object_status)
      .filter((transaction) => query.tracking_status === undefined || transaction.tracking_status === query.tracking_status)
      .filter((transaction) => query.tracking_number === undefined || transaction.tracking_number === query.tracking_number);
    return pageAnswer(request, found, query);
  });

  app.get<{ Params: { id: string } }>('/transactions/:id', async (request) => {
    const transaction = accountOf(request).transactions.get(request.params.id);
    if (transaction === undefined) throw notFound();
    return transaction;
  });
}

/** Succeeds unless the rate is too old, its carrier account is off or an address lacks what a label needs. */
function buyLabel(account: ShippoAccount, transaction: Transaction, origin: string): void {
  const rate = account.rates.get(transaction.rate);
  const shipment = account.shipments.get(rate?.shipment ?? '');
  if (rate === undefined || shipment === undefined) return;
  const isOff = [...account.inactiveCarriers].some((carrier) => account.carrierAccounts[carrier] === rate.carrier_account);
  const fault = isOff ? 'The carrier account is not active.' : !shipment.address_from.is_complete || !shipment.address_to.is_complete
    ? 'An address is incomplete.'
    : Date.now() - Date.parse(rate.object_created) > rateLifetimeMs
      ? 'The rate is more than 7 days old.'
      : null;
  transaction.object_updated = new Date().toISOString();
  if (fault !== null) {
    transaction.status = 'ERROR';
    transaction.messages = [{ source: rate.provider, code: 'label_refused', text: fault }];
    return;
  }
  const number = `92055901${String(randomInt(1e13, 2 ** 47 - 1)).padStart(14, '0')}`;
  transaction.status = 'SUCCESS';
  transaction.tracking_number = number;
  transaction.tracking_status = 'UNKNOWN';
  transaction.tracking_url_provider = `${origin}/tracking-pages/${number}`;
  transaction.label_url = `${origin}/labels/${transaction.object_id}.pdf`;
  transaction.eta = new Date(Date.now() + rate.estimated_days * dayMs).toISOString();
  trackLabel(account, transaction, rate, shipment);
}
