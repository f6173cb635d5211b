import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which state of each CRM record was last said to the other services. */
export class CreateCrmRecords1763700000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const statements = [
      `CREATE TABLE crm_record (
         tenant_id uuid NOT NULL,
         connection_id uuid NOT NULL,
         object text NOT NULL,
         external_id text NOT NULL,
         modified_at timestamptz NOT NULL,
         digest bytea NOT NULL,
         gone text,
         merged_into text,
         seen_at timestamptz NOT NULL DEFAULT now(),
         scan_id uuid,
         told integer NOT NULL DEFAULT 1,
         PRIMARY KEY (tenant_id, connection_id, object, external_id)
       )`,
      ...tenantTablePolicy('crm_record'),
    ];
    for (const statement of statements) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE crm_record');
  }
}
