import { escapeIdentifier, type Client } from 'pg';

/** What is another one in every copy: an expression over `copy` and the copied row. */
const differing: Readonly<Record<string, string>> = {
  order_id: 'gen_random_uuid()',
  external_id: `'stored-' || copy`,
  crm_sync: `jsonb_set(crm_sync, '{dealId}', to_jsonb('stored-' || copy))`,
  created_at: `created_at - copy * interval '1 second'`,
};

/** Fills the table of orders with copies of what is there, which are finished with, each with a line of its timeline. */
export async function storeOrders(database: Client, count: number): Promise<void> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns
     WHERE table_schema = 'orders' AND table_name = 'customer_order' AND is_generated = 'NEVER' ORDER BY ordinal_position`);
  const names = rows.map(({ name }) => name);
  const columns = names.map(escapeIdentifier).join(', ');
  const values = names.map((name) => differing[name] ?? escapeIdentifier(name)).join(', ');
  await database.query(
    `INSERT INTO orders.customer_order (${columns})
     SELECT ${values} FROM (SELECT *, row_number() OVER () AS place, count(*) OVER () AS there FROM orders.customer_order) AS known
     JOIN generate_series(1, $1::int) AS copy ON copy % there = place - 1`, [count]);
  await database.query(
    `INSERT INTO orders.order_decision (tenant_id, order_id, decided_at, kind, detail, correlation_id)
     SELECT tenant_id, order_id, created_at, 'applied', '{}', gen_random_uuid() FROM orders.customer_order WHERE external_id LIKE 'stored-%'`);
  await database.query('ANALYZE orders.customer_order, orders.order_decision');
}
