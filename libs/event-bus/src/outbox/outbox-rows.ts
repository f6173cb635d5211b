import type { RelaySession } from './relay-session.ts';

export interface OutboxRow {
  readonly id: string;
  readonly shard: number;
  readonly topic: string;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly payload: string;
}

/** Rows of a batch, and how many of them one shard may have, so that a long queue in one leaves room for the others. */
const batchRows = 500;
const batchRowsOfShard = 250;

/**
 * Reads what waits in shards, in order within each. A nested loop walks the shards one after the other and ends when the
 * batch is full, so that its cost follows the batch and not the length of the queue.
 * @param floor ids up to this one are known to be gone; dead rows there are not looked at.
 * @param onTheWay ids that are being sent.
 */
export const readStatement = `
  SELECT waiting.* FROM unnest($1::smallint[]) AS held (shard)
  CROSS JOIN LATERAL (
    SELECT id, shard, topic, key, headers, payload FROM outbox
    WHERE outbox.shard = held.shard AND id > $2::bigint AND id <> ALL($3::bigint[])
    ORDER BY id LIMIT ${batchRowsOfShard}) AS waiting
  LIMIT ${batchRows}`;

export async function readRows(
  session: RelaySession, shards: readonly number[], floor: string, onTheWay: readonly string[],
): Promise<readonly OutboxRow[]> {
  return await session.query(readStatement, [shards, floor, onTheWay]) as OutboxRow[];
}

/** Deletes what Kafka has acknowledged, by id: a row that committed late among them stays. */
export async function deleteRows(session: RelaySession, rows: readonly OutboxRow[]): Promise<void> {
  await session.query(
    `DELETE FROM outbox USING unnest($1::smallint[], $2::bigint[]) AS sent (shard, id)
     WHERE outbox.shard = sent.shard AND outbox.id = sent.id`,
    [rows.map((row) => row.shard), rows.map((row) => row.id)]);
}
