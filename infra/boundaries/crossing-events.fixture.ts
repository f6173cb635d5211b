import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { eventCatalogue, eventKey, serviceNames, tenantStandingChanged, type Envelope, type EventDefinition } from '@crossdock/contracts';
import { EventPublisher } from '@crossdock/event-bus';
import { schemaOf } from '@crossdock/service-kit';
import { eventually } from '@crossdock/test-stack';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { sampleOf } from './event-sample.fixture.ts';
import type { EveryService } from './every-service.fixture.ts';
import { plantPerson, rowsOf } from './planted-person.fixture.ts';

/** So many of each event. */
export const forms = 6;
const schemas = [...serviceNames.map(schemaOf), 'connections', 'privacy', 'feature_flags'];

/** What becomes of a tenant's records that another tenant's events name: nothing, since the tenant of the envelope is what counts. */
export class CrossingEvents {
  readonly #every: EveryService;
  readonly #admin: DataSource;
  readonly #attacker = randomUUID();
  readonly #victim: string;
  readonly #idsOfVictim: Readonly<Record<string, string>>;

  private constructor(every: EveryService, admin: DataSource, victim: string, idsOfVictim: Readonly<Record<string, string>>) {
    this.#every = every;
    this.#admin = admin;
    this.#victim = victim;
    this.#idsOfVictim = idsOfVictim;
  }

  static async begin(every: EveryService): Promise<CrossingEvents> {
    const admin = await every.database.connectAsAdmin('public');
    const [victim, requestId] = [randomUUID(), randomUUID()];
    const { connectionId, contactId, orderId, shipmentId, goldenId, syncId, dealId, personId } = await plantPerson(admin, victim);
    await admin.query(`INSERT INTO privacy.person_request (request_id, tenant_id, kind, requested_by, salt, said_at) VALUES ($1, $2, 'erasure', 'api-key/1', '\\x00', '2100-01-01')`, [requestId, victim]);
    await admin.query(`INSERT INTO privacy.person_clue (request_id, tenant_id, kind, value) VALUES ($1, $2, 'email', 'nobody@example.com')`, [requestId, victim]);
    await admin.query(`INSERT INTO attribution.sample (shipment_id, tenant_id, contact_key) VALUES ($1, $2, 'email:nobody@example.com')`, [shipmentId, victim]);
    return new CrossingEvents(every, admin, victim, {
      connectionId, externalId: contactId, externalIds: contactId, crmId: contactId, orderId, shipmentId, externalKey: goldenId, scanId: syncId, dealId, personId, requestId, trackingNumber: contactId,
    });
  }

  /** Each kind of event, with one value after the other of its enumerations and unions, and the victim's ids wherever it has room for one. */
  envelopesOf(definition: EventDefinition): Envelope[] {
    const [by = 'gateway'] = definition.producers;
    const { externalId = '', orderId = '' } = this.#idsOfVictim;
    const subject = definition.type.startsWith('crm.') ? `hubspot/contact/${externalId}` : `order/${orderId}`;
    return Array.from({ length: forms }, (_, form) => new EventPublisher(by, () => undefined).envelope(
      { tenantId: this.#attacker, correlationId: randomUUID() }, definition, { subject, data: definition.schema.parse(sampleOf(definition.schema, { ids: this.#idsOfVictim, form })) }));
  }

  async attack(): Promise<void> {
    const before = await rowsOf(this.#admin, this.#victim, schemas);
    await this.#say(eventCatalogue.filter(({ type }) => type !== tenantStandingChanged.type));
    await eventually('the attacker’s work to have been tried', async () => (await openWork(this.#admin, this.#attacker)) === 0, 180_000);
    expect(await rowsOf(this.#admin, this.#victim, schemas)).toEqual(before);
    // The last one, as it ends the attacker.
    await this.#say([tenantStandingChanged]);
    expect(await rowsOf(this.#admin, this.#victim, schemas)).toEqual(before);
    expect(await this.#admin.query('SELECT 1 FROM connections.vendor_call WHERE tenant_id = ANY ($1)', [[this.#victim, this.#attacker]])).toEqual([]);
  }

  async #say(definitions: readonly EventDefinition[]): Promise<void> {
    const { kafka, prefix } = this.#every.topics;
    const producer = kafka.producer({ retry: { retries: 10 } });
    await producer.connect();
    for (const definition of definitions) {
      await producer.send({ topic: prefix + definition.type, messages: this.envelopesOf(definition).map((envelope) => ({ key: eventKey(envelope), value: JSON.stringify(envelope) })) });
    }
    await producer.disconnect();
    await eventually('every service to have heard them', async () => (await waitingMessages(this.#every, definitions)) === 0, 180_000);
  }
}

/** How many messages of these events services have not worked off yet. */
async function waitingMessages({ topics }: EveryService, definitions: readonly EventDefinition[]): Promise<number> {
  const admin = topics.kafka.admin();
  await admin.connect();
  try {
    let waiting = 0;
    for (const { type, consumers } of definitions) {
      const topic = topics.prefix + type;
      const ends = new Map((await admin.fetchTopicOffsets(topic)).map(({ partition, high }) => [partition, Number(high)]));
      for (const consumer of consumers) {
        const [found] = await admin.fetchOffsets({ groupId: topics.prefix + consumer, topics: [topic] });
        for (const { partition, offset } of found?.partitions ?? []) waiting += (ends.get(partition) ?? 0) - Math.max(0, Number(offset));
      }
    }
    return waiting;
  } finally {
    await admin.disconnect();
  }
}

const countSchema = z.tuple([z.object({ count: z.number() })]);

/** Tasks of a tenant that are ready or run, in all services. */
async function openWork(admin: DataSource, tenantId: string): Promise<number> {
  let open = 0;
  for (const service of serviceNames) {
    const [{ count }] = countSchema.parse(await admin.query(`SELECT count(*)::int AS count FROM ${schemaOf(service)}.task WHERE tenant_id = $1 AND state IN ('ready', 'running')`, [tenantId]));
    open += count;
  }
  return open;
}
