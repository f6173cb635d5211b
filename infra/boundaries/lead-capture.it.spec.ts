import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { connectionsSchema } from '@crossdock/connections';
import { loadConfig, startService, type RunningService } from '@crossdock/service-kit';
import { TenantDatabase } from '@crossdock/tenancy';
import { ConnectingGateway } from '../../apps/gateway/src/connections/connecting-gateway.fixture.ts';
import { ServiceFront } from '../../apps/gateway/src/connections/service-front.fixture.ts';
import { syncDefinition } from '../../apps/sync/src/sync.definition.ts';
import { syncSchema } from '../../apps/sync/src/sync.schema.ts';
import { startBeside } from './connection-life.fixture.ts';

const page = 'https://shop.example.com';
const idSchema = z.looseObject({ id: z.uuid() });
let world: ConnectingGateway;
let front: ServiceFront;
let sync: RunningService;
let books: DataSource;

beforeAll(async () => {
  front = await ServiceFront.start();
  world = await ConnectingGateway.start({ SYNC_URL: front.url });
  const token = await world.issuer.sign({ claims: { aud: 'sync', scope: 'leads:write syncs:read syncs:write tenant:any' } });
  world.issuer.tokenEndpoint = () => ({ status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 600 } });
  sync = await startBeside(world, 'sync', [syncSchema, connectionsSchema], (environment, logger) => startService(syncDefinition, loadConfig(syncDefinition.config, environment), logger));
  front.leadTo(sync);
  books = await world.database.connectAsAdmin('sync');
});
afterAll(async () => {
  await sync.stop();
  await front.stop();
  await world.stop();
});

type Answer = { status: number; text: string; location: string | undefined };

