import { randomUUID } from 'node:crypto';
import { crmRecordTouched, dealChanged, eventKey, orderChanged, orderReceived, type Envelope, type EventData, type EventDefinition, type ServiceName } from '@crossdock/contracts';
import { connectionsSchema } from '@crossdock/connections';
import { EventPublisher } from '@crossdock/event-bus';
import { createLogger, startService, type RunningService } from '@crossdock/service-kit';
import { startIssuer, type IssuerFixture } from '@crossdock/service-tokens/issuer.fixture';
import { createTestDatabase, createTestTopics, eventually, requireTestServer, type TestDatabase, type TestTopics } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { journalDefinition } from './journal.definition.ts';
import { journalSchema } from './journal.schema.ts';

const connectionId = randomUUID();
const at = '2026-03-10T00:00:00.000Z';
const answerSchema = z.object({ records: z.array(z.string()), items: z.array(z.looseObject({ kind: z.string(), id: z.string().optional() })), nextCursor: z.string().optional() });

let testDatabase: TestDatabase;
let topics: TestTopics;
let issuer: IssuerFixture;
let service: RunningService;

beforeAll(async () => {
  [testDatabase, topics, issuer] = await Promise.all([createTestDatabase(), createTestTopics(), startIssuer()]);
  service = await startService(journalDefinition, journalDefinition.config.parse({
    databaseUrl: await testDatabase.migrateService('journal', [connectionsSchema, journalSchema]), kafkaBrokers: topics.brokers.join(','),
    topicPrefix: topics.prefix, redisUrl: requireTestServer('TEST_REDIS_URL'), port: 0, internalPort: 0, authIssuerUrl: issuer.url,
  }), createLogger('journal', 'fatal'));
}, 60_000);

afterAll(async () => {
  await service.stop();
  await issuer.stop();
  await topics.drop();
  await testDatabase.drop();
}, 60_000);

async function get(tenantId: string, query: Record<string, string>): Promise<{ status: number; body: unknown }> {
  const token = await issuer.sign({ claims: { aud: 'journal', scope: 'lineage:read tenant:any' } });
  const response = await service.app.inject({
    method: 'GET', url: `/v1/lineage?${new URLSearchParams(query).toString()}`, headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenantId },
  });
  return { status: response.statusCode, body: response.json() };
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

async function send(envelopes: readonly Envelope[]): Promise<void> {
  const producer = topics.kafka.producer({ retry: { retries: 10 } });
  await producer.connect();
  for (const envelope of envelopes) await producer.send({ topic: topics.prefix + envelope.type, messages: [{ key: eventKey(envelope), value: JSON.stringify(envelope) }] });
  await producer.disconnect();
}

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
    expect(JSON.stringify(refused.body)).toMatch(/hubspot\/contact\/5, zoho\/contact\/5/);
    expect((await lineage(tenantId, 'zoho/contact/5')).items).toHaveLength(1);
    expect(await get(randomUUID(), { record: 'zoho/contact/5' })).toMatchObject({ status: 404 });
    expect(await get(tenantId, { record: 'order/none' })).toMatchObject({ status: 404 });
    expect(await get(tenantId, { record: '5', cursor: 'x' })).toMatchObject({ status: 422 });
  });
});
