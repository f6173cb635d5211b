import type { Producer } from 'kafkajs';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { QueryRunner } from 'typeorm';
import { endSystemSession, type TenantDatabase } from '@crossdock/tenancy';
import { v4 as uuid } from 'uuid';
import { BackgroundLoop } from '@crossdock/background-loop';

interface OutboxRow {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly payload: string;
}

const batchRows = 500;
const leaseSeconds = 5;
const leaseRenewalMs = 1_500;
/** The safety net where a wake-up is missed, and how a standby relay notices that shards are free. */
const idlePollMs = 250;
const faultPauseMs = 1_000;

/**
 * Takes rows out of the outbox, publishes them to Kafka and deletes them once the brokers have acknowledged.
 *
 * It keeps no cursor: a row whose transaction commits late is simply there in the next round. It holds shards by lease,
 * so that the rows of one key go out in order while another relay takes over from a dead one. A crash between
 * acknowledgement and deletion repeats rows under the same event id; the inbox of each consumer absorbs that.
 */
export class OutboxRelay {
  readonly #holder = uuid();
  readonly #database: TenantDatabase;
  readonly #producer: Producer;
  readonly #topicPrefix: string;
  readonly #logger: Logger;
  readonly #loop: BackgroundLoop;
  readonly #published: Counter<'topic'>;
  readonly #publishDuration: Histogram;
  #session: QueryRunner | undefined;
  #connected = false;
  #shards: readonly number[] = [];
  #leasedAtMs = 0;

  constructor(options: {
    readonly database: TenantDatabase;
    readonly producer: Producer;
    readonly topicPrefix: string;
    readonly logger: Logger;
    readonly metrics: Registry;
  }) {
    this.#database = options.database;
    this.#producer = options.producer;
    this.#topicPrefix = options.topicPrefix;
    this.#logger = options.logger;
    this.#published = new Counter({
      name: 'crossdock_outbox_published_total', help: 'Outbox rows acknowledged by Kafka.',
      labelNames: ['topic'], registers: [options.metrics],
    });
    this.#publishDuration = new Histogram({
      name: 'crossdock_outbox_publish_duration_seconds', help: 'Time from sending a batch to its acknowledgement.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5], registers: [options.metrics],
    });
    this.#loop = new BackgroundLoop({
      round: () => this.#round(),
      onFault: (error) => this.#recover(error),
      idleMs: idlePollMs,
      faultPauseMs,
    });
  }

  start(): void {
    this.#loop.start();
  }

  /** Looks at the outbox at once instead of at the next poll. */
  wake(): void {
    this.#loop.wake();
  }

  /** Ends after the round under way and gives the shards back, so that another relay need not wait for the lease. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    if (this.#session) {
      await this.#session.query(`UPDATE outbox_shard SET holder = NULL, lease_until = '-infinity' WHERE holder = $1`, [this.#holder])
        .catch((error: unknown) => this.#logger.warn({ err: error }, 'outbox shards were not given back; their lease runs out by itself'));
      await this.#closeSession();
    }
    if (this.#connected) await this.#producer.disconnect();
  }

  async #round(): Promise<'busy' | 'idle'> {
    this.#session ??= await this.#database.systemSession();
    await this.#leaseShards(this.#session);
    if (this.#shards.length === 0) return 'idle';
    const rows = await this.#session.query(
      `SELECT id, topic, key, headers, payload FROM outbox WHERE shard = ANY($1) ORDER BY id LIMIT ${batchRows}`,
      [this.#shards],
    ) as OutboxRow[];
    if (rows.length === 0) return 'idle';
    await this.#publish(rows);
    await this.#session.query('DELETE FROM outbox WHERE id = ANY($1::bigint[])', [rows.map((row) => row.id)]);
    return rows.length === batchRows ? 'busy' : 'idle';
  }

  async #leaseShards(session: QueryRunner): Promise<void> {
    if (this.#shards.length > 0 && Date.now() - this.#leasedAtMs < leaseRenewalMs) return;
    const [held] = await session.query(
      `UPDATE outbox_shard SET holder = $1, lease_until = now() + make_interval(secs => ${leaseSeconds})
       WHERE holder = $1 OR lease_until < now() RETURNING shard`,
      [this.#holder],
    ) as [Array<{ shard: number }>, number];
    this.#shards = held.map((row) => row.shard);
    this.#leasedAtMs = Date.now();
  }

  async #publish(rows: readonly OutboxRow[]): Promise<void> {
    if (!this.#connected) {
      await this.#producer.connect();
      this.#connected = true;
    }
    const byTopic = Map.groupBy(rows, (row) => row.topic);
    const stopTimer = this.#publishDuration.startTimer();
    await this.#producer.sendBatch({
      acks: -1,
      topicMessages: [...byTopic].map(([topic, topicRows]) => ({
        topic: this.#topicPrefix + topic,
        messages: topicRows.map((row) => ({ key: row.key, value: row.payload, headers: row.headers })),
      })),
    });
    stopTimer();
    for (const [topic, topicRows] of byTopic) this.#published.inc({ topic }, topicRows.length);
  }

  /** After a fault nothing is known of the connection or the lease: both are taken anew. */
  async #recover(error: unknown): Promise<void> {
    this.#logger.error({ err: error }, 'the outbox relay could not publish; events wait in the outbox and go out when it can');
    this.#leasedAtMs = 0;
    this.#shards = [];
    await this.#closeSession();
  }

  async #closeSession(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session) await endSystemSession(session).catch(() => undefined);
  }
}
