import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { orderSchema, serviceNames } from '@crossdock/contracts';
import { schemaOf } from '@crossdock/service-kit';
import { tenantContext } from '@crossdock/tenancy';
import { eventually } from '@crossdock/test-stack';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { PersonRequestView, WantedPerson } from '../../apps/gateway/src/people/person-request.ts';
import { PersonRequests } from '../../apps/gateway/src/people/person-requests.ts';
import type { EveryService } from './every-service.fixture.ts';
import { placesOf, planted, plantPerson, rowsOf, wordsOfPlanted } from './planted-person.fixture.ts';

const lineSchema = z.object({ service: z.string(), table: z.string(), row: z.record(z.string(), z.unknown()) });
const keptSchemas = [...serviceNames.map(schemaOf), 'connections'];

/** What becomes of one person's data in all services together: of a tenant's, while another tenant has the same person. */
export class OnePersonStory {
  readonly #every: EveryService;
  readonly #admin: DataSource;
  readonly #tenantId: string;
  readonly #otherTenantId: string;
  readonly #ids: Awaited<ReturnType<typeof plantPerson>>;

  private constructor(every: EveryService, admin: DataSource, ids: { readonly own: string; readonly other: string; readonly planted: Awaited<ReturnType<typeof plantPerson>> }) {
    this.#every = every;
    this.#admin = admin;
    this.#tenantId = ids.own;
    this.#otherTenantId = ids.other;
    this.#ids = ids.planted;
  }

  static async begin(every: EveryService): Promise<OnePersonStory> {
    const admin = await every.database.connectAsAdmin('public');
    const [own, other] = [randomUUID(), randomUUID()];
    const plantedIds = await plantPerson(admin, own);
    await plantPerson(admin, other);
    return new OnePersonStory(every, admin, { own, other, planted: plantedIds });
  }

