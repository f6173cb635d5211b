import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { WriteJournal } from '../../write-journal.ts';
import { ratesFor } from './shipment-rates.ts';
import { shippoId, type Address, type Parcel, type Shipment, type ShippoAccount } from '../shippo-accounts.ts';
import { invalidField, notFound } from '../shippo-refusals.ts';

const text = z.string().nullish().transform((value) => value ?? '');

const addressSchema = z.object({
  name: text,
  company: text,
  street1: text,
  street2: text,
  city: text,
  state: text,
  zip: text,
  country: z.string().length(2),
  phone: text,
  email: text,
  metadata: text,
  validate: z.boolean().default(false),
});

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
  parcels: z.array(parcelSchema).min(1),
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
    const now = Date.now();
    const head = headOf(account);
    const shipment: Shipment = {
      ...head,
      address_from: placed(account, wanted.address_from),
      address_to: placed(account, wanted.address_to),
      parcels: wanted.parcels.map((parcel): Parcel => ({ ...headOf(account), object_state: 'VALID', ...parcel, test: account.test })),
      metadata: wanted.metadata,
      carrier_accounts: [],
      messages: [],
      readyAtMs: wanted.async ? now + queueMs : now,
      rates: [],
    };
    shipment.rates = ratesFor(account, shipment);
    account.shipments.set(shipment.object_id, shipment);
    for (const rate of shipment.rates) account.rates.set(rate.object_id, rate);
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

function headOf(account: ShippoAccount): Pick<Shipment, 'object_id' | 'object_created' | 'object_updated' | 'object_owner'> {
  const now = new Date().toISOString();
  return { object_id: shippoId(), object_created: now, object_updated: now, object_owner: account.owner };
}

function keepAddress(account: ShippoAccount, { validate, ...fields }: z.output<typeof addressSchema>): Address {
  const plain: Address = { ...headOf(account), is_complete: isComplete(fields), ...fields, test: account.test };
  const address = validate ? validated(plain) : plain;
  account.addresses.set(address.object_id, address);
  return address;
}

const isComplete = (address: { name: string; street1: string; city: string; zip: string }): boolean =>
  [address.name, address.street1, address.city, address.zip].every((part) => part !== '');

function validated(address: Address): Address {
  const missing = { source: 'Shippo', code: 'Incomplete', type: 'address_error', text: 'The address is incomplete.' };
  return {
    ...address,
    validation_results: { is_valid: address.is_complete, messages: address.is_complete ? [] : [missing] },
  };
}

const placed = (account: ShippoAccount, given: string | z.output<typeof addressSchema>): Address =>
  typeof given === 'string' ? addressOf(account, given) : keepAddress(account, given);

function addressOf(account: ShippoAccount, id: string): Address {
  const address = account.addresses.get(id);
  if (address === undefined) throw notFound();
  return address;
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
