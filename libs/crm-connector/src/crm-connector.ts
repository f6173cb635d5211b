import type { Connection } from '@crossdock/connections';
import type { CapabilityReport } from '@crossdock/contracts';
import type { ChangeSubscription, ChangeTarget } from './change-subscription.ts';
import type { RecordConnector } from './records/record-connector.ts';

/**
 * A CRM as the hub sees it: its records, and what an account of it needs to be of use. Each vendor's library has one implementation,
 * and all of them pass the conformance suite. Every call may be repeated: what was done before is found again, never done twice.
 */
export interface CrmConnector extends RecordConnector {
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
