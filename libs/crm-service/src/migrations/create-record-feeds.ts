import { infrastructureTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Up to where the changes of each account have been told, and whether they still are. */
export class CreateRecordFeeds1763700000022 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `CREATE TABLE record_feed (
         tenant_id uuid NOT NULL,
         connection_id uuid NOT NULL,
         object text NOT NULL,
         feed_id uuid,
         poll_every_seconds integer,
         cursor text,
         polled_at timestamptz,
         problem text,
         scan_job_id uuid,
         followers jsonb NOT NULL DEFAULT '{}',
         PRIMARY KEY (tenant_id, connection_id, object)
       )`,
      ...infrastructureTablePolicy('record_feed'),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE record_feed');
  }
}
