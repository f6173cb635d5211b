import type { DealStatus } from '@crossdock/contracts';

/** The unique field of contacts, accounts and deals that keeps the hub's key; Zoho makes the name of the label that the set-up gives it. */
export const keyField = 'Crossdock_Key';
export const keyFieldLabel = 'Crossdock Key';
/** The deal field that says where its order stands. */
export const orderStatusField = 'Crossdock_Order_Status';
export const orderStatusFieldLabel = 'Crossdock Order Status';
/** The deal fields that say what was ordered, and at which shop. */
export const lineItemsField = 'Crossdock_Line_Items';
export const lineItemsFieldLabel = 'Crossdock Line Items';
export const orderSourceField = 'Crossdock_Order_Source';
export const orderSourceFieldLabel = 'Crossdock Order Source';
/** The deal fields that ask for a sample, and say where it stands. */
export const sampleRequestField = 'Crossdock_Sample_Request';
export const sampleRequestFieldLabel = 'Crossdock Sample Request';
export const sampleStatusField = 'Crossdock_Sample_Status';
export const sampleStatusFieldLabel = 'Crossdock Sample Status';

/** Of an organisation with several currencies: the field that says which one a record's amounts are in. */
export const currencyField = 'Currency';

/** The stages of an organisation's deals by what they mean. */
export interface DealStages {
  readonly statusOf: ReadonlyMap<string, DealStatus>;
  /** The stage that a deal of each status is put into. */
  readonly first: Readonly<Record<DealStatus, string>>;
}
