import type { Connection } from '@crossdock/connections';
import type { ChangeSubscription } from '../change-subscription.ts';
import type { RecordRef } from './crm-record.ts';

/** What an account's stream has told. */
export interface HeardChanges {
  /** Records that are new, changed or gone; what they are now is for a reading to say. */
  readonly touched: readonly RecordRef[];
  /** More may have changed than the stream could tell: it is to be asked for. */
  readonly isIncomplete: boolean;
  /** From where to go on listening; absent while nothing was told that has a place. It holds no personal data. */
  readonly place?: string;
}

/** A vendor's way to tell of changes over a line that the hub keeps open, where others send webhooks. */
export interface ChangeStream {
  /**
   * Has the account tell of changes; what it tells already is left as it is.
   * @returns `stream` where it can be listened to, and otherwise why not.
   * @throws Failure where the account gave no answer.
   */
  prepare(connection: Connection, signal: AbortSignal): Promise<ChangeSubscription>;

  /**
   * Listens until the vendor ends the session, which is no fault: listening begins anew at the last place. Each change is told at
   * least once; `hear` is awaited before anything else is asked for.
   * @param place where listening stood; absent, from now on, which `hear` is told of as incomplete once the line stands.
   * @throws Failure `cursor_expired` where the vendor does not know the place any more, `quota_exhausted` where the account's
   * events are used up, and that of `hear`.
   */
  listen(connection: Connection, place: string | undefined, hear: (heard: HeardChanges) => Promise<void>, signal: AbortSignal): Promise<void>;
}
