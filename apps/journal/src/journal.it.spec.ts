import { randomUUID } from 'node:crypto';
import { actRecorded, crmRecordTouched, dealChanged, identityActed, orderChanged, orderReceived, type Envelope, type EventData, type EventDefinition, type ServiceName } from '@crossdock/contracts';
import { connectionsSchema } from '@crossdock/connections';
import { EventPublisher } from '@crossdock/event-bus';
import { TestedService } from '@crossdock/service-kit/tested-service.fixture';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { forgetOldEntries } from './audit/audit-retention.ts';
import { journalDefinition } from './journal.definition.ts';
import { journalSchema } from './journal.schema.ts';

const connectionId = randomUUID();
const at = '2026-03-10T00:00:00.000Z';
const answerSchema = z.object({ records: z.array(z.string()), correlationIds: z.array(z.string()), items: z.array(z.looseObject({ kind: z.string(), id: z.string().optional() })), nextCursor: z.string().optional() });

let journal: TestedService;

beforeAll(async () => {
  journal = await TestedService.start(journalDefinition, [connectionsSchema, journalSchema]);
});

afterAll(() => journal.stop());

const call = (method: 'GET' | 'PUT', tenantId: string, path: string, body?: object) =>
  journal.call(method, path, { tenantId, scope: 'lineage:read audit:read audit:write', ...(body && { body }) });

async function get(tenantId: string, query: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const { status, text } = await call('GET', tenantId, `/v1/lineage?${new URLSearchParams(query).toString()}`);
  return { status, body: JSON.parse(text) };
}

async function lineage(tenantId: string, record: string, page: Record<string, string> = {}): Promise<z.infer<typeof answerSchema>> {
  return answerSchema.parse((await get(tenantId, { record, ...page })).body);
}

interface Told<Definition extends EventDefinition> {
  readonly by: ServiceName;
  readonly definition: Definition;
  readonly subject: string;
  readonly data: EventData<Definition>;
  readonly cause?: Envelope;
}

function envelopeOf<Definition extends EventDefinition>(tenantId: string, { by, definition, subject, data, cause }: Told<Definition>): Envelope {
  const scope = { tenantId, correlationId: cause?.correlationid ?? randomUUID(), ...(cause && { causationId: cause.id }) };
  return new EventPublisher(by, () => undefined).envelope(scope, definition, { subject, data });
}

const send = (envelopes: readonly Envelope[]) => journal.send(envelopes);

const received = (tenantId: string, externalId: string) => envelopeOf(tenantId, {
  by: 'gateway', definition: orderReceived, subject: `woocommerce/order/${externalId}`,
  data: { vendor: 'woocommerce', connectionId, change: 'created', externalId, receivedAt: at, payload: { secret: 'of the customer' } },
});
const changed = (tenantId: string, orderId: string, cause: Envelope) => envelopeOf(tenantId, {
  by: 'orders', definition: orderChanged, subject: `order/${orderId}`, cause,
  data: {
    orderId,
    order: {
      source: { vendor: 'woocommerce', connectionId, externalId: '727' }, modifiedAt: at, number: '727', status: 'processing', total: { amountMinor: 1, currency: 'USD' },
      placedAt: at, customer: { email: 'ada@example.com' }, lines: [],
    },
  },
});
const told = (tenantId: string, dealId: string, orderId: string) => envelopeOf(tenantId, {
  by: 'crm-hubspot', definition: dealChanged, subject: `hubspot/deal/${dealId}`,
  data: { source: { vendor: 'hubspot', connectionId, externalId: dealId }, modifiedAt: at, name: 'Order', status: 'open', externalKey: orderId, contacts: [] },
});

