import { runLater, type TenantDatabase } from '@crossdock/tenancy';
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

/** Up to and with `last`, all messages of the partition have come to their end. */
export type PassedOffset = Pick<OffsetRange, 'topic' | 'partition' | 'last'>;

/** The note outlives the process, which is all it is for; that it also outlives the database need not be waited for. */
const quick = `quick AS (SELECT set_config('synchronous_commit', 'off', true))`;
const note = 'INSERT INTO consume_start (consumer, topic, kafka_partition, first_offset, last_offset, starts)';
const orReplace = `ON CONFLICT (consumer, topic, kafka_partition) DO UPDATE
         SET first_offset = excluded.first_offset, last_offset = excluded.last_offset, starts = excluded.starts`;
const passStatement = `UPDATE consume_start SET first_offset = passed.last + 1, starts = CASE WHEN last_offset > passed.last THEN starts ELSE 0 END
   FROM unnest($2::text[], $3::int[], $4::bigint[]) AS passed (topic, kafka_partition, last)
   WHERE consumer = $1 AND consume_start.topic = passed.topic AND consume_start.kafka_partition = passed.kafka_partition`;

/**
 * Notes what is begun before it is handled, one note a batch of a partition, and takes what is done out of it in the transaction of its
 * effects. What is found begun after a restart may hold the message that ended the process: no handler's error tells of that one.
 */
export class ConsumeStarts {
  readonly #database: TenantDatabase;
  readonly #consumer: string;

  constructor(database: TenantDatabase, consumer: string) {
    this.#database = database;
    this.#consumer = consumer;
  }

  /** Notes ranges of different partitions as begun, each unless an earlier start that touches it is open: then that is given back for it and stays noted. */
  async beginAll(ranges: readonly OffsetRange[]): Promise<ReadonlyArray<{ readonly open: OpenStart | undefined }>> {
    const found = await this.#database.queryOutsideTenants<OpenStart>(
      `WITH ${quick}, range AS (
         SELECT * FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[]) AS range (topic, kafka_partition, first, last)
       ), open AS (
         SELECT topic, kafka_partition, first_offset, last_offset, starts FROM range JOIN consume_start USING (topic, kafka_partition)
         WHERE consumer = $1 AND starts > 0 AND first_offset <= range.last AND last_offset >= range.first
       ), noted AS (
         ${note} SELECT $1, topic, kafka_partition, first, last, 1 FROM quick, range
         WHERE NOT EXISTS (SELECT FROM open WHERE open.topic = range.topic AND open.kafka_partition = range.kafka_partition) ${orReplace}
       )
       SELECT topic, kafka_partition AS partition, first_offset AS first, last_offset AS last, starts FROM open`,
      [this.#consumer, ranges.map(({ topic }) => topic), ranges.map(({ partition }) => partition), ranges.map(({ first }) => first), ranges.map(({ last }) => last)]);
    return ranges.map(({ topic, partition }) => ({ open: found.find((start) => start.topic === topic && start.partition === partition) }));
  }

  /** Notes how often one message has been begun by now. */
  async count({ topic, partition, first, last }: OffsetRange, starts: number): Promise<void> {
    await this.#database.queryOutsideTenants(
      `WITH ${quick} ${note} SELECT $1, $2, $3, $4, $5, $6 FROM quick ${orReplace}`, [this.#consumer, topic, partition, first, last, starts]);
  }

  /** Says, in the transaction of their effects, that all messages of partitions up to an offset have come to their end: the notes are of those after it. */
  pass(manager: EntityManager, passed: readonly PassedOffset[]): void {
    runLater(manager, { text: passStatement, values: this.#passValues(passed) });
  }

  /** The same where their effects have committed before. */
  async passLater(passed: PassedOffset): Promise<void> {
    await this.#database.queryOutsideTenants(passStatement, this.#passValues([passed]));
  }

  #passValues(passed: readonly PassedOffset[]): Array<string | string[]> {
    return [this.#consumer, passed.map(({ topic }) => topic), passed.map(({ partition }) => String(partition)), passed.map(({ last }) => last)];
  }
}
