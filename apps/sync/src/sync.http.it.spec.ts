import { randomUUID } from 'node:crypto';
import { connectionsSchema, ConnectionStore } from '@crossdock/connections';
import { contactChanged, envelopeSchema, scanEnded, scanRequested, scanWithdrawn, writeCompleted, writeRequested, type EventData, type EventDefinition } from '@crossdock/contracts';
import { TestedService } from '@crossdock/service-kit/tested-service.fixture';
import { routesWithoutRule } from '@crossdock/service-tokens';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Consumer } from 'kafkajs';
import { z } from 'zod';
import { syncDefinition } from './sync.definition.ts';
import { syncSchema } from './sync.schema.ts';

const tenantId = randomUUID();
const [left, right] = [randomUUID(), randomUUID()];

let sync: TestedService;
let consumer: Consumer;
const heard: Array<{ type: string; data: unknown }> = [];

beforeAll(async () => {
  sync = await TestedService.start(syncDefinition, [syncSchema, connectionsSchema]);
  const { tenants, topics } = sync;
  for (const id of [left, right]) {
    await tenants.transaction(tenantId, (manager) => new ConnectionStore(tenants).create(manager, { id, tenantId, vendor: 'hubspot', accountId: id, state: 'healthy' }));
  }
  consumer = topics.kafka.consumer({ groupId: `${topics.prefix}listener` });
  await consumer.connect();
  await consumer.subscribe({ topics: [scanRequested, scanWithdrawn, writeRequested].map(({ type }) => topics.prefix + type), fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const { type, data } = envelopeSchema.parse(JSON.parse(message.value?.toString() ?? ''));
      heard.push({ type, data });
    },
  });
});

afterAll(async () => {
  await consumer.disconnect();
  await sync.stop();
});

async function call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object, tenant = tenantId) {
  const answer = await sync.call(method, path, { tenantId: tenant, scope: 'syncs:read syncs:write records:read jobs:read jobs:write', ...(body && { body }) });
  return { status: answer.status, text: answer.text, body: z.record(z.string(), z.unknown()).catch({}).parse(answer.body) };
}

async function say<Definition extends EventDefinition>(definition: Definition, subject: string, data: EventData<Definition>): Promise<void> {
  await sync.say(tenantId, 'crm-hubspot', definition, { subject, data });
}

function requestsOf<Definition extends EventDefinition>(definition: Definition): Array<EventData<Definition>> {
  return heard.filter(({ type }) => type === definition.type).map(({ data }) => definition.schema.parse(data) as EventData<Definition>);
}

const sides = [left, right].map((connectionId) => ({ connectionId, reads: true, writes: true }));

