import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const tables = ['shipment', 'tracking_report', 'shipping_policy', 'sample_kit', 'kit_reservation', 'sample_request', 'manifest', 'manifest_day'];

/** Shipments, what carriers reported of tracking numbers, what tenants allow, and their stock of sample kits. */
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
        kind text NOT NULL,
        request jsonb,
        return_of uuid REFERENCES shipment,
        order_id uuid,
        sample jsonb,
        batch_id uuid,
        manifest_id uuid,
        status text NOT NULL,
        status_since timestamptz(3) NOT NULL,
        chosen_rate jsonb,
        purchase_begun_at timestamptz(3),
        label jsonb,
        test boolean,
        refund jsonb,
        carrier text,
        tracking_number text,
        delivered_at timestamptz(3),
        failure jsonb,
        heard_at timestamptz(3) NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        UNIQUE (tenant_id, idempotency_key),
        CHECK ((request IS NULL) = (kind = 'elsewhere')),
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
        action_required boolean,
        occurred_at timestamptz(3) NOT NULL,
        test boolean NOT NULL,
        received_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE INDEX tracking_report_number ON tracking_report (tenant_id, connection_id, tracking_number, carrier)`);
    await runner.query('CREATE INDEX shipment_order ON shipment (tenant_id, order_id) WHERE order_id IS NOT NULL');
    await runner.query('CREATE INDEX shipment_newest ON shipment (tenant_id, created_at DESC, shipment_id DESC)');
    await runner.query(`
      CREATE TABLE shipping_policy (
        tenant_id uuid PRIMARY KEY,
        policy jsonb NOT NULL,
        changed_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE sample_kit (
        kit_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        sku text NOT NULL,
        definition jsonb NOT NULL,
        on_hand int NOT NULL DEFAULT 0,
        reserved int NOT NULL DEFAULT 0,
        changed_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (tenant_id, sku),
        CHECK (reserved >= 0 AND on_hand >= reserved)
      )`);
    await runner.query(`
      CREATE TABLE kit_reservation (
        shipment_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        kit_id uuid NOT NULL REFERENCES sample_kit,
        quantity int NOT NULL CHECK (quantity > 0),
        state text NOT NULL CHECK (state IN ('reserved', 'taken', 'released'))
      )`);
    await runner.query(`
      CREATE TABLE sample_request (
        request_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        vendor text NOT NULL,
        connection_id uuid NOT NULL,
        deal_id text NOT NULL,
        round int NOT NULL,
        sku text NOT NULL,
        quantity int NOT NULL,
        campaign text,
        state text NOT NULL CHECK (state IN ('needs_recipient', 'refused', 'shipping', 'withdrawn')),
        detail text,
        shipment_id uuid,
        deal_modified_at timestamptz(3) NOT NULL,
        changed_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX sample_request_newest ON sample_request (tenant_id, changed_at DESC)');
    await runner.query(`
      CREATE TABLE manifest (
        manifest_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        request_hash text NOT NULL,
        plan jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('requested', 'ready', 'failed')),
        vendor_manifest_id text,
        documents jsonb NOT NULL DEFAULT '[]',
        message text,
        created_at timestamptz(3) NOT NULL DEFAULT now()
      )`);
    await runner.query('CREATE INDEX manifest_newest ON manifest (tenant_id, created_at DESC)');
    await runner.query(`
      CREATE TABLE manifest_day (
        tenant_id uuid NOT NULL,
        day date NOT NULL,
        closed_at timestamptz(3) NOT NULL DEFAULT now(),
        PRIMARY KEY (tenant_id, day)
      )`);
    await runner.query(`
      CREATE INDEX shipment_to_hand_over ON shipment (tenant_id, created_at)
      WHERE manifest_id IS NULL AND kind = 'outbound' AND status IN ('label_purchased', 'pre_transit')`);
    await runner.query('CREATE INDEX shipment_batch ON shipment (tenant_id, batch_id) WHERE batch_id IS NOT NULL');
    for (const table of tables) {
      for (const statement of tenantTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of tables.toReversed()) await runner.query(`DROP TABLE ${table}`);
  }
}
