import { randomBytes, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { z } from 'zod';

/** A person as services hold her. The words are such as stand nowhere else. */
export const planted = {
  email: 'Ada.Quillfeather@example.com', phone: '+15550142277', firstName: 'Adalgisa', lastName: 'Quillfeather', street: '17 Larkspur Crescent', city: 'Wexhollow',
  /** How a neighbour is known, whose things stand beside hers. */
  neighbour: 'bruno.tarrow@example.com',
} as const;
const { email, phone, firstName, lastName, street, city, neighbour } = planted;
const fullName = `${firstName} ${lastName}`;

/** What none of a tenant's rows may say once she is erased, in lower case. */
export const wordsOfPlanted: readonly string[] = [email, phone, firstName, lastName, street, city].map((word) => word.toLowerCase());

const at = '2026-03-10T10:00:00.000Z';
const address = { name: fullName, street1: street, city, state: 'CA', postalCode: '94105', country: 'US', email, phone };
const sender = { name: 'Shop of Teas', street1: '1 Main Street', city: 'San Francisco', state: 'CA', postalCode: '94105', country: 'US' };
const parcel = { weightGrams: 400, lengthMm: 200, widthMm: 150, heightMm: 80 };
const wooBody = {
  id: 727, number: '727', status: 'processing', billing: { first_name: firstName, last_name: lastName, address_1: street, city, email, phone },
  shipping: { first_name: firstName, last_name: lastName, address_1: street, city }, line_items: [{ id: 1, name: 'Green tea', quantity: 1 }], customer_note: `Ring for ${firstName}`,
};

/** Writes rows that name her, or belong to her, into every service that keeps people's data. @returns ids of some of them. */
export async function plantPerson(admin: DataSource, tenantId: string) {
  const [connectionId, orderId, shipmentId, goldenId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const [otherGoldenId, syncId, dealId, personId] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const contactId = randomBytes(5).toString('hex');
  const put = async (table: string, row: Readonly<Record<string, unknown>>): Promise<void> => {
    const columns = Object.keys({ tenant_id: '', ...row });
    const values = Object.values({ tenant_id: tenantId, ...row }).map((value) => (isDocument(value) ? JSON.stringify(value) : value));
    await admin.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((_, index) => `$${index + 1}`).join(', ')})`, values);
  };
  await put('connections.connection', { id: connectionId, vendor: 'hubspot', account_id: contactId, state: 'healthy', probe_at: '2100-01-01T00:00:00.000Z' });
  const order = {
    source: { vendor: 'woocommerce', connectionId, externalId: '727' }, modifiedAt: at, number: '727', status: 'processing', total: { amountMinor: 1_250, currency: 'USD' }, placedAt: at,
    customer: { email, phone, firstName, lastName }, lines: [{ externalId: '1', name: 'Green tea', quantity: 1, total: { amountMinor: 1_250, currency: 'USD' } }],
  };
  const revisions = { wanted: 1, answered: 1 };
  await put('orders.customer_order', {
    order_id: orderId, connection_id: connectionId, external_id: '727', status: 'processing', status_since: at, shop_word: 'processing', status_known: true, canonical: order, modified_at: at, version: 1,
    crm_sync: { contact: revisions, deal: revisions, contactId }, contact_wanted: { email, phone, firstName, lastName }, deal_words: '[]', own_deal_words: '[]', created_at: at, updated_at: at,
  });
  await put('orders.order_decision', { order_id: orderId, decided_at: at, kind: 'noted', detail: { customerName: fullName, step: 'kept' }, correlation_id: randomUUID() });
  await put('orders.order_drift', { comparison_id: randomUUID(), external_id: '727', order_id: orderId, side: 'shop', field: 'customer.firstName', here: firstName, there: 'Ada', repaired: false });
  await put('shipping.shipment', {
    shipment_id: shipmentId, connection_id: connectionId, idempotency_key: randomUUID(), request_hash: 'hash', kind: 'shipment', request: { connectionId, from: sender, to: address, parcel },
    sample: { contactEmail: email, campaign: 'Spring' }, status: 'delivered', status_since: at, heard_at: at, created_at: at, updated_at: at, failure: { kind: 'invalid', message: `No such street for ${fullName}: ${street}` },
  });
  await put('sync.sync', { sync_id: syncId, name: syncId, object: 'contact', rules: {}, poll_every_seconds: 300, reconcile_every_hours: 24, state: 'paused' });
  const seen = { email: { theirs: email, ours: email }, firstName: { theirs: firstName, ours: firstName } };
  await put('sync.golden_record', { golden_id: goldenId, sync_id: syncId, object: 'contact', fields: { email, phone, firstName, lastName }, origins: {}, associations: [], state: 'live', identity: email.toLowerCase() });
  await put('sync.golden_record', { golden_id: otherGoldenId, sync_id: syncId, object: 'contact', fields: { email: neighbour, firstName: 'Bruno' }, origins: {}, associations: [], state: 'live', identity: neighbour });
  // A counterpart that has no address of hers.
  await put('sync.record_link', {
    golden_id: goldenId, connection_id: connectionId, object: 'contact', external_id: contactId, state: 'linked', seen: { firstName: seen.firstName }, held: {}, associations: [], unknown_associations: [], unkept: [],
  });
  await put('attribution.deal', { deal_id: dealId, vendor: 'hubspot', connection_id: connectionId, external_id: '42', name: `${fullName} – 727`, status: 'won', amount_minor: 1_250, currency: 'USD', opened_at: at, modified_at: at });
  await put('attribution.deal_party', { deal_id: dealId, key: `contact:${connectionId}/${contactId}` });
  await put('attribution.identity_link', { source: `contact:${connectionId}/${contactId}`, one: `contact:${connectionId}/${contactId}`, other: `email:${email.toLowerCase()}`, reason: 'the contact has this e-mail' });
  await put('attribution.identity', { key: `email:${email.toLowerCase()}`, identity_id: randomUUID() });
  await put('attribution.identity', { key: `phone:${phone}`, identity_id: randomUUID() });
  await put('attribution.touch', { touch_id: randomUUID(), kind: 'campaign', contact_key: `email:${email.toLowerCase()}`, touched_at: at, channel: 'mail', campaign: 'Spring' });
  await put('auth_sso.person', { person_id: personId, user_name: email, email, display_name: fullName, given_name: firstName, family_name: lastName });
  await put('gateway.received_webhook', { dedupe_key: randomBytes(16), event_id: randomUUID(), connection_id: connectionId, vendor: 'woocommerce', body: Buffer.from(JSON.stringify(wooBody)) });
  await put('gateway.idempotent_call', { client_id: 'api-key/1', key: randomUUID(), fingerprint: randomBytes(8), status: 201, answer: JSON.stringify({ to: address }) });
  for (const schema of ['gateway', 'orders', 'crm_zoho', 'journal']) {
    await put(`${schema}.dead_letter`, { id: randomUUID(), origin: 'event', kind: 'crm.contact.changed.v1', reason: 'invalid', error: 'It cannot be read.', body: Buffer.from(JSON.stringify({ data: { email, firstName } })) });
  }
  await put('crm_hubspot.task', { kind: 'crm.upsert', record_key: 'contact/1', group_key: connectionId, coalesces: false, payload: { fields: { email, firstName, lastName } }, state: 'parked', correlation_id: randomUUID() });
  await put('crm_salesforce.write_job_record', {
    task_id: randomBytes(5).readUIntBE(0, 5), job_id: randomUUID(), plan: { records: [{ key: 'a', fields: { email, phone, firstName } }, { key: 'b', fields: { email: neighbour, firstName: 'Bruno' } }] },
  });
  await put('shipping.job', { id: randomUUID(), kind: 'test.sort', group_key: 'a', input: { to: address, from: sender }, state: 'succeeded' });
  return { connectionId, contactId, orderId, shipmentId, goldenId, otherGoldenId, syncId, dealId, personId };
}

function isDocument(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Buffer) && !Array.isArray(value);
}

const columnsSchema = z.array(z.object({ table: z.string(), column: z.string(), isBytes: z.boolean() }));

/** The places, as `schema.table.column`, in which a row of a tenant says one of the words; bytes are read as text. Searches all that there is. */
export async function placesOf(admin: DataSource, tenantId: string, words: readonly string[]): Promise<string[]> {
  const columns = columnsSchema.parse(await admin.query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS "table", a.attname AS column, a.atttypid = 'bytea'::regtype AS "isBytes"
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND a.attnum > 0 AND NOT a.attisdropped
       AND EXISTS (SELECT 1 FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant_id' AND NOT t.attisdropped)`));
  const places: string[] = [];
  for (const { table, column, isBytes } of columns) {
    const text = isBytes ? `encode("${column}", 'escape')` : `"${column}"::text`;
    const found = await admin.query<unknown[]>(
      `SELECT 1 FROM ${table} WHERE tenant_id = $1 AND EXISTS (SELECT 1 FROM unnest($2::text[]) AS word WHERE strpos(lower(${text}), word) > 0) LIMIT 1`, [tenantId, words]);
    if (found.length > 0) places.push(`${table}.${column}`);
  }
  return places.sort();
}

/** All rows of a tenant as text, to be compared with what they are later; what sync counts anew by itself, at whatever moment, is left out. */
export async function rowsOf(admin: DataSource, tenantId: string, schemas: readonly string[]): Promise<string[]> {
  const tables = z.array(z.object({ table: z.string() })).parse(await admin.query(
    `SELECT format('%I.%I', n.nspname, c.relname) AS "table" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = ANY ($1) AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'sync_standing'
       AND EXISTS (SELECT 1 FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant_id' AND NOT t.attisdropped) ORDER BY 1`, [schemas]));
  const rows: string[] = [];
  for (const { table } of tables) {
    const found = await admin.query<Array<{ row: string }>>(`SELECT to_jsonb(kept)::text AS row FROM ${table} AS kept WHERE tenant_id = $1 ORDER BY 1`, [tenantId]);
    rows.push(...found.map(({ row }) => `${table} ${row}`));
  }
  return rows;
}
