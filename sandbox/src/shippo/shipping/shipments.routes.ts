import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import { shippoId, type Parcel, type Shipment, type ShippoAccount } from '../shippo-accounts.ts';
import { invalidField, notFound } from '../shippo-refusals.ts';
import { addressOf, addressSchema, headOf, keepAddress, placed, validated } from './addresses.ts';
import { customsDeclarationSchema } from './customs.ts';
import { messagesFor, ratesFor } from './shipment-rates.ts';

const text = z.string().nullish().transform((value) => value ?? '');

const parcelSchema = z.object({
  length: z.coerce.string(),
  width: z.coerce.string(),
  height: z.coerce.string(),
  distance_unit: z.enum(['cm', 'in', 'ft', 'm', 'mm', 'yd']),
  weight: z.coerce.string(),
  mass_unit: z.enum(['g', 'kg', 'lb', 'oz']),
  metadata: text,
});

const shipmentSchema = z.object({
  address_from: z.union([addressSchema, z.string()]),
  address_to: z.union([addressSchema, z.string()]),
  address_return: z.union([addressSchema, z.string()]).optional(),
  parcels: z.array(parcelSchema).min(1),
  customs_declaration: customsDeclarationSchema.optional(),
  extra: z.object({ is_return: z.boolean().default(false) }).default({ is_return: false }),
  metadata: text,
  async: z.boolean().default(false),
});

interface IdPath {
  Params: { id: string };
}

const queueMs = 200;

/** Addresses, shipments and their rates. */
export function registerShipmentRoutes(
  app: FastifyInstance,
  accountOf: (request: FastifyRequest) => ShippoAccount,
  journal: WriteJournal,
): void {
  app.post('/addresses', async (request, reply) => {
    const account = accountOf(request);
    const address = keepAddress(account, read(addressSchema, request.body, invalidField));
    journal.count(account.account, 'addresses', address.object_id, 'created');
    return await reply.code(201).send(address);
  });

  app.get<IdPath>('/addresses/:id', async (request) => addressOf(accountOf(request), request.params.id));

  app.get<IdPath>('/addresses/:id/validate', async (request) => validated(addressOf(accountOf(request), request.params.id)));

  app.post('/shipments', async (request, reply) => {
    const account = accountOf(request);
    const wanted = read(shipmentSchema, request.body, invalidField);
    const shipment = keepShipment(account, wanted);
    journal.count(account.account, 'shipments', shipment.object_id, 'created');
    return await reply.code(201).send(shipmentAnswer(account, shipment));
  });

  app.get<IdPath>('/shipments/:id', async (request) => {
    const account = accountOf(request);
    return shipmentAnswer(account, shipmentOf(account, request.params.id));
  });

  app.get<IdPath>('/shipments/:id/rates', async (request) => ({
    results: shipmentOf(accountOf(request), request.params.id).rates,
  }));

  app.get<IdPath>('/rates/:id', async (request) => {
    const rate = accountOf(request).rates.get(request.params.id);
    if (rate === undefined) throw notFound();
    return rate;
  });
}

/** Makes a shipment with the rates of the carriers that would take it. */
function keepShipment(account: ShippoAccount, wanted: z.output<typeof shipmentSchema>): Shipment {
  const now = Date.now();
  const shipment: Shipment = {
    ...headOf(account),
    address_from: placed(account, wanted.address_from),
    address_to: placed(account, wanted.address_to),
    parcels: wanted.parcels.map((parcel): Parcel => ({ ...headOf(account), object_state: 'VALID', ...parcel, test: account.test })),
    ...(wanted.customs_declaration === undefined ? {} : { customs_declaration: shippoId() }),
    extra: wanted.extra,
    metadata: wanted.metadata,
    carrier_accounts: [],
    messages: [],
    readyAtMs: wanted.async ? now + queueMs : now,
    rates: [],
  };
  shipment.messages = messagesFor(account, shipment);
  shipment.rates = ratesFor(account, shipment);
  account.shipments.set(shipment.object_id, shipment);
  for (const rate of shipment.rates) account.rates.set(rate.object_id, rate);
  return shipment;
}

function shipmentOf(account: ShippoAccount, id: string): Shipment {
  const shipment = account.shipments.get(id);
  if (shipment === undefined) throw notFound();
  return shipment;
}

function shipmentAnswer(account: ShippoAccount, { readyAtMs, rates, ...shipment }: Shipment): unknown {
  const ready = Date.now() >= readyAtMs;
  return { ...shipment, status: ready ? 'SUCCESS' : 'QUEUED', rates: ready ? rates : [], test: account.test };
}
