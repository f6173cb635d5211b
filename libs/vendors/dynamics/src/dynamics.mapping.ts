import { deterministicId, formatDecimal, type DealFields, type DealStatus } from '@crossdock/contracts';

/** The column of accounts, contacts and opportunities that keeps the hub's key for people and for reading; rows are found by their id. A prefix has at most eight letters. */
export const keyColumn = 'xdock_externalkey';
/** The column of opportunities that says where the order stands; an environment may be without it. */
export const orderStatusColumn = 'xdock_orderstatus';
/** The columns of opportunities that say what was ordered, and at which shop. */
export const lineItemsColumn = 'xdock_lineitems';
export const orderSourceColumn = 'xdock_ordersource';
/** The columns of opportunities that ask for a sample, and say where it stands. */
export const sampleRequestColumn = 'xdock_samplerequest';
export const sampleStatusColumn = 'xdock_samplestatus';

/**
 * Ids that follow from what a record is known by. An upsert by id needs no alternate key, whose values may hold neither
 * `/` nor `+`, and which has to be indexed first.
 */
export function opportunityIdFor(accountId: string, externalKey: string): string {
  return deterministicId('dynamics opportunity', accountId, externalKey);
}
/** The row that leads from an opportunity to a further contact. */
export function connectionIdFor(opportunityId: string, contactId: string): string {
  return deterministicId('dynamics connection', opportunityId, contactId);
}

/** States of an opportunity: open, won, lost; and the reason that each begins with. */
export const stateOf: Readonly<Record<DealStatus, number>> = { open: 0, won: 1, lost: 2 };
const closingStatus = { won: 3, lost: 4 } as const;

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
