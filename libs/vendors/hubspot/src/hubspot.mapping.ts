import {
  dealSchema, Failure, formatDecimal, orderStatusSchema, parseMoney,
  type ContactFields, type Deal, type DealFields, type DealStatus, type Money,
} from '@crossdock/contracts';
import { z } from 'zod';
import { toTimestamp } from './hubspot.answers.ts';

/** The unique property of contacts, companies and deals that keeps the hub's key; the connection's set-up creates it. */
export const externalKeyProperty = 'crossdock_external_id';
/** The deal property that says where its order stands; the set-up creates it as well. */
export const orderStatusProperty = 'crossdock_order_status';

type Properties = Record<string, string>;

/** A contact's properties as HubSpot takes them; what is unknown is left alone, not cleared. */
export function toContactProperties(fields: ContactFields): Properties {
  return withoutUndefined({
    email: fields.email?.toLowerCase(),
    phone: fields.phone,
    firstname: fields.firstName,
    lastname: fields.lastName,
    company: fields.companyName,
    country: fields.country,
  });
}

/** Stages of the sales pipeline that every HubSpot account begins with. */
const stages: Readonly<Record<DealStatus, string>> = { open: 'appointmentscheduled', won: 'closedwon', lost: 'closedlost' };

/**
 * A deal's properties as HubSpot takes them. An open deal that exists keeps the stage that people gave it: the hub
 * knows that the deal is not decided on its side, not how far the sale has come.
 */
export function toDealProperties(externalKey: string, fields: DealFields, { exists }: { readonly exists: boolean }): Properties {
  const stage = exists && fields.status === 'open' ? {} : { dealstage: stages[fields.status], pipeline: 'default' };
  return withoutUndefined({
    [externalKeyProperty]: externalKey,
    dealname: fields.name,
    amount: fields.amount && formatDecimal(fields.amount),
    deal_currency_code: fields.amount?.currency,
    closedate: fields.closedAt,
    [orderStatusProperty]: fields.orderStatus,
    ...stage,
  });
}

/** What is asked of HubSpot when a deal is read. */
export const dealProperties = [
  'dealname', 'amount', 'deal_currency_code', 'dealstage', 'hs_is_closed', 'hs_is_closed_won', 'closedate',
  'hs_lastmodifieddate', externalKeyProperty, orderStatusProperty,
] as const;

const text = z.string().nullish().transform((value) => (value === null || value === '' ? undefined : value));

/** A deal as HubSpot answers it: every value is text, and one that is empty is null. */
export const hubSpotDealSchema = z.object({
  id: z.string().min(1),
  updatedAt: z.date(),
  properties: z.object({
    dealname: text,
    amount: text,
    deal_currency_code: text,
    dealstage: text,
    hs_is_closed: text,
    hs_is_closed_won: text,
    closedate: text,
    hs_lastmodifieddate: text,
    [externalKeyProperty]: text,
    [orderStatusProperty]: text,
  }),
});
export type HubSpotDeal = z.infer<typeof hubSpotDealSchema>;

export interface DealOrigin {
  readonly connectionId: string;
  /** Currency of the account, for deals that state none; without it such a deal has no amount. */
  readonly companyCurrency?: string;
}

/** @returns a Failure `invalid` where HubSpot holds something that has no canonical form, such as a tenth of a cent. */
export function toDeal({ id, updatedAt, properties }: HubSpotDeal, contacts: Deal['contacts'], origin: DealOrigin): Deal | Failure {
  const status = statusOf(properties);
  // People may write what they like into it.
  const orderStatus = orderStatusSchema.safeParse(properties[orderStatusProperty]);
  const amount = amountOf(id, properties, origin.companyCurrency);
  if (amount instanceof Failure) return amount;
  const deal = {
    source: { vendor: 'hubspot', connectionId: origin.connectionId, externalId: id },
    modifiedAt: toTimestamp(properties.hs_lastmodifieddate) ?? updatedAt.toISOString(),
    name: properties.dealname ?? `Deal ${id}`,
    status,
    ...(amount && { amount }),
    // On an open deal HubSpot's close date is a forecast.
    ...(status !== 'open' && properties.closedate !== undefined && { closedAt: toTimestamp(properties.closedate) }),
    ...(orderStatus.success && { orderStatus: orderStatus.data }),
    ...(properties.dealstage !== undefined && { vendorStage: properties.dealstage }),
    ...(properties[externalKeyProperty] !== undefined && { externalKey: properties[externalKeyProperty] }),
    contacts,
  };
  const parsed = dealSchema.safeParse(deal);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  return new Failure('invalid', `HubSpot deal ${id} has no canonical form: see its ${field}.`, { record: `hubspot deal ${id}`, field });
}

/** The two calculated flags hold for any pipeline; the stage's own name only for the first one. */
function statusOf(properties: HubSpotDeal['properties']): DealStatus {
  if (properties.hs_is_closed_won === 'true' || properties.dealstage === stages.won) return 'won';
  if (properties.hs_is_closed === 'true' || properties.dealstage === stages.lost) return 'lost';
  return 'open';
}

function amountOf(id: string, properties: HubSpotDeal['properties'], companyCurrency: string | undefined): Money | Failure | undefined {
  const currency = properties.deal_currency_code ?? companyCurrency;
  if (properties.amount === undefined || currency === undefined) return undefined;
  return parseMoney(properties.amount, currency)
    ?? new Failure('invalid', `The amount of HubSpot deal ${id} is no whole number of minor units of ${currency}.`, {
      record: `hubspot deal ${id}`, field: 'amount',
    });
}

function withoutUndefined(values: Record<string, string | undefined>): Properties {
  return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
