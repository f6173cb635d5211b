import type { Connection } from '@crossdock/connections';
import type { CapabilityReport, CrmVendor, Deal, Failure, UpsertRecord } from '@crossdock/contracts';
import type { ChangeSubscription, ChangeTarget } from './change-subscription.ts';

/** What became of one record: it is in the CRM under this id, or the reason why not. */
export type UpsertResult = { readonly outcome: 'upserted'; readonly crmId: string; readonly created: boolean } | Failure;

/**
 * A CRM as the hub sees it. Each vendor's library has one implementation, and all of them pass the conformance suite.
 * Every call may be repeated: what was done before is found again, never done twice.
 */
export interface CrmConnector {
  readonly vendor: CrmVendor;

  /**
   * Makes these records exist in the CRM with these fields: a contact is found by its e-mail, a deal by its external
   * key. One record that the CRM refuses does not hold back the others. A deal that is `open` here keeps the stage
   * that people gave it in the CRM.
   * @returns one result a record, in the order of the records; it does not throw a `Failure`.
   */
  upsert(connection: Connection, records: readonly UpsertRecord[], signal: AbortSignal): Promise<UpsertResult[]>;

  /**
   * The latest state of these deals with their contacts and the contacts' e-mails.
   * @returns the deals by id, or why one has no canonical form; one that the CRM does not have, or has deleted, is absent.
   * @throws Failure where the CRM gave no answer.
   */
  getDeals(connection: Connection, ids: readonly string[], signal: AbortSignal): Promise<Map<string, Deal | Failure>>;

  /**
   * Finds out what the account really allows, by asking it and not by its edition's name; it writes nothing. It is asked
   * before the set-up and every week, as editions and permissions change. `capabilityReport` makes the answer.
   * @throws Failure where the account gave no answer; that its interface is closed is an answer (`none`).
   */
  probeCapabilities(connection: Connection, signal: AbortSignal): Promise<CapabilityReport>;

  /**
   * Prepares the account, such as creating the field that keeps our key. Does nothing where that was done before. It is
   * called in mode `full`, and in mode `light`, in which it may only look whether a person has made what is needed.
   * @throws Failure `forbidden` where something is missing that it may not make.
   */
  setUp(connection: Connection, signal: AbortSignal): Promise<void>;

  /**
   * Has the account tell of changes, or renews that; what it tells to this address already is not doubled. Absent where a
   * vendor tells of none, or by one address for all accounts.
   * @throws Failure
   */
  subscribe?(connection: Connection, target: ChangeTarget, signal: AbortSignal): Promise<ChangeSubscription>;
}