describe('the journal', () => {
  it('tells a record’s way in the order of time, by any name that the record has, with what had the same cause', async () => {
    const [tenantId, orderId] = [randomUUID(), randomUUID()];
    const webhook = received(tenantId, '727');
    const order = changed(tenantId, orderId, webhook);
    const deal = told(tenantId, '42', orderId);
    await send([deal, order, webhook]);
    await eventually('all three to be journalled', async () => (await lineage(tenantId, 'woocommerce/order/727').catch(() => undefined))?.items.length === 2
      && (await lineage(tenantId, orderId).catch(() => undefined))?.items.length === 3, 60_000);
    const ofOrder = await lineage(tenantId, orderId);
    expect(ofOrder.records).toEqual([`key/${orderId}`, `order/${orderId}`]);
    expect(ofOrder.items.map(({ kind, id }) => [kind, id])).toEqual([['webhook', webhook.id], ['event', order.id], ['event', deal.id]]);
    expect(ofOrder.items[0]).toMatchObject({ service: 'gateway', subject: 'woocommerce/order/727', signature: 'verified' });
    expect(ofOrder.items[1]).toMatchObject({ service: 'orders', causationId: webhook.id, correlationId: webhook.correlationid });
    for (const name of [`order/${orderId}`, 'woocommerce/order/727', webhook.id, `event/${order.id}`]) {
      expect((await lineage(tenantId, name)).items.slice(0, 2)).toEqual(ofOrder.items.slice(0, 2));
    }
    expect((await lineage(tenantId, 'hubspot/deal/42')).items).toEqual([ofOrder.items[2]]);
    expect((await lineage(tenantId, `event/${deal.id}`)).records).toEqual([`event/${deal.id}`]);
    expect(await get(randomUUID(), { record: deal.id })).toMatchObject({ status: 404 });
    expect(JSON.stringify(ofOrder)).not.toMatch(/of the customer|ada@example.com/);
  });

  it('goes on from page to page without a gap or a double', async () => {
    const [tenantId, orderId] = [randomUUID(), randomUUID()];
    const events = Array.from({ length: 7 }, () => told(tenantId, '42', orderId));
    await send([...events, ...events.slice(0, 3)]);
    await eventually('all to be journalled', async () => (await lineage(tenantId, orderId).catch(() => undefined))?.items.length === 7, 60_000);
    const seen: Array<string | undefined> = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page = await lineage(tenantId, orderId, { limit: '3', ...(cursor !== '' && { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(events.map(({ id }) => id).sort((one, other) => (one < other ? -1 : 1)));
  });

  it('writes down what came of many tenants together for each of them, and finds a record by each of its causes and days', async () => {
    const tenants = [randomUUID(), randomUUID(), randomUUID()] as const;
    const orderId = randomUUID();
    const ofTenant = new Map(tenants.map((tenantId) => {
      const webhook = received(tenantId, '727');
      const dayBefore = { ...changed(tenantId, orderId, webhook), time: new Date(Date.now() - 86_400_000).toISOString() };
      return [tenantId, [dayBefore, changed(tenantId, orderId, webhook), changed(tenantId, orderId, webhook), changed(tenantId, orderId, received(tenantId, '728'))]];
    }));
    await send([...ofTenant.values()].flat());
    for (const [tenantId, events] of ofTenant) {
      await eventually('its events to be journalled', async () => (await lineage(tenantId, orderId).catch(() => undefined))?.items.length === events.length, 60_000);
      const { items, correlationIds } = await lineage(tenantId, `order/${orderId}`);
      expect(items.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
      expect([...correlationIds].sort()).toEqual([...new Set(events.map(({ correlationid }) => correlationid))].sort());
    }
  });

  it('adds for all tenants what it heard, and reads none of it outside of its tenant', async () => {
    const [tenantId, orderId] = [randomUUID(), randomUUID()];
    await send([changed(tenantId, orderId, received(tenantId, '727'))]);
    await eventually('it to be journalled', async () => (await lineage(tenantId, orderId).catch(() => undefined))?.items.length === 1, 60_000);
    for (const table of ['journal_entry', 'journal_record']) {
      const statements = [`SELECT FROM ${table}`, `UPDATE ${table} SET at = now() RETURNING tenant_id`, `DELETE FROM ${table} RETURNING tenant_id`];
      for (const statement of statements) expect(await journal.tenants.systemTransaction((manager) => manager.query(statement)).then((answer: unknown) => [answer].flat(2).filter((row) => typeof row === 'object'))).toEqual([]);
    }
    expect((await lineage(tenantId, orderId)).items).toHaveLength(1);
  });

  it('asks which one is meant where a vendor’s id is two vendors’, and says so where nothing is known', async () => {
    const tenantId = randomUUID();
    const touched = (vendor: 'hubspot' | 'zoho') => envelopeOf(tenantId, {
      by: 'gateway', definition: crmRecordTouched, subject: `${vendor}/contact/5`,
      data: { vendor, connectionId, object: 'contact', externalId: '5', change: 'changed', occurredAt: at },
    });
    await send([touched('hubspot'), touched('zoho')]);
    const refused = await eventually('both to be journalled', async () => {
      const answer = await get(tenantId, { record: '5' });
      return answer.status === 422 && answer;
    }, 60_000);
    expect(refused.body).toMatchObject({ code: 'invalid', detail: expect.stringContaining('hubspot/contact/5, zoho/contact/5'), candidates: ['hubspot/contact/5', 'zoho/contact/5'] });
    expect((await lineage(tenantId, 'zoho/contact/5')).items).toHaveLength(1);
    expect(await get(randomUUID(), { record: 'zoho/contact/5' })).toMatchObject({ status: 404 });
    expect(await get(tenantId, { record: 'order/none' })).toMatchObject({ status: 404 });
    expect(await get(tenantId, { record: '5', cursor: 'x' })).toMatchObject({ status: 422 });
  });
});

const pageSchema = z.object({ items: z.array(z.looseObject({ sequence: z.number(), actor: z.string(), action: z.string(), outcome: z.string() })), nextCursor: z.string().optional() });
const verdictSchema = z.object({ outcome: z.string(), entries: z.number(), brokenAt: z.number().optional() });

describe('the audit', () => {
  const acted = (tenantId: string, syncId: string, { outcome = 'done', occurredAt = at }: { outcome?: 'asked' | 'done'; occurredAt?: string } = {}) => envelopeOf(tenantId, {
    by: 'gateway', definition: actRecorded, subject: `audit/${syncId}`,
    data: { actId: randomUUID(), actor: { kind: 'api_key', id: 'api-key/7' }, action: 'POST /v1/syncs/:id/runs', record: { id: syncId }, outcome, ...(outcome === 'done' && { status: 202 }), occurredAt },
  });
  const entries = async (tenantId: string, query = '') => pageSchema.parse(JSON.parse((await call('GET', tenantId, `/v1/audit${query}`)).text));
  const verdict = async (tenantId: string) => verdictSchema.parse(JSON.parse((await call('GET', tenantId, '/v1/audit/verification')).text));
  async function written(tenantId: string, events: readonly Envelope[], count = events.length): Promise<void> {
    await send(events);
    await eventually('the acts to be written down', async () => (await verdict(tenantId)).entries === count, 60_000);
  }

  it('tells who did what to which record, each act once, newest first, and finds it by actor, action and record', async () => {
    const [tenantId, syncId] = [randomUUID(), randomUUID()];
    const asked = acted(tenantId, syncId, { outcome: 'asked' });
    const signedOn = envelopeOf(tenantId, {
      by: 'auth-sso', definition: identityActed, subject: 'person/1',
      data: { action: 'sign_on', outcome: 'refused', code: 'expired', actor: { kind: 'person', id: 'p1' }, occurredAt: at },
    });
    await written(tenantId, [asked, acted(tenantId, syncId), acted(tenantId, randomUUID()), signedOn, asked], 4);
    const { items } = await entries(tenantId);
    expect(items.map(({ sequence }) => sequence)).toEqual([4, 3, 2, 1]);
    expect((await entries(tenantId, `?record=${syncId}`)).items.map(({ outcome }) => outcome).sort()).toEqual(['asked', 'done']);
    expect((await entries(tenantId, '?action=identity.')).items).toMatchObject([{ action: 'identity.sign_on', actor: 'person/p1', outcome: 'refused', detail: { code: 'expired' } }]);
    expect((await entries(tenantId, '?actor=api-key/7&limit=2')).items).toHaveLength(2);
    const { nextCursor = '' } = await entries(tenantId, '?limit=3');
    expect((await entries(tenantId, `?limit=3&cursor=${nextCursor}`)).items.map(({ sequence }) => sequence)).toEqual([1]);
    expect((await entries(randomUUID())).items).toEqual([]);
    const exported = (await call('GET', tenantId, '/v1/audit/export')).text.trim().split('\n').map((line) => z.looseObject({ sequence: z.number(), hash: z.string() }).parse(JSON.parse(line)));
    expect(exported.map(({ sequence }) => sequence)).toEqual([4, 3, 2, 1]);
  });

  it('cannot be changed, and shows where somebody did it with the rights of an administrator', async () => {
    const [tenantId, other] = [randomUUID(), randomUUID()];
    await written(tenantId, Array.from({ length: 5 }, () => acted(tenantId, randomUUID())));
    await written(other, [acted(other, randomUUID())]);
    expect(await verdict(tenantId)).toEqual({ outcome: 'whole', entries: 5 });
    const admin = await journal.database.connectAsAdmin('journal');
    await expect(admin.query(`UPDATE audit_entry SET actor = 'somebody else' WHERE tenant_id = $1`, [tenantId])).rejects.toThrow('What was done stays written down.');
    await expect(admin.query('DELETE FROM audit_entry WHERE tenant_id = $1', [tenantId])).rejects.toThrow('What was done stays written down.');
    await admin.query('ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays');
    try {
      await admin.query(`UPDATE audit_entry SET entry = jsonb_set(entry, '{actor}', '"somebody else"') WHERE tenant_id = $1 AND sequence = 3`, [tenantId]);
      expect(await verdict(tenantId)).toEqual({ outcome: 'broken', entries: 2, brokenAt: 3 });
      await admin.query('DELETE FROM audit_entry WHERE tenant_id = $1 AND sequence >= 3', [tenantId]);
      expect(await verdict(tenantId)).toEqual({ outcome: 'broken', entries: 2, brokenAt: 3 });
    } finally {
      await admin.query('ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_stays');
    }
    expect(await verdict(other)).toEqual({ outcome: 'whole', entries: 1 });
  });

  it('forgets what is older than the tenant keeps it, and is whole from there on', async () => {
    const tenantId = randomUUID();
    const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
    // Of one record, so that they come in this order.
    const syncId = randomUUID();
    await written(tenantId, [500, 100, 40, 1].map((days) => acted(tenantId, syncId, { occurredAt: daysAgo(days) })));
    expect((await call('PUT', tenantId, '/v1/audit/retention', { days: 7 })).status).toBe(422);
    expect((await call('PUT', tenantId, '/v1/audit/retention', { days: 60 })).text).toBe('{"days":60}');
    expect((await call('GET', tenantId, '/v1/audit/retention')).text).toBe('{"days":60}');
    const before = (await entries(tenantId)).items;
    await forgetOldEntries(journal.tenants);
    const left = (await entries(tenantId)).items;
    expect(left).toEqual(before.slice(0, 2));
    expect(await verdict(tenantId)).toEqual({ outcome: 'whole', entries: 2 });
    await written(tenantId, [acted(tenantId, syncId)], 3);
  });
});