  /** An export holds every place, is readable for the gateway alone, and names nobody else. */
  async handOver(): Promise<void> {
    const request = await this.#carryOut('export', { email: planted.email });
    expect({ state: request.state, missing: request.missing }).toEqual({ state: 'done', missing: [] });
    const text = (await this.#requests.read(this.#tenantId, request.id))?.join('\n') ?? '';
    const lines = text.split('\n').map((line) => lineSchema.parse(JSON.parse(line)));
    const places = new Set(lines.map(({ service, table }) => `${service} ${table}`));
    for (const place of [
      'orders customer_order', 'orders order_decision', 'shipping shipment', 'sync golden_record', 'sync record_link', 'attribution deal', 'attribution touch', 'auth-sso person', 'gateway received_webhook',
      'crm-zoho dead_letter', 'crm-hubspot task', 'crm-salesforce write_job_record',
    ]) expect([...places]).toContain(place);
    expect(text).not.toContain(planted.neighbour);
    expect(text).not.toContain(this.#otherTenantId);
    expect(await this.#admin.query('SELECT 1 FROM privacy.person_export_part WHERE strpos(sealed, $1) > 0', [planted.lastName])).toEqual([]);
    expect(await this.#requests.read(this.#otherTenantId, request.id)).toBeUndefined();
    expect(JSON.stringify(request)).not.toContain(planted.lastName);
  }

  /** After an erasure no table says a word of her, the report says what each service held, and the other tenant's rows are as they were. */
  async erase(): Promise<void> {
    expect((await placesOf(this.#admin, this.#tenantId, wordsOfPlanted)).length).toBeGreaterThan(20);
    const others = await rowsOf(this.#admin, this.#otherTenantId, keptSchemas);
    const request = await this.#carryOut('erasure', { email: planted.email });
    expect(await placesOf(this.#admin, this.#tenantId, wordsOfPlanted)).toEqual([]);
    expect(request).toMatchObject({ state: 'done', missing: [], untouched: expect.stringContaining('stays as it is'), topicsForgetBy: expect.any(String) });
    expect(request.services.map(({ service }) => service)).toEqual(serviceNames);
    for (const [service, table] of [['orders', 'customer_order'], ['shipping', 'shipment'], ['sync', 'golden_record'], ['auth-sso', 'person'], ['crm-hubspot', 'task'], ['attribution', 'touch']]) {
      expect(request.services).toContainEqual({ service, found: expect.arrayContaining([expect.objectContaining({ table })]) });
    }
    for (const word of wordsOfPlanted) expect(JSON.stringify(request).toLowerCase()).not.toContain(word);
    expect(await rowsOf(this.#admin, this.#otherTenantId, keptSchemas)).toEqual(others);
  }

  /** What is left still fits its schemas, and is what it was but for her. */
  async lookAtWhatIsLeft(): Promise<void> {
    await this.#carryOut('erasure', { email: planted.email });
    const [order] = z.array(z.object({ canonical: z.looseObject({ customer: z.unknown(), lines: z.unknown() }), status: z.string() })).parse(
      await this.#admin.query('SELECT canonical, status FROM orders.customer_order WHERE order_id = $1', [this.#ids.orderId]));
    expect(order).toMatchObject({ status: 'processing', canonical: { customer: {}, lines: [{ name: 'Green tea' }] } });
    expect(orderSchema.safeParse(order?.canonical).success).toBe(true);
    const [shipment] = z.array(z.object({ request: z.unknown(), sample: z.unknown() })).parse(
      await this.#admin.query('SELECT request, sample FROM shipping.shipment WHERE shipment_id = $1', [this.#ids.shipmentId]));
    expect(shipment).toMatchObject({ request: { from: { name: 'Shop of Teas' }, to: { country: 'US', city: 'erased' } }, sample: { campaign: 'Spring', contactEmail: expect.stringMatching(/@erased\.invalid$/) } });
    const [golden] = await this.#admin.query<Array<{ fields: unknown; state: string }>>('SELECT fields, state FROM sync.golden_record WHERE golden_id = $1', [this.#ids.otherGoldenId]);
    expect(golden).toEqual({ fields: { email: planted.neighbour, firstName: 'Bruno' }, state: 'live' });
    // What was one person's is still one person's, whoever that was.
    const keys = await this.#admin.query<Array<{ key: string }>>(
      `SELECT other AS key FROM attribution.identity_link WHERE tenant_id = $1 UNION SELECT contact_key FROM attribution.touch WHERE tenant_id = $1`, [this.#tenantId]);
    expect(keys).toEqual([{ key: expect.stringMatching(/^email:erased-[\da-f]{16}@erased\.invalid$/) }]);
  }

  /** A second erasure finds nothing; others find her by a counterpart and by a number. */
  async eraseInOtherWays(): Promise<void> {
    await this.#carryOut('erasure', { email: planted.email });
    const again = await this.#carryOut('erasure', { email: planted.email });
    expect(again.services.flatMap(({ found }) => found)).toEqual([]);
    const theirs = await plantPerson(this.#admin, this.#tenantId);
    await this.#carryOut('erasure', { contact: { connectionId: theirs.connectionId, externalId: theirs.contactId } });
    expect(await placesOf(this.#admin, this.#tenantId, wordsOfPlanted)).toEqual([]);
    await plantPerson(this.#admin, this.#tenantId);
    await this.#carryOut('erasure', { phone: planted.phone });
    expect(await placesOf(this.#admin, this.#tenantId, wordsOfPlanted)).toEqual([]);
  }

  get #requests(): PersonRequests {
    return this.#every.service('gateway').app.get(PersonRequests);
  }

  async #carryOut(kind: 'export' | 'erasure', person: WantedPerson): Promise<PersonRequestView> {
    const { id } = await tenantContext.run({ tenantId: this.#tenantId, correlationId: randomUUID() }, () => this.#requests.begin(this.#tenantId, kind, person, 'api-key/1'));
    return eventually(`the ${kind} to end`, async () => {
      const request = await this.#requests.find(this.#tenantId, id);
      return request?.state !== 'running' && request;
    }, 180_000);
  }
}
