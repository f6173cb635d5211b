import type { Connection } from '@crossdock/connections';
import type { Failure, ObjectDescription } from '@crossdock/contracts';
import type { RecordWrite, RecordWritten } from './crm-record.ts';

/** What became of a write: `not_taken` is one that goes better by itself, and was not written. */
export type BulkOutcome = RecordWritten | Failure | 'not_taken';

/** How far the vendor's jobs for some writes are. */
export interface BulkProgress {
  /** What was kept last, in the writer's own words; absent at the beginning. */
  readonly kept?: string;
  /**
   * Keeps where the writing stands, whatever happens to this process afterwards. It is kept before the vendor begins, so that
   * nobody has the same writes done by a second job.
   */
  readonly keep: (text: string) => Promise<void>;
}

/** The vendor's own way to write very many records, by jobs that it does in its own time. */
export interface BulkWriter {
  /** From so many writes of a kind on, jobs take fewer of the account's calls. */
  readonly from: number;
  /** So many writes may be handed over at once. */
  readonly most: number;

  /**
   * Begins the jobs for these writes, or goes on with them: then the writes are the same, in the same order, and `kept` is what
   * was kept last.
   * @returns one outcome a write, in order, as `RecordConnector.write` gives it; undefined while the vendor is at it, to be
   * asked again after a while.
   * @throws Failure where the jobs can neither be begun nor be asked for now.
   */
  write(
    connection: Connection, description: ObjectDescription, writes: readonly RecordWrite[], progress: BulkProgress, signal: AbortSignal,
  ): Promise<BulkOutcome[] | undefined>;
}

/** What else there is to do about the writes that jobs took, such as the contacts of deals, with what becomes of their outcomes by that. */
export async function afterJobs(
  writes: readonly RecordWrite[], outcomes: readonly BulkOutcome[],
  change: (writes: readonly RecordWrite[], outcomes: ReadonlyArray<RecordWritten | Failure>) => Promise<ReadonlyArray<RecordWritten | Failure>>,
): Promise<BulkOutcome[]> {
  const done = outcomes.flatMap((outcome, index) => {
    const write = writes[index];
    return outcome === 'not_taken' || write === undefined ? [] : [{ index, outcome, write }];
  });
  const changed = await change(done.map(({ write }) => write), done.map(({ outcome }) => outcome));
  const byIndex = new Map(done.map(({ index }, position) => [index, changed[position]]));
  return outcomes.map((outcome, index) => byIndex.get(index) ?? outcome);
}
