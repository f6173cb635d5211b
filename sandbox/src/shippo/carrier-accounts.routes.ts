import type { FastifyInstance, FastifyRequest } from 'fastify';
import { read } from '../request-bodies.ts';
import type { ShippoAccount } from './shippo-accounts.ts';
import { pageAnswer, pageSchema } from './shippo-pages.ts';
import { invalidField } from './shippo-refusals.ts';

const pageOfFiveSchema = pageSchema.extend({ results: pageSchema.shape.results.unwrap().default(5) });

/** The carriers that every account has from its first day; `object_owner` is the account's name at Shippo. */
export function registerCarrierAccountRoute(app: FastifyInstance, accountOf: (request: FastifyRequest) => ShippoAccount): void {
  app.get('/carrier_accounts', async (request) => {
    const account = accountOf(request);
    const carriers = (['USPS', 'UPS'] as const).map((carrier) => ({
      object_id: account.carrierAccounts[carrier],
      object_owner: account.owner,
      carrier: carrier.toLowerCase(),
      carrier_name: carrier,
      account_id: '****',
      parameters: {},
      active: !account.inactiveCarriers.has(carrier),
      is_shippo_account: true,
      metadata: '',
      test: account.test,
    }));
    return pageAnswer(request, carriers, read(pageOfFiveSchema, request.query, invalidField));
  });
}
