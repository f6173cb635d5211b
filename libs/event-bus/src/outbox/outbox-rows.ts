import type { RelaySession } from './relay-session.ts';

export interface OutboxRow {
  readonly id: string;
  readonly shard: number;
  readonly topic: string;
  readonly key: string;
  readonly payload: string;
}

/** Rows of a batch, and how many of them one shard may have, so that a long queue in one leaves room for the others. */
export const batchRows = 500;
const batchRowsOfShard = 250;

/**
 * Looks each sent row up by the key and deletes it by its place. Joined outright, the planner reads the whole queue for each row that
 * was sent wherever its statistics are of a moment when the outbox was empty; `LIMIT` keeps the look-up from being joined.
 */
export const deleteRowsStatement = { name: 'crossdock-outbox-delete', text: `
  DELETE FROM outbox WHERE ctid = ANY (ARRAY(
    SELECT found.place FROM unnest($1::smallint[], $2::bigint[]) AS sent (shard, id)
    CROSS JOIN LATERAL (SELECT outbox.ctid AS place FROM outbox WHERE outbox.shard = sent.shard AND outbox.id = sent.id LIMIT 1) AS found))` };

/**
 * Reads what waits in shards, in order within each. A nested loop walks the shards one after the other and ends when the
 * batch is full, so that its cost follows the batch and not the length of the queue.
 */
export const readRowsStatement = { name: 'crossdock-outbox-read', text: `
  SELECT waiting.* FROM unnest($1::smallint[], $2::bigint[]) AS held (shard, after_id)
  CROSS JOIN LATERAL (
    SELECT id, shard, topic, key, payload FROM outbox
    WHERE outbox.shard = held.shard AND outbox.id > held.after_id
    ORDER BY id LIMIT ${batchRowsOfShard}) AS waiting
  LIMIT ${batchRows}` };

/**
 * @param shards in this order.
 * @param floor ids up to this one are known to be gone; dead rows there are not looked at.
 * @param onTheWay rows that are being sent, in order: of their shards only what lies behind them is read.
 */
export async function readRows(
  session: RelaySession, shards: readonly number[], floor: string, onTheWay: readonly OutboxRow[],
): Promise<readonly OutboxRow[]> {
  const lastIds = new Map(onTheWay.map(({ shard, id }) => [shard, id]));
  return await session.query(readRowsStatement, [shards, shards.map((shard) => lastIds.get(shard) ?? floor)]) as OutboxRow[];
}

/** Deletes what Kafka has acknowledged, by id: a row that committed late among them stays. */
export async function deleteRows(session: RelaySession, rows: readonly OutboxRow[]): Promise<void> {
  await session.query(deleteRowsStatement, [rows.map((row) => row.shard), rows.map((row) => row.id)]);
}
