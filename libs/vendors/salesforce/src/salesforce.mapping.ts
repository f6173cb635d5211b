import {
  dealSchema, Failure, formatDecimal, orderStatusSchema, parseMoney,
  type ContactFields, type Deal, type DealFields, type DealStatus, type Money,
} from '@crossdock/contracts';
import { z } from 'zod';

/** The external id field on accounts, contacts and opportunities that keeps the hub's key. */
export const externalKeyField = 'Crossdock_External_Id__c';
/** The field on opportunities that says where the order stands; an organisation may be without it. */
export const orderStatusField = 'Crossdock_Order_Status__c';

/** What a Salesforce connection's settings hold. */
export const salesforceSettingsSchema = z.object({
  /** The organisation's currency; amounts in another one are refused, unless it has several. */
  companyCurrency: z.string().regex(/^[A-Z]{3}$/).optional(),
  /** Whether the organisation has several currencies: only then records have the field CurrencyIsoCode. */
  multiCurrency: z.boolean().default(false),
});
export type SalesforceSettings = z.infer<typeof salesforceSettingsSchema>;

/** A record as it is sent: Salesforce clears a field that is null and leaves one that is absent. */
export type SalesforceRecord = Record<string, string | number>;

/** A contact's key: its address, because that is all that the hub is sure to know of a person. */
export function contactKey(email: string): string {
  return email.toLowerCase();
}

/** Salesforce wants a last name when a contact is made; the address stands in for one that is unknown. */
export function toContact(fields: ContactFields & { email: string }, { exists }: { readonly exists: boolean }): SalesforceRecord {
  return withoutUndefined({
    [externalKeyField]: contactKey(fields.email),
    Email: contactKey(fields.email),
    Phone: fields.phone,
    FirstName: fields.firstName?.slice(0, 40),
    LastName: (fields.lastName ?? (exists ? undefined : contactKey(fields.email)))?.slice(0, 80),
    MailingCountry: fields.country,
  });
}

/** Stages that every organisation begins with. */
export const opportunityStages: Readonly<Record<DealStatus, string>> = { open: 'Prospecting', won: 'Closed Won', lost: 'Closed Lost' };
/** Salesforce wants a close date of every opportunity; for an open one it is a forecast. */
const forecastDays = 30;

/** The day that an opportunity which nobody decided on yet is expected to be closed. */
export function forecastDate(nowMs: number): string {
  return new Date(nowMs + forecastDays * 86_400_000).toISOString().slice(0, 10);
}

/**
 * An opportunity as it is sent. An open one that exists keeps the stage and the forecast that people gave it.
 * @returns a Failure where the amount cannot be said in this organisation's currency.
 */
export function toOpportunity(
  externalKey: string, fields: DealFields,
  { exists, settings, hasOrderStatus, nowMs }: { readonly exists: boolean; readonly settings: SalesforceSettings; readonly hasOrderStatus: boolean; readonly nowMs: number },
): SalesforceRecord | Failure {
  const currencyFault = fields.amount && currencyFailure(fields.amount, settings);
  if (currencyFault) return currencyFault;
  const isKept = exists && fields.status === 'open';
  return withoutUndefined({
    [externalKeyField]: externalKey,
    Name: fields.name.slice(0, 120),
    StageName: isKept ? undefined : opportunityStages[fields.status],
    CloseDate: fields.closedAt?.slice(0, 10) ?? (exists ? undefined : forecastDate(nowMs)),
    Amount: fields.amount && Number(formatDecimal(fields.amount)),
    CurrencyIsoCode: settings.multiCurrency ? fields.amount?.currency : undefined,
    [orderStatusField]: hasOrderStatus ? fields.orderStatus : undefined,
  });
}

function currencyFailure({ currency }: Money, { multiCurrency, companyCurrency }: SalesforceSettings): Failure | undefined {
  if (multiCurrency || companyCurrency === currency) return undefined;
  return companyCurrency === undefined
    ? new Failure('forbidden', 'The Salesforce connection does not say which currency the organisation has: set companyCurrency.', { field: 'Amount' })
    : new Failure('invalid', `The Salesforce organisation has ${companyCurrency} only; an amount in ${currency} cannot be kept there.`, { field: 'Amount' });
}

/** An opportunity as a query answers it. */
export const opportunitySchema = z.object({
  Id: z.string().min(15).max(18),
  Name: z.string().nullish(),
  StageName: z.string().nullish(),
  IsWon: z.boolean(),
  IsClosed: z.boolean(),
  Amount: z.number().nullish(),
  CurrencyIsoCode: z.string().nullish(),
  CloseDate: z.string().nullish(),
  SystemModstamp: z.string(),
  [externalKeyField]: z.string().nullish(),
  [orderStatusField]: z.string().nullish(),
});
export type Opportunity = z.infer<typeof opportunitySchema>;

/** Which fields are asked for when opportunities are read. */
export function opportunityFields({ multiCurrency }: SalesforceSettings, hasOrderStatus: boolean): string[] {
  return Object.keys(opportunitySchema.shape).filter((field) => (field !== 'CurrencyIsoCode' || multiCurrency) && (field !== orderStatusField || hasOrderStatus));
}

/** @returns a Failure `invalid` where the opportunity has no canonical form, such as an amount of a tenth of a cent. */
export function toDeal(
  opportunity: Opportunity, contacts: Deal['contacts'], { connectionId, settings }: { readonly connectionId: string; readonly settings: SalesforceSettings },
): Deal | Failure {
  const { Id: id } = opportunity;
  const status = opportunity.IsWon ? 'won' : opportunity.IsClosed ? 'lost' : 'open';
  const amount = amountOf(opportunity, settings);
  if (amount instanceof Failure) return amount;
  const modified = new Date(opportunity.SystemModstamp);
  // People may write into the field what is no status of an order.
  const orderStatus = orderStatusSchema.safeParse(opportunity[orderStatusField]);
  const parsed = dealSchema.safeParse({
    source: { vendor: 'salesforce', connectionId, externalId: id },
    modifiedAt: Number.isNaN(modified.getTime()) ? undefined : modified.toISOString(),
    name: opportunity.Name ?? `Opportunity ${id}`,
    status,
    ...(amount && { amount }),
    // Salesforce knows the day only.
    ...(status !== 'open' && opportunity.CloseDate && { closedAt: `${opportunity.CloseDate}T00:00:00.000Z` }),
    ...(opportunity.StageName && { vendorStage: opportunity.StageName }),
    ...(orderStatus.success && { orderStatus: orderStatus.data }),
    ...(opportunity[externalKeyField] && { externalKey: opportunity[externalKeyField] }),
    contacts,
  });
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  return new Failure('invalid', `Salesforce opportunity ${id} has no canonical form: see its ${field}.`, { record: `salesforce opportunity ${id}`, field });
}

function amountOf({ Id: id, Amount: amount, CurrencyIsoCode: own }: Opportunity, { companyCurrency }: SalesforceSettings): Money | Failure | undefined {
  const currency = own ?? companyCurrency;
  if (amount === undefined || amount === null || currency === undefined) return undefined;
  return parseMoney(amount, currency)
    ?? new Failure('invalid', `The amount of Salesforce opportunity ${id} is no whole number of minor units of ${currency}.`, {
      record: `salesforce opportunity ${id}`, field: 'Amount',
    });
}

function withoutUndefined(values: Record<string, string | number | undefined>): SalesforceRecord {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string | number] => entry[1] !== undefined));
}