describe('the sync service', () => {
  it('has the accounts of a new sync read, and writes to the one what only the other holds', async () => {
    const made = await call('POST', '/v1/syncs', { name: 'People', object: 'contact', sides });
    expect(made).toMatchObject({ status: 201, body: { state: 'loading', sides: [{ vendor: 'hubspot' }, { vendor: 'hubspot' }] } });
    const id = String(made.body['id']);
    const scans = await eventually('both accounts to be read', () => {
      const requests = requestsOf(scanRequested).filter(({ object }) => object === 'contact');
      return requests.length === 2 && requests;
    });
    const scanOf = (connectionId: string) => scans.find((scan) => scan.connectionId === connectionId)?.scanId ?? '';
    const feed = (connectionId: string) => ({ connectionId, vendor: 'hubspot' as const, object: 'contact' as const, scanId: scanOf(connectionId) });
    await say(contactChanged, 'hubspot/contact/1', {
      source: { vendor: 'hubspot', connectionId: left, externalId: '1' }, modifiedAt: '2026-11-21T00:00:00.000Z',
      known: ['email', 'lastName', 'phone'], associations: [], scanId: scanOf(left), email: 'anna@example.com', lastName: '=HYPERLINK("x")',
    });
    await say(scanEnded, 'scan/left', { ...feed(left), outcome: 'complete', told: 1 });
    await say(scanEnded, 'scan/right', { ...feed(right), outcome: 'complete', told: 0 });
    const [request] = await eventually('the write', () => requestsOf(writeRequested).length === 1 && requestsOf(writeRequested));
    expect(request).toMatchObject({
      connectionId: right,
      action: { kind: 'write', target: { adoptBy: { field: 'email', value: 'anna@example.com' } }, fields: { email: 'anna@example.com', lastName: '=HYPERLINK("x")' } },
    });
    expect((await call('GET', `/v1/syncs/${id}`)).body).toMatchObject({ state: 'active' });
    expect((await call('GET', `/v1/syncs/${id}/runs`)).body).toMatchObject({ items: [{ kind: 'load', state: 'succeeded' }] });

    if (!request) throw new Error('There is no request.');
    const { connectionId, vendor, object, requestId, recordKey } = request;
    await say(writeCompleted, `contact/${recordKey}`, {
      connectionId, vendor, object, requestId, recordKey, result: { outcome: 'refused', kind: 'invalid', message: '=1+1, "lastname" is not allowed.', field: 'lastname' },
    });
    const errors = await eventually('the error', async () => {
      const answer = await call('GET', `/v1/syncs/${id}/errors`);
      return JSON.stringify(answer.body).includes('lastname') && answer.body;
    });
    expect(errors).toMatchObject({ items: [{ goldenId: recordKey, connectionId: right, kind: 'invalid', field: 'lastname', advice: expect.stringMatching(/\.$/) }] });
    const csv = await call('GET', `/v1/syncs/${id}/errors.csv`);
    expect(csv.text.split('\r\n')).toEqual([
      'goldenId,connectionId,externalId,kind,field,message,advice', expect.stringContaining(`${recordKey},${right},,invalid,lastname,"'=1+1, ""lastname"" is not allowed.","Correct `) as unknown, '',
    ]);

    expect(await call('POST', `/v1/syncs/${id}/errors/retry`, {})).toMatchObject({ status: 202, body: { records: 1 } });
    await eventually('the write to be asked for again', () => requestsOf(writeRequested).length === 2);
    expect((await call('GET', `/v1/syncs/${id}/errors`)).body).toEqual({ items: [] });

    const record = { id: recordKey, object: 'contact', fields: expect.objectContaining({ email: 'anna@example.com' }), accounts: expect.arrayContaining([{ connectionId: left, externalId: '1', state: 'linked' }]) };
    expect((await call('GET', '/v1/golden-records?object=contact&limit=1')).body).toMatchObject({ items: [record], nextCursor: recordKey });
    expect((await call('GET', `/v1/golden-records?object=contact&cursor=${recordKey}`)).body).toEqual({ items: [] });
    const byAll = { ids: [recordKey], counterparts: [{ connectionId: left, object: 'contact', externalId: '1' }], naming: { object: 'deal', ids: [recordKey], mostOfOne: 5 } };
    expect((await call('POST', '/v1/golden-records/look-up', byAll)).body).toMatchObject({ items: [record] });
    const { ids: _, ...byCounterpart } = byAll;
    expect((await call('POST', '/v1/golden-records/look-up', byCounterpart)).body['items']).toHaveLength(1);
    expect((await call('POST', '/v1/golden-records/look-up', byAll, randomUUID())).body).toEqual({ items: [] });
  });

  it('refuses a sync that cannot be', async () => {
    const wanted = { name: 'Companies', object: 'company', sides };
    expect(await call('POST', '/v1/syncs', { ...wanted, sides: [{ ...sides[0], connectionId: randomUUID() }] })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/sides/0' }] } });
    expect(await call('POST', '/v1/syncs', { ...wanted, sides: [sides[0], sides[0]] })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/sides' }] } });
    expect(await call('POST', '/v1/syncs', { ...wanted, authority: { name: randomUUID() } })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/authority/name' }] } });
    expect(await call('POST', '/v1/syncs', { ...wanted, direction: 'both' })).toMatchObject({ status: 422 });
    expect(await call('POST', '/v1/syncs', wanted)).toMatchObject({ status: 201 });
    expect(await call('POST', '/v1/syncs', { ...wanted, name: 'More companies' })).toMatchObject({ status: 409, body: { errors: [{ pointer: '/sides' }] } });
    expect(await call('POST', '/v1/syncs', wanted)).toMatchObject({ status: 409, body: { code: 'conflict', errors: [{ pointer: '/name', detail: 'There is a sync named Companies already.' }] } });
  });

  it('pauses, resumes and deletes a sync, and cancels its run', async () => {
    const id = String((await call('POST', '/v1/syncs', { name: 'Deals', object: 'deal', sides })).body['id']);
    const { body: { items } } = await call('GET', `/v1/syncs/${id}/runs`);
    const runId = String((items as Array<{ id: string }>)[0]?.id);
    expect(await call('POST', `/v1/syncs/${id}/runs`)).toMatchObject({ status: 409 });
    expect(await call('POST', `/v1/syncs/${id}/runs/${runId}/cancel`)).toMatchObject({ status: 200, body: { state: 'cancelled' } });
    expect(await call('POST', `/v1/syncs/${id}/runs`)).toMatchObject({ status: 202, body: { kind: 'reconciliation', state: 'running' } });
    expect(await call('POST', `/v1/syncs/${id}/pause`)).toMatchObject({ status: 200, body: { state: 'paused' } });
    expect(await call('POST', `/v1/syncs/${id}/resume`)).toMatchObject({ status: 200, body: { state: 'loading' } });
    expect(await call('DELETE', `/v1/syncs/${id}`)).toMatchObject({ status: 204 });
    expect(await call('GET', `/v1/syncs/${id}`)).toMatchObject({ status: 404 });
  });

  it('shows its runs among the jobs, and stops the reading of the accounts of one that is cancelled', async () => {
    const id = String((await call('POST', '/v1/syncs', { name: 'Deals in jobs', object: 'deal', sides })).body['id']);
    const { body: { items: [run] } } = z.looseObject({ body: z.object({ items: z.array(z.looseObject({ id: z.uuid(), scans: z.array(z.looseObject({ scanId: z.uuid() })) })) }) }).parse(await call('GET', `/v1/syncs/${id}/runs`));
    const scanIds = run?.scans.map(({ scanId }) => scanId).sort();
    const job = { id: run?.id, kind: 'sync.load', state: 'running', about: { syncId: id }, step: 'reading', acts: ['cancel'], recordErrors: `/v1/syncs/${id}/errors` };
    expect((await call('GET', '/v1/own-jobs?kind=sync.load&limit=1')).body).toMatchObject({ items: [job], nextCursor: run?.id });
    expect((await call('GET', '/v1/own-jobs?kind=sync.load&state=failed')).body).toEqual({ items: [] });
    expect(await call('POST', `/v1/own-jobs/${run?.id ?? ''}/cancel`)).toMatchObject({ status: 202, body: { state: 'cancelled', acts: ['resume'] } });
    expect(await call('POST', `/v1/own-jobs/${run?.id ?? ''}/cancel`)).toMatchObject({ status: 409 });
    await eventually('both readings to be taken back', () => JSON.stringify(requestsOf(scanWithdrawn).map(({ scanId }) => scanId).filter((each) => scanIds?.includes(each)).sort()) === JSON.stringify(scanIds));
    const again = await call('POST', `/v1/own-jobs/${run?.id ?? ''}/resume`);
    expect(again).toMatchObject({ status: 202, body: { kind: 'sync.load', state: 'running' } });
    expect(again.body['id']).not.toBe(run?.id);
    expect(await call('POST', `/v1/syncs/${id}/pause`)).toMatchObject({ status: 200 });
    expect(await call('POST', `/v1/syncs/${id}/runs`)).toMatchObject({ status: 409 });
    expect(await call('DELETE', `/v1/syncs/${id}`)).toMatchObject({ status: 204 });
  });

  it('keeps tenants apart, answers nobody without a token, and leaves no route without a rule', async () => {
    const side = { connectionId: left, reads: true, writes: true };
    const id = String((await call('POST', '/v1/syncs', { name: 'Deals of one account', object: 'deal', sides: [side] })).body['id']);
    for (const path of ['', '/runs', '/errors', '/errors.csv', '/conflicts']) {
      expect([path, (await call('GET', `/v1/syncs/${id}${path}`, undefined, randomUUID())).status]).toEqual([path, 404]);
    }
    expect(await sync.statusWithoutToken(`/v1/syncs/${id}`)).toBe(401);
    expect(routesWithoutRule(sync.service.app)).toEqual([]);
    expect(await call('DELETE', `/v1/syncs/${id}`)).toMatchObject({ status: 204 });
  });
});
