import type { TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';

/** Messages of one partition, from the first to the last offset. */
export interface OffsetRange {
  readonly topic: string;
  readonly partition: number;
  readonly first: string;
  readonly last: string;
}

/** A range that was begun and not ended, because the process died. */
export interface OpenStart extends OffsetRange {
  readonly starts: number;
}

/**
 * Notes what is begun before it is handled, and strikes the note out in the transaction of its effects. What is found
 * begun after a restart may hold the message that ended the process: no handler's error tells of that one.
 */
export class ConsumeStarts {
  readonly #database: TenantDatabase;
  readonly #consumer: string;

  constructor(database: TenantDatabase, consumer: string) {
    this.#database = database;
    this.#consumer = consumer;
  }

  /** Notes a range as begun, unless an earlier start that touches it is open: then that is given back and stays noted. */
  begin(range: OffsetRange): Promise<OpenStart | undefined> {
    return this.#database.systemTransaction(async (manager) => {
      const [open] = await manager.query<Array<{ first: string; last: string; starts: number }>>(
        `SELECT first_offset AS first, last_offset AS last, starts FROM consume_start
         WHERE consumer = $1 AND topic = $2 AND kafka_partition = $3 AND starts > 0 AND first_offset <= $5 AND last_offset >= $4`,
        [this.#consumer, range.topic, range.partition, range.first, range.last]);
      if (open) return { ...range, ...open };
      await this.#write(manager, range, 1);
      return undefined;
    });
  }

  /** Notes how often one message has been begun by now. */
  async count(message: OffsetRange, starts: number): Promise<void> {
    await this.#database.systemTransaction((manager) => this.#write(manager, message, starts));
  }

  /** Strikes the partition's note out, in the caller's system transaction. */
  async end(manager: EntityManager, { topic, partition }: Pick<OffsetRange, 'topic' | 'partition'>): Promise<void> {
    await manager.query('UPDATE consume_start SET starts = 0 WHERE consumer = $1 AND topic = $2 AND kafka_partition = $3', [this.#consumer, topic, partition]);
  }

  /** The note outlives the process, which is all it is for; that it also outlives the database need not be waited for. */
  async #write(manager: EntityManager, { topic, partition, first, last }: OffsetRange, starts: number): Promise<void> {
    await manager.query(
      `WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))
       INSERT INTO consume_start (consumer, topic, kafka_partition, first_offset, last_offset, starts)
       SELECT $1, $2, $3, $4, $5, $6 FROM quick
       ON CONFLICT (consumer, topic, kafka_partition) DO UPDATE
       SET first_offset = excluded.first_offset, last_offset = excluded.last_offset, starts = excluded.starts`,
      [this.#consumer, topic, partition, first, last, starts]);
  }
}
