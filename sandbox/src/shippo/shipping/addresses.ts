import { z } from 'zod';
import { shippoId, type Address, type ShippoAccount } from '../shippo-accounts.ts';
import { notFound } from '../shippo-refusals.ts';

const text = z.string().nullish().transform((value) => value ?? '');

export const addressSchema = z.object({
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
type AddressInput = z.output<typeof addressSchema>;

interface RecordHead {
  object_id: string;
  object_created: string;
  object_updated: string;
  object_owner: string;
}

export function headOf(account: ShippoAccount): RecordHead {
  const now = new Date().toISOString();
  return { object_id: shippoId(), object_created: now, object_updated: now, object_owner: account.owner };
}

/** An address that is written out, or the id of one that was made before. */
export const placed = (account: ShippoAccount, given: string | AddressInput): Address =>
  typeof given === 'string' ? addressOf(account, given) : keepAddress(account, given);

export function keepAddress(account: ShippoAccount, { validate, ...fields }: AddressInput): Address {
  const plain: Address = { ...headOf(account), is_complete: isComplete(fields), ...fields, test: account.test };
  const address = validate ? validated(plain) : plain;
  account.addresses.set(address.object_id, address);
  return address;
}

export function addressOf(account: ShippoAccount, id: string): Address {
  const address = account.addresses.get(id);
  if (address === undefined) throw notFound();
  return address;
}

/** In this world no street is called Nowhere; an address there, or one that lacks something, is not found. */
export function validated(address: Address): Address {
  const fault = !address.is_complete
    ? { code: 'street_detail_missing', text: 'The address is incomplete.' }
    : /nowhere/i.test(address.street1) ? { code: 'Unknown Street', text: 'City, State and ZIP Code are valid, but street address is not a match.' } : undefined;
  return {
    ...address,
    validation_results: {
      is_valid: fault === undefined,
      messages: fault === undefined ? [] : [{ source: 'Shippo Address Validator', type: 'address_error', ...fault }],
    },
  };
}

const isComplete = (address: { name: string; street1: string; city: string; zip: string }): boolean =>
  [address.name, address.street1, address.city, address.zip].every((part) => part !== '');
