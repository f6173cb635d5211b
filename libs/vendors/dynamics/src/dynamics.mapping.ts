import {
  dealSchema, deterministicId, Failure, formatDecimal, orderStatusSchema, parseMoney,
  type ContactFields, type Deal, type DealFields, type DealStatus, type Money,
} from '@crossdock/contracts';
import { z } from 'zod';

/** The column of accounts, contacts and opportunities that keeps the hub's key for people and for reading; rows are found by their id. A prefix has at most eight letters. */
export const keyColumn = 'xdock_externalkey';
/** The column of opportunities that says where the order stands; an environment may be without it. */
export const orderStatusColumn = 'xdock_orderstatus';

/**
 * Ids that follow from what a record is known by. An upsert by id needs no alternate key, whose values may hold neither
 * `/` nor `+`, and which has to be indexed first.
 */
export function contactIdFor(accountId: string, email: string): string {
  return deterministicId('dynamics contact', accountId, email.toLowerCase());
}
export function opportunityIdFor(accountId: string, externalKey: string): string {
  return deterministicId('dynamics opportunity', accountId, externalKey);
}
/** The row that leads from an opportunity to a further contact. */
export function connectionIdFor(opportunityId: string, contactId: string): string {
  return deterministicId('dynamics connection', opportunityId, contactId);
}

type Values = Record<string, string | number | boolean>;

/** A contact as it is sent; what is unknown is left alone, not cleared. */
export function toContact(fields: ContactFields & { email: string }, { exists }: { readonly exists: boolean }): Values {
  const lastName = fields.lastName ?? (exists ? undefined : fields.email.toLowerCase().slice(0, 50));
  return {
    ...(!exists && { emailaddress1: fields.email.toLowerCase() }),
    ...(fields.phone !== undefined && { telephone1: fields.phone }),
    ...(fields.firstName !== undefined && { firstname: fields.firstName.slice(0, 50) }),
    ...(lastName !== undefined && { lastname: lastName.slice(0, 50) }),
    ...(fields.country !== undefined && { address1_country: fields.country }),
  };
}

/** States of an opportunity: open, won, lost; and the reason that each begins with. */
export const stateOf: Readonly<Record<DealStatus, number>> = { open: 0, won: 1, lost: 2 };
const closingStatus = { won: 3, lost: 4 } as const;

export interface OpportunityReferences {
  /** Row of the amount's currency. */
  readonly currencyId: string | undefined;
  /** The contact to be the opportunity's own; undefined leaves the one that people gave it. */
  readonly contactId: string | undefined;
  /** Whether opportunities keep where the order stands. */
  readonly hasOrderStatus: boolean;
}

/** An opportunity as it is sent. Its state is not a column that is written: closing it is an action. */
export function toOpportunity(externalKey: string, fields: DealFields, { currencyId, contactId, hasOrderStatus }: OpportunityReferences): Values {
  return {
    name: fields.name,
    [keyColumn]: externalKey,
    ...(fields.amount && { estimatedvalue: Number(formatDecimal(fields.amount)), isrevenuesystemcalculated: false }),
    ...(hasOrderStatus && fields.orderStatus !== undefined && { [orderStatusColumn]: fields.orderStatus }),
    ...(currencyId !== undefined && { 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${currencyId})` }),
    ...(contactId !== undefined && { 'parentcontactid@odata.bind': `/contacts(${contactId})` }),
  };
}

/** What closes an opportunity; Dataverse keeps the day only. */
export function toClosing(opportunityId: string, { status, closedAt, amount }: DealFields & { status: 'won' | 'lost' }): Record<string, unknown> {
  return {
    Status: closingStatus[status],
    OpportunityClose: {
      subject: status === 'won' ? 'Won' : 'Lost',
      'opportunityid@odata.bind': `/opportunities(${opportunityId})`,
      ...(closedAt !== undefined && { actualend: closedAt }),
      ...(status === 'won' && amount && { actualrevenue: Number(formatDecimal(amount)) }),
    },
  };
}

/** An opportunity as it is read. */
export const opportunitySchema = z.object({
  opportunityid: z.uuid(),
  name: z.string().nullish(),
  statecode: z.int(),
  stepname: z.string().nullish(),
  estimatedvalue: z.number().nullish(),
  actualvalue: z.number().nullish(),
  actualclosedate: z.string().nullish(),
  modifiedon: z.string(),
  _parentcontactid_value: z.uuid().nullish(),
  _transactioncurrencyid_value: z.uuid().nullish(),
  [keyColumn]: z.string().nullish(),
  [orderStatusColumn]: z.string().nullish(),
});
export type Opportunity = z.infer<typeof opportunitySchema>;

/** Which columns are asked for when opportunities are read. */
export function opportunityColumns(hasOrderStatus: boolean): string {
  return Object.keys(opportunitySchema.shape).filter((name) => name !== orderStatusColumn || hasOrderStatus).join(',');
}

/** @returns a Failure `invalid` where the opportunity has no canonical form, such as an amount of a tenth of a cent. */
export function toDeal(
  opportunity: Opportunity, contacts: Deal['contacts'], { connectionId, currencies }: { readonly connectionId: string; readonly currencies: ReadonlyMap<string, string> },
): Deal | Failure {
  const { opportunityid: id, statecode, stepname, actualclosedate, [keyColumn]: externalKey } = opportunity;
  const status = statecode === stateOf.won ? 'won' : statecode === stateOf.lost ? 'lost' : 'open';
  const amount = amountOf(opportunity, status, currencies);
  if (amount instanceof Failure) return amount;
  const modified = new Date(opportunity.modifiedon);
  // People may write into the column what is no status of an order.
  const orderStatus = orderStatusSchema.safeParse(opportunity[orderStatusColumn]);
  const parsed = dealSchema.safeParse({
    source: { vendor: 'dynamics', connectionId, externalId: id },
    modifiedAt: Number.isNaN(modified.getTime()) ? undefined : modified.toISOString(),
    name: opportunity.name ?? `Opportunity ${id}`,
    status,
    ...(amount && { amount }),
    ...(status !== 'open' && actualclosedate && { closedAt: `${actualclosedate.slice(0, 10)}T00:00:00.000Z` }),
    ...(stepname && { vendorStage: stepname }),
    ...(orderStatus.success && { orderStatus: orderStatus.data }),
    ...(externalKey && { externalKey }),
    contacts,
  });
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  return new Failure('invalid', `Dynamics opportunity ${id} has no canonical form: see its ${field}.`, { record: `dynamics opportunity ${id}`, field });
}

/** What was earned, where it was won; what is expected otherwise. */
function amountOf(opportunity: Opportunity, status: DealStatus, currencies: ReadonlyMap<string, string>): Money | Failure | undefined {
  const value = (status === 'won' ? opportunity.actualvalue : undefined) ?? opportunity.estimatedvalue;
  const currency = currencies.get(opportunity._transactioncurrencyid_value ?? '');
  if (value === undefined || value === null || currency === undefined) return undefined;
  return parseMoney(value, currency) ?? new Failure('invalid', `The amount of Dynamics opportunity ${opportunity.opportunityid} is no whole number of minor units of ${currency}.`, {
    record: `dynamics opportunity ${opportunity.opportunityid}`, field: 'estimatedvalue',
  });
}
