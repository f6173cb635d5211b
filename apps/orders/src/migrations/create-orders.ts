import { tenantTablePolicy } from '@crossdock/tenancy';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders, how they move, what was decided about them, what was asked of the CRM for them, and how far each shop is known. */
export class CreateOrders1795240000000 implements MigrationInterface {
  readonly name = 'CreateOrders1795240000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE customer_order (
        order_id uuid PRIMARY KEY,
        tenant_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        external_id text NOT NULL,
        status text NOT NULL,
        status_since timestamptz(3) NOT NULL,
        shop_word text NOT NULL,
        status_known boolean NOT NULL,
        canonical jsonb NOT NULL,
        modified_at timestamptz(3) NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        deleted_at timestamptz(3),
        crm_vendor text,
        crm_connection_id uuid,
        crm_sync jsonb NOT NULL,
        crm_order_id text GENERATED ALWAYS AS (crm_sync ->> 'dealId') STORED,
        contact_wanted jsonb,
        deal_wanted jsonb,
        deal_lines_digest uuid,
        deal_status text,
        deal_modified_at timestamptz(3),
        deal_written_at timestamptz(3),
        decided_in_crm text,
        deal_words jsonb NOT NULL,
        own_deal_words jsonb NOT NULL,
        verification jsonb,
        shop_wanted jsonb,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        UNIQUE (tenant_id, connection_id, external_id)
      )`);
    await runner.query('CREATE INDEX customer_order_newest ON customer_order (tenant_id, created_at DESC, order_id DESC)');
    await runner.query('CREATE INDEX customer_order_status ON customer_order (tenant_id, status, created_at DESC, order_id DESC)');
    await runner.query(`
      CREATE UNIQUE INDEX customer_order_deal ON customer_order (tenant_id, crm_connection_id, crm_order_id)
      WHERE crm_order_id IS NOT NULL`);
    await runner.query(`
      CREATE TABLE order_decision (
        decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        tenant_id uuid NOT NULL,
        order_id uuid NOT NULL REFERENCES customer_order ON DELETE CASCADE,
        decided_at timestamptz(3) NOT NULL,
        kind text NOT NULL,
        detail jsonb NOT NULL,
        correlation_id uuid NOT NULL,
        causation_id uuid
      )`);
    await runner.query('CREATE INDEX order_decision_timeline ON order_decision (order_id, decision_id)');
    await runner.query(`
      CREATE TABLE crm_request (
        request_id uuid NOT NULL,
        tenant_id uuid NOT NULL,
        order_id uuid NOT NULL REFERENCES customer_order ON DELETE CASCADE,
        object text NOT NULL,
        revision integer NOT NULL,
        requested_at timestamptz(3) NOT NULL,
        outcome text CHECK (outcome IN ('upserted', 'refused')),
        PRIMARY KEY (request_id, object)
      )`);
    await runner.query('CREATE INDEX crm_request_order ON crm_request (order_id)');
    await runner.query(`
      CREATE TABLE shop_poll (
        tenant_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        modified_at timestamptz(3) NOT NULL,
        PRIMARY KEY (tenant_id, connection_id)
      )`);
    await runner.query(`
      CREATE TABLE order_machine (
        tenant_id uuid NOT NULL,
        version integer NOT NULL CHECK (version > 0),
        definition jsonb NOT NULL,
        saved_by text NOT NULL,
        saved_at timestamptz(3) NOT NULL DEFAULT now(),
        is_active boolean NOT NULL,
        PRIMARY KEY (tenant_id, version)
      )`);
    await runner.query(`
      CREATE TABLE followed_crm (
        tenant_id uuid NOT NULL,
        connection_id uuid NOT NULL,
        poll_every_seconds integer NOT NULL,
        PRIMARY KEY (tenant_id, connection_id)
      )`);
    await runner.query('CREATE UNIQUE INDEX order_machine_active ON order_machine (tenant_id) WHERE is_active');
    await runner.query(`CREATE INDEX customer_order_placed ON customer_order (tenant_id, connection_id, (canonical ->> 'placedAt'), order_id)`);
    await runner.query(`
      CREATE TABLE order_drift (
        place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        tenant_id uuid NOT NULL,
        comparison_id uuid NOT NULL,
        external_id text NOT NULL,
        order_id uuid,
        side text NOT NULL CHECK (side IN ('shop', 'crm')),
        field text NOT NULL,
        here text NOT NULL,
        there text NOT NULL,
        repaired boolean NOT NULL,
        found_at timestamptz(3) NOT NULL DEFAULT now(),
        UNIQUE (comparison_id, side, external_id, field)
      )`);
    await runner.query('CREATE INDEX order_drift_age ON order_drift (tenant_id, found_at)');
    await runner.query(`
      CREATE TABLE order_seen (
        tenant_id uuid NOT NULL,
        comparison_id uuid NOT NULL,
        external_id text NOT NULL,
        PRIMARY KEY (comparison_id, external_id)
      )`);
    await runner.query(`
      CREATE TABLE deal_question (
        tenant_id uuid NOT NULL,
        comparison_id uuid NOT NULL,
        order_id uuid NOT NULL REFERENCES customer_order ON DELETE CASCADE,
        revision integer NOT NULL,
        repairs boolean NOT NULL,
        PRIMARY KEY (order_id, comparison_id)
      )`);
    await runner.query('CREATE INDEX deal_question_open ON deal_question (comparison_id)');
    for (const table of ['customer_order', 'order_decision', 'crm_request', 'shop_poll', 'order_machine', 'followed_crm', 'order_drift', 'order_seen', 'deal_question']) {
      for (const statement of tenantTablePolicy(table)) await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['deal_question', 'order_seen', 'order_drift', 'followed_crm', 'order_machine', 'shop_poll', 'crm_request', 'order_decision', 'customer_order']) await runner.query(`DROP TABLE ${table}`);
  }
}
