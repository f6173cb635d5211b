import type { DealStatus } from '@crossdock/contracts';
import { z } from 'zod';

/** The external id field on accounts, contacts and opportunities that keeps the hub's key. */
export const externalKeyField = 'Crossdock_External_Id__c';
/** The field on opportunities that says where the order stands; an organisation may be without it. */
export const orderStatusField = 'Crossdock_Order_Status__c';
/** The fields on opportunities that say what was ordered, and at which shop. */
export const lineItemsField = 'Crossdock_Line_Items__c';
export const orderSourceField = 'Crossdock_Order_Source__c';
/** The fields on opportunities that ask for a sample, and say where it stands. */
export const sampleRequestField = 'Crossdock_Sample_Request__c';
export const sampleStatusField = 'Crossdock_Sample_Status__c';

/** What a Salesforce connection's settings hold. */
export const salesforceSettingsSchema = z.object({
  /** The organisation's currency; amounts in another one are refused, unless it has several. */
  companyCurrency: z.string().regex(/^[A-Z]{3}$/).optional(),
  /** Whether the organisation has several currencies: only then records have the field CurrencyIsoCode. */
  multiCurrency: z.boolean().default(false),
});
export type SalesforceSettings = z.infer<typeof salesforceSettingsSchema>;

/** Stages that every organisation begins with. */
export const opportunityStages: Readonly<Record<DealStatus, string>> = { open: 'Prospecting', won: 'Closed Won', lost: 'Closed Lost' };
/** Salesforce wants a close date of every opportunity; for an open one it is a forecast. */
const forecastDays = 30;

/** The day that an opportunity which nobody decided on yet is expected to be closed. */
export function forecastDate(nowMs: number): string {
  return new Date(nowMs + forecastDays * 86_400_000).toISOString().slice(0, 10);
}