/** A tenant with a sync of contacts that is in step, and what is known there of people. */
async function tenantInStep() {
  const [{ id }, bearer] = [await world.tenant(), await world.issuer.sign({ claims: { aud: 'gateway', scope: 'leads:write syncs:read syncs:write tenant:any' } })];
  const send = async (method: 'POST' | 'DELETE', url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const answer = await world.service.app.inject({
      method, url, headers: { authorization: `Bearer ${bearer}`, 'x-crossdock-tenant': id, ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, text: answer.body, location: answer.headers.location };
  };
  const connectionId = randomUUID();
  await world.service.app.get(TenantDatabase).transaction(id, (manager) => world.connections.store.create(manager, {
    id: connectionId, tenantId: id, vendor: 'hubspot', accountId: randomUUID(), state: 'healthy',
  }));
  const made = await send('POST', '/v1/syncs', { name: 'contacts', object: 'contact', sides: [{ connectionId, reads: true, writes: true }] });
  await books.query(`UPDATE sync SET state = 'active' WHERE sync_id = $1`, [idSchema.parse(JSON.parse(made.text)).id]);
  return {
    id, send,
    form: async (changes: Record<string, unknown> = {}) =>
      idSchema.parse(JSON.parse((await send('POST', '/v1/lead-forms', { name: 'Contact us', allowedOrigins: [page], ...changes })).text)).id,
    people: async () => (await books.query<Array<{ fields: unknown }>>('SELECT fields FROM golden_record WHERE tenant_id = $1', [id])).map(({ fields }) => fields),
  };
}

async function post(formId: string, fields: Readonly<Record<string, string>> | string, { origin = page, type = 'application/x-www-form-urlencoded' }: { origin?: string | undefined; type?: string } = {}): Promise<Answer> {
  const answer = await world.service.app.inject({
    method: 'POST', url: `/forms/${formId}`, headers: { 'content-type': type, ...(origin !== '' && { origin }) },
    payload: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
  });
  return { status: answer.statusCode, text: answer.body, location: answer.headers.location };
}

describe('a lead that a system sends to the gateway', () => {
  it('is taken once by its key, and the account is asked to make the contact', async () => {
    const { send, people, id } = await tenantInStep();
    const [email, key] = [`${randomUUID()}@example.com`, randomUUID()];
    const take = (lastName: string) => send('POST', '/v1/leads', { fields: { email, lastName } }, { 'idempotency-key': key });
    const [first, again, other] = [await take('Muster'), await take('Muster'), await take('Other')];
    expect([first.status, again.status, other.status]).toEqual([202, 202, 409]);
    expect(again.text).toBe(first.text);
    expect(await people()).toEqual([{ email, lastName: 'Muster', lifecycleStage: 'lead' }]);
    const asked = await books.query<unknown[]>(`SELECT pending->'fields' AS fields FROM record_link WHERE tenant_id = $1`, [id]);
    expect(asked).toEqual([{ fields: { email, lastName: 'Muster', lifecycleStage: 'lead' } }]);
  });

  it('is refused without a key, and by the names of the fields that are wrong', async () => {
    const { send, people } = await tenantInStep();
    expect((await send('POST', '/v1/leads', { fields: { email: 'anna@example.com' } })).status).toBe(400);
    const refused = await send('POST', '/v1/leads', { fields: { email: 'anna', phone: '0151' } }, { 'idempotency-key': randomUUID() });
    expect([refused.status, refused.text]).toEqual([422, expect.stringMatching(/\/fields\/email.*\/fields\/phone/)]);
    expect(await people()).toEqual([]);
  });
});

describe('a form on a page of a tenant’s', () => {
  it('makes a contact of whoever posts it, and sends him to the page that the tenant named', async () => {
    const { form, people } = await tenantInStep();
    const email = `${randomUUID()}@example.com`;
    const formId = await form({ thanksUrl: `${page}/thanks`, stage: 'subscriber' });
    expect(await post(formId, { email, lastName: ' Muster ', phone: '', submit: 'Send', website: '' })).toMatchObject({ status: 303, location: `${page}/thanks` });
    expect(await people()).toEqual([{ email, lastName: 'Muster', lifecycleStage: 'subscriber' }]);
  });

  it('changes nothing that is known, and no stage, whatever is posted', async () => {
    const { form, people, send } = await tenantInStep();
    const email = `${randomUUID()}@example.com`;
    await send('POST', '/v1/leads', { fields: { email, lastName: 'Muster', lifecycleStage: 'customer' } }, { 'idempotency-key': randomUUID() });
    const posted = await post(await form(), { email, lastName: 'Mallory', lifecycleStage: 'evangelist', overwrite: 'lastName', moveBack: 'true' });
    expect(posted).toMatchObject({ status: 200, text: expect.stringContaining('Thank you') });
    expect(await people()).toEqual([{ email, lastName: 'Muster', lifecycleStage: 'customer' }]);
  });

  it('tells a machine nothing and keeps nothing of it', async () => {
    const { form, people } = await tenantInStep();
    expect((await post(await form(), { email: 'a@example.com', website: 'https://spam.example' })).status).toBe(200);
    expect(await people()).toEqual([]);
  });

  it('names the fields that are wrong, and shows nothing of what was typed', async () => {
    const { form, people } = await tenantInStep();
    const refused = await post(await form(), { email: '<b>anna</b>', phone: '0151' });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('email, phone')]);
    expect(refused.text).not.toContain('anna');
    const twice = await post(await form({ name: 'twice' }), 'email=a%40example.com&email=b%40example.com');
    expect([twice.status, twice.text]).toEqual([422, expect.stringContaining('email')]);
    expect(await people()).toEqual([]);
  });

  it('is taken from its page only, in its size and form, and as often as it may', async () => {
    const { form, people, send } = await tenantInStep();
    const formId = await form({ postsPerMinute: 6 });
    const lead = { email: `${randomUUID()}@example.com` };
    const answers = [
      await post(randomUUID(), lead), await post('no-form', lead),
      await post(formId, lead, { origin: 'https://evil.example' }), await post(formId, lead, { origin: '' }), await post(formId, lead, { origin: 'null' }),
      await post(formId, JSON.stringify(lead), { type: 'application/json' }), await post(formId, { ...lead, lastName: 'x'.repeat(20_000) }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 403, 403, 403, 415, 413]);
    expect(await people()).toEqual([]);
    const statuses = [];
    for (let posts = 0; posts < 5; posts += 1) statuses.push((await post(formId, lead)).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    expect((await send('DELETE', `/v1/lead-forms/${formId}`)).status).toBe(204);
    expect((await post(formId, lead)).status).toBe(404);
  });

  it('leads to no page but the tenant’s own', async () => {
    const { send } = await tenantInStep();
    for (const thanksUrl of ['https://evil.example/', 'javascript:alert(1)', '//evil.example']) {
      const refused = await send('POST', '/v1/lead-forms', { name: 'Contact us', allowedOrigins: [page], thanksUrl });
      expect([refused.status, refused.text]).toEqual([422, expect.stringContaining('thanksUrl')]);
    }
  });

  it('is nobody else’s', async () => {
    const [one, other] = [await tenantInStep(), await tenantInStep()];
    expect((await other.send('DELETE', `/v1/lead-forms/${await one.form()}`)).status).toBe(404);
  });
});
