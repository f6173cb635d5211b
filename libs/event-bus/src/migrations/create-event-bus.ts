import { infrastructureTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { outboxShards } from '../outbox/outbox-shard.ts';
import { createInbox, createInboxUpkeep } from './inbox-tables.ts';

/** Outbox with its shard leases, inbox and dead letters: the same tables in every service's schema. */
export class CreateEventBus1763700000001 implements MigrationInterface {
  readonly name = 'CreateEventBus1763700000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY (CACHE 1),
        tenant_id uuid NOT NULL,
        shard smallint NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        payload text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (shard, id)
      )`);
    await runner.query(`
      CREATE TABLE outbox_relay (
        id uuid PRIMARY KEY,
        lease_until timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE outbox_shard (
        shard smallint PRIMARY KEY,
        holder uuid,
        lease_until timestamptz NOT NULL DEFAULT '-infinity'
      )`);
    await runner.query('INSERT INTO outbox_shard (shard) SELECT generate_series(0, $1::int - 1)', [outboxShards]);
    for (const statement of createInbox) await runner.query(statement);
    const [{ schema }] = await runner.query('SELECT current_schema() AS schema') as [{ schema: string }];
    for (const statement of createInboxUpkeep(schema)) await runner.query(statement);
    await runner.query('SELECT keep_inbox_days(14)');
    await runner.query(`
      CREATE TABLE dead_letter (
        id uuid PRIMARY KEY,
        tenant_id uuid,
        origin text NOT NULL CHECK (origin IN ('event', 'task', 'webhook')),
        kind text NOT NULL,
        reason text NOT NULL,
        error text NOT NULL,
        topic text,
        kafka_partition integer,
        kafka_offset bigint,
        message_key text,
        headers jsonb NOT NULL DEFAULT '{}',
        body bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        UNIQUE (topic, kafka_partition, kafka_offset)
      )`);
    // As they are listed page by page: of all tenants, and of one.
    await runner.query('CREATE INDEX dead_letter_listed ON dead_letter (created_at, (id::text) COLLATE "C")');
    await runner.query('CREATE INDEX dead_letter_of_tenant ON dead_letter (tenant_id, created_at, (id::text) COLLATE "C")');
    for (const table of ['outbox', 'dead_letter']) {
      for (const statement of infrastructureTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION keep_inbox_days');
    for (const table of ['dead_letter', 'consume_start', 'inbox_upkeep', 'inbox', 'outbox_shard', 'outbox_relay', 'outbox']) await runner.query(`DROP TABLE ${table}`);
  }
}
