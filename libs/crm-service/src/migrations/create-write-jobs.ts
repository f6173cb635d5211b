import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Writes that go by a vendor's jobs: how far each job is, and what became of its records until their tasks have ended. */
export class CreateWriteJobs1763700000026 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `CREATE TABLE write_job (
         id uuid PRIMARY KEY,
         tenant_id uuid NOT NULL,
         connection_id uuid NOT NULL,
         object text NOT NULL,
         is_gathering boolean NOT NULL DEFAULT true,
         records integer NOT NULL DEFAULT 0,
         added_at timestamptz NOT NULL DEFAULT now(),
         kept text,
         created_at timestamptz NOT NULL DEFAULT now()
       )`,
      'CREATE INDEX write_job_gathering ON write_job (tenant_id, connection_id, object) WHERE is_gathering',
      `CREATE TABLE write_job_record (
         task_id bigint PRIMARY KEY,
         tenant_id uuid NOT NULL,
         job_id uuid NOT NULL,
         plan jsonb NOT NULL,
         outcome jsonb
       )`,
      'CREATE INDEX write_job_record_job ON write_job_record (job_id, task_id)',
      ...tenantTablePolicy('write_job'),
      ...tenantTablePolicy('write_job_record'),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE write_job_record, write_job');
  }
}
