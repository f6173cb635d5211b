import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import { pageAnswer, pageSchema } from '../shippo-pages.ts';
import type { Manifest, ShippoAccount } from '../shippo-accounts.ts';
import { invalidField, notFound } from '../shippo-refusals.ts';
import { addressSchema, headOf, placed } from './addresses.ts';

const manifestSchema = z.object({
  carrier_account: z.string(),
  shipment_date: z.iso.datetime({ offset: true }),
  transactions: z.array(z.string()).min(1),
  address_from: z.union([addressSchema, z.string()]),
  async: z.boolean().default(true),
});

const queueMs = 200;

/** Close-outs of a day's labels: all of one carrier account and one place. */
export function registerManifestRoutes(
  app: FastifyInstance, accountOf: (request: FastifyRequest) => ShippoAccount, journal: WriteJournal,
): void {
  app.post('/manifests', async (request, reply) => {
    const account = accountOf(request);
    const wanted = read(manifestSchema, request.body, invalidField);
    const fault = wanted.transactions.map((id) => faultOf(account, id, wanted.carrier_account)).find((found) => found !== undefined);
    const manifest: Manifest = {
      ...headOf(account), carrier_account: wanted.carrier_account, shipment_date: wanted.shipment_date, transactions: wanted.transactions,
      address_from: placed(account, wanted.address_from).object_id,
      status: 'QUEUED', documents: [], errors: [],
    };
    account.manifests.set(manifest.object_id, manifest);
    journal.count(account.account, 'manifests', manifest.object_id, 'created');
    const origin = `${request.protocol}://${request.host}/shippo`;
    const finish = (): void => {
      manifest.status = fault === undefined ? 'SUCCESS' : 'ERROR';
      if (fault === undefined) manifest.documents = [`${origin}/manifests/${manifest.object_id}.pdf`];
      else manifest.errors = [fault];
    };
    if (wanted.async) setTimeout(finish, queueMs).unref();
    else finish();
    return await reply.code(201).send(manifest);
  });

  app.get('/manifests', async (request) =>
    pageAnswer(request, [...accountOf(request).manifests.values()].reverse(), read(pageSchema, request.query, invalidField)));

  app.get<{ Params: { id: string } }>('/manifests/:id', async (request) => {
    const manifest = accountOf(request).manifests.get(request.params.id);
    if (manifest === undefined) throw notFound();
    return manifest;
  });
}

function faultOf(account: ShippoAccount, id: string, carrierAccount: string): string | undefined {
  const transaction = account.transactions.get(id);
  if (transaction?.status !== 'SUCCESS') return 'manifest_invalid_transactions';
  if (account.rates.get(transaction.rate)?.carrier_account !== carrierAccount) return 'manifest_invalid_transactions';
  const isClosed = [...account.manifests.values()].some(({ status, transactions }) => status === 'SUCCESS' && transactions.includes(id));
  return isClosed ? 'manifest_no_transactions' : undefined;
}
