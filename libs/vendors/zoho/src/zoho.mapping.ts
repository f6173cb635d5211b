import {
  dealSchema, Failure, formatDecimal, orderStatusSchema, parseMoney,
  type ContactFields, type Deal, type DealFields, type DealStatus, type Money,
} from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoSettings } from './zoho.data-centres.ts';

/** The unique field of contacts, accounts and deals that keeps the hub's key; Zoho makes the name of the label that the set-up gives it. */
export const keyField = 'Crossdock_Key';
export const keyFieldLabel = 'Crossdock Key';
/** The deal field that says where its order stands. */
export const orderStatusField = 'Crossdock_Order_Status';
export const orderStatusFieldLabel = 'Crossdock Order Status';

/** A record as it is sent: Zoho clears a field that is null and leaves one that is absent. */
export type ZohoRecord = Record<string, string | number | { readonly id: string }>;

/** Zoho wants a last name when a contact is made; the address stands in for one that is unknown. */
export function toContact(fields: ContactFields & { email: string }, { exists }: { readonly exists: boolean }): ZohoRecord {
  return withoutUndefined({
    Email: fields.email.toLowerCase(),
    Phone: fields.phone,
    First_Name: fields.firstName?.slice(0, 40),
    Last_Name: (fields.lastName ?? (exists ? undefined : fields.email.toLowerCase()))?.slice(0, 80),
    Mailing_Country: fields.country,
  });
}

/** The stages of an organisation's deals by what they mean. */
export interface DealStages {
  readonly statusOf: ReadonlyMap<string, DealStatus>;
  /** The stage that a deal of each status is put into. */
  readonly first: Readonly<Record<DealStatus, string>>;
}

export interface DealToSend {
  readonly externalKey: string;
  readonly fields: DealFields;
  /** Whom the deal is about, where it is made. */
  readonly contactId?: string;
  readonly exists: boolean;
}

/**
 * A deal as it is sent. An open one that exists keeps the stage, and any keeps the contact, that people gave it.
 * @returns a Failure where the amount cannot be said in this organisation's currency.
 */
export function toZohoDeal(
  { externalKey, fields, contactId, exists }: DealToSend, { settings, stages }: { readonly settings: ZohoSettings; readonly stages: DealStages },
): ZohoRecord | Failure {
  const currencyFault = fields.amount && currencyFailure(fields.amount, settings);
  if (currencyFault) return currencyFault;
  return withoutUndefined({
    [keyField]: externalKey,
    [orderStatusField]: fields.orderStatus,
    Deal_Name: fields.name.slice(0, 120),
    Stage: exists && fields.status === 'open' ? undefined : stages.first[fields.status],
    Closing_Date: fields.closedAt?.slice(0, 10),
    Amount: fields.amount && Number(formatDecimal(fields.amount)),
    Contact_Name: contactId !== undefined && !exists ? { id: contactId } : undefined,
  });
}

function currencyFailure({ currency }: Money, { companyCurrency }: ZohoSettings): Failure | undefined {
  if (companyCurrency === currency) return undefined;
  return companyCurrency === undefined
    ? new Failure('forbidden', 'The Zoho connection does not say which currency the organisation has: set companyCurrency.', { field: 'Amount' })
    : new Failure('invalid', `The Zoho organisation has ${companyCurrency}; an amount in ${currency} cannot be kept there.`, { field: 'Amount' });
}

/** A deal as a query answers it. */
export const zohoDealSchema = z.object({
  id: z.string().regex(/^[0-9]+$/),
  Deal_Name: z.string().nullish(),
  Stage: z.string().nullish(),
  Amount: z.number().nullish(),
  Closing_Date: z.iso.date().nullish(),
  Modified_Time: z.iso.datetime({ offset: true }),
  Contact_Name: z.object({ id: z.string() }).nullish(),
  [keyField]: z.string().nullish(),
  [orderStatusField]: z.string().nullish(),
});
export type ZohoDeal = z.infer<typeof zohoDealSchema>;

/** @returns a Failure `invalid` where the deal has no canonical form, such as an amount of a tenth of a cent. */
export function toDeal(
  deal: ZohoDeal, contacts: Deal['contacts'],
  { connectionId, settings, stages }: { readonly connectionId: string; readonly settings: ZohoSettings; readonly stages: DealStages },
): Deal | Failure {
  const status = stages.statusOf.get(deal.Stage ?? '') ?? 'open';
  // People may write what they like into it.
  const orderStatus = orderStatusSchema.safeParse(deal[orderStatusField]);
  const amount = amountOf(deal, settings);
  if (amount instanceof Failure) return amount;
  const parsed = dealSchema.safeParse({
    source: { vendor: 'zoho', connectionId, externalId: deal.id },
    modifiedAt: new Date(deal.Modified_Time).toISOString(),
    name: deal.Deal_Name ?? `Deal ${deal.id}`,
    status,
    ...(amount && { amount }),
    // Zoho knows the day only, and on an open deal it is a forecast.
    ...(status !== 'open' && deal.Closing_Date && { closedAt: `${deal.Closing_Date}T00:00:00.000Z` }),
    ...(orderStatus.success && { orderStatus: orderStatus.data }),
    ...(deal.Stage && { vendorStage: deal.Stage }),
    ...(deal[keyField] && { externalKey: deal[keyField] }),
    contacts,
  });
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  return new Failure('invalid', `Zoho deal ${deal.id} has no canonical form: see its ${field}.`, { record: `zoho deal ${deal.id}`, field });
}

function amountOf({ id, Amount: amount }: ZohoDeal, { companyCurrency }: ZohoSettings): Money | Failure | undefined {
  if (amount === undefined || amount === null || companyCurrency === undefined) return undefined;
  return parseMoney(amount, companyCurrency)
    ?? new Failure('invalid', `The amount of Zoho deal ${id} is no whole number of minor units of ${companyCurrency}.`, { record: `zoho deal ${id}`, field: 'Amount' });
}

function withoutUndefined(values: Record<string, ZohoRecord[string] | undefined>): ZohoRecord {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, ZohoRecord[string]] => entry[1] !== undefined));
}
