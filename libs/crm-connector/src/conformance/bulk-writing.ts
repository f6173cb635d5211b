import type { Connection } from '@crossdock/connections';
import { asFailure, Failure, type ObjectDescription } from '@crossdock/contracts';
import type { CrmConnector } from '../crm-connector.ts';
import type { RecordWrite, RecordWritten } from '../records/crm-record.ts';

/** Writes records by the vendor's jobs to the end, and by themselves what the jobs do not take; a result a write, in order. */
export async function writeByJobs(
  connector: CrmConnector, connection: Connection, description: ObjectDescription, writes: readonly RecordWrite[], signal: AbortSignal,
): Promise<Array<RecordWritten | Failure>> {
  const { bulk } = connector;
  if (!bulk) throw new Error(`${connector.vendor} has no jobs for many writes.`);
  let kept: string | undefined;
  const keep = async (text: string): Promise<void> => {
    kept = text;
  };
  try {
    for (;;) {
      const outcomes = await bulk.write(connection, description, writes, { ...(kept !== undefined && { kept }), keep }, signal);
      if (!outcomes) continue;
      const left = writes.filter((_, index) => outcomes[index] === 'not_taken');
      const results = left.length === 0 ? [] : await connector.write(connection, description, left, signal);
      return outcomes.map((outcome) => (outcome === 'not_taken' ? results.shift() ?? new Failure('unexpected', 'The write got no result.') : outcome));
    }
  } catch (thrown) {
    const failure = asFailure(thrown);
    return writes.map(() => failure);
  }
}
