import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Shipments, and what carriers reported of tracking numbers. */
export class CreateShipping1795240000000 implements MigrationInterface {
  readonly name = 'CreateShipping1795240000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE shipment (
        shipment_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        idempotency_key text NOT NULL,
        request_hash text NOT NULL,
        request jsonb NOT NULL,
        order_id uuid,
        sample jsonb,
        status text NOT NULL,
        status_since timestamptz(3) NOT NULL,
        chosen_rate jsonb,
        label jsonb,
        carrier text,
        tracking_number text,
        delivered_at timestamptz(3),
        failure jsonb,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        UNIQUE (tenant_id, idempotency_key),
        CHECK ((carrier IS NULL) = (tracking_number IS NULL))
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX shipment_tracking ON shipment (tenant_id, connection_id, tracking_number, carrier)
      WHERE tracking_number IS NOT NULL`);
    await runner.query(`
      CREATE TABLE tracking_report (
        report_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        carrier text NOT NULL,
        tracking_number text NOT NULL,
        status text NOT NULL,
        substatus text,
        occurred_at timestamptz(3) NOT NULL,
        test boolean NOT NULL,
        received_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE INDEX tracking_report_number ON tracking_report (tenant_id, connection_id, tracking_number, carrier)`);
    for (const table of ['shipment', 'tracking_report']) {
      for (const statement of tenantTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['tracking_report', 'shipment']) await runner.query(`DROP TABLE ${table}`);
  }
}
