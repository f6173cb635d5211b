/** What one writes first: each request inserts dedupe key, event and outbox row in a transaction of its own. */
import { createHash, randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { listen, webhookServer } from './webhook-server.ts';

const pool = new Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const tenantId = randomUUID();

await listen(webhookServer(async (rawBody, deliveryId) => {
  const order = JSON.parse(rawBody.toString('utf8')) as { readonly id: number };
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const key = createHash('sha256').update(`woocommerce ${tenantId} ${order.id} ${deliveryId}`).digest();
    const { rowCount } = await client.query('INSERT INTO dedupe (key) VALUES ($1) ON CONFLICT DO NOTHING', [key]);
    if (rowCount === 1) {
      const id = randomUUID();
      await client.query('INSERT INTO event (id, tenant_id, vendor, body) VALUES ($1, $2, $3, $4)', [id, tenantId, 'woocommerce', rawBody]);
      await client.query('INSERT INTO outbox (tenant_id, topic, key, headers, payload) VALUES ($1, $2, $3, $4, $5)', [
        tenantId, 'commerce.order.received.v1', `${tenantId}/woocommerce/order/${order.id}`, { 'content-type': 'application/json' },
        JSON.stringify({ id, type: 'commerce.order.received.v1', tenantid: tenantId, time: new Date().toISOString(), data: { payload: order } }),
      ]);
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}));
