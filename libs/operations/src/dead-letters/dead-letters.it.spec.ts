import { randomUUID } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { z } from 'zod';
import { OperatedService, refuse } from '../operated-service.fixture.ts';
import { DeadLetterGauge } from './dead-letter-gauge.ts';

const listSchema = z.object({
  items: z.array(z.object({ id: z.string(), origin: z.string(), state: z.string(), kind: z.string(), reason: z.string(), error: z.string(), tenantId: z.string().nullable(), record: z.string().nullable() })),
  nextCursor: z.string().optional(),
});
type Line = z.infer<typeof listSchema>['items'][number];
const bulkSchema = z.object({ results: z.array(z.object({ id: z.string(), result: z.string() })), nextCursor: z.string().optional() });
const reason = 'the shop was mended';

let operated: OperatedService;
beforeAll(async () => {
  operated = await OperatedService.start();
});
afterEach(async () => {
  operated.behaviour.onOrder = async () => {};
  operated.behaviour.onTask = async () => {};
  await operated.admin.query('DELETE FROM dead_letter');
  await operated.admin.query('DELETE FROM task');
});
afterAll(() => operated.stop(), 60_000);

async function list(query = ''): Promise<Line[]> {
  const answer = await operated.request('GET', `dead-letters${query}`);
  expect(answer.status).toBe(200);
  return listSchema.parse(answer.body).items;
}

async function auditOf(id: string): Promise<unknown[]> {
  const { body } = await operated.request('GET', `audit?recordId=${id}`);
  return z.object({ items: z.array(z.unknown()) }).parse(body).items;
}

/** Lets these events of a tenant die. */
async function die(tenantId: string, records: readonly string[]): Promise<Line[]> {
  operated.behaviour.onOrder = async ({ tenantid }) => (tenantid === tenantId ? refuse() : undefined);
  await operated.say(tenantId, records);
  return eventually('the dead letters', async () => {
    const found = await list(`?origin=event&tenantId=${tenantId}`);
    return found.length === records.length && found;
  });
}

async function dieAsTask(tenantId: string, recordKey: string, kind: 'invalid' | 'unauthorised' = 'invalid'): Promise<Line> {
  operated.behaviour.onTask = async () => { throw new Failure(kind, 'The vendor said no.'); };
  await operated.enqueue(tenantId, recordKey, { note: 'a' });
  const [line] = await eventually('the task at rest', async () => {
    const found = await list(`?origin=task&tenantId=${tenantId}`);
    return found.length > 0 && found;
  });
  if (!line) throw new Error('There is no line.');
  return line;
}

describe('dead letters', () => {
  it('give a poison event its effect exactly once when it is replayed after its handler was mended', async () => {
    const tenantId = randomUUID();
    const [letter] = await die(tenantId, ['order/poison']);
    const id = letter?.id ?? '';
    expect(await operated.request('POST', `dead-letters/${id}/replay`, { body: { reason } })).toMatchObject({ status: 200, body: { result: 'failed' } });
    expect(await operated.projection()).not.toHaveProperty('order/poison');

    operated.behaviour.onOrder = async () => {};
    const both = await Promise.all([1, 2].map(() => operated.request('POST', `dead-letters/${id}/replay`, { body: { reason } })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    expect(await operated.projection()).toMatchObject({ 'order/poison': 1 });
    expect(await list(`?tenantId=${tenantId}`)).toEqual([]);
    expect(await auditOf(id)).toMatchObject([
      { client: 'ops', action: 'dead_letter.replay', recordId: id, tenantId, reason, result: 'applied' },
      { action: 'dead_letter.replay', result: 'failed', detail: expect.stringContaining('cannot be read') },
    ]);
  });

  it('has no second effect where the event was handled by another way meanwhile', async () => {
    const tenantId = randomUUID();
    const [letter] = await die(tenantId, ['order/handled-already']);
    operated.behaviour.onOrder = async () => {};
    await operated.request('POST', `dead-letters/${letter?.id ?? ''}/replay`, { body: { reason } });
    await operated.admin.query(
      `INSERT INTO dead_letter (id, tenant_id, origin, kind, reason, error, body) SELECT $1, $2, 'event', 'again', 'invalid', 'again', convert_to($3, 'UTF8')`,
      [letter?.id, tenantId, JSON.stringify(await lastEvent('order/handled-already'))],
    );
    expect(await operated.request('POST', `dead-letters/${letter?.id ?? ''}/replay`, { body: { reason } })).toMatchObject({ body: { result: 'duplicate' } });
    expect(await operated.projection()).toMatchObject({ 'order/handled-already': 1 });
  });

  it('stay, with the new reason, where a replay fails, and no half of an effect is left', async () => {
    const tenantId = randomUUID();
    const [letter] = await die(tenantId, ['order/still-poison']);
    operated.behaviour.onOrder = async () => { throw new Failure('conflict', 'Somebody was faster.'); };
    await operated.request('POST', `dead-letters/${letter?.id ?? ''}/replay`, { body: { reason } });
    expect(await list(`?tenantId=${tenantId}`)).toMatchObject([{ id: letter?.id, reason: 'conflict', error: 'Somebody was faster.' }]);
    expect(await operated.projection()).not.toHaveProperty('order/still-poison');
  });

  it('can be discarded with a reason, and not without one', async () => {
    const tenantId = randomUUID();
    const [letter] = await die(tenantId, ['order/unwanted']);
    const path = `dead-letters/${letter?.id ?? ''}/discard`;
    expect(await operated.request('POST', path, { body: {} })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/reason' }] } });
    expect(await operated.request('POST', path, { body: { reason } })).toMatchObject({ status: 200, body: { result: 'discarded' } });
    expect(await list(`?tenantId=${tenantId}`)).toEqual([]);
    expect(await auditOf(letter?.id ?? '')).toMatchObject([{ action: 'dead_letter.discard', reason, result: 'discarded' }]);
  });

  it('are worked off many at a time: those named, and page by page those a filter means, oldest first', async () => {
    const tenantId = randomUUID();
    const letters = await die(tenantId, Array.from({ length: 7 }, (_, index) => `many/${index}`));
    operated.behaviour.onOrder = async ({ subject }) => (subject === 'many/3' ? refuse() : undefined);
    // They died in any order: their records are in several partitions.
    const ids = letters.filter(({ record }) => !record?.endsWith('many/3')).slice(0, 2).map(({ id }) => id);
    const named = await operated.request('POST', 'dead-letters/replay', { body: { reason, ids: [...ids, randomUUID()] } });
    expect(bulkSchema.parse(named.body).results.map(({ result }) => result)).toEqual(['applied', 'applied', 'not_found']);

    const results: string[] = [];
    let cursor: string | undefined;
    do {
      const page = bulkSchema.parse((await operated.request('POST', 'dead-letters/replay', {
        body: { reason, filter: { origin: 'event', tenantId }, limit: 2, ...(cursor !== undefined && { cursor }) },
      })).body);
      results.push(...page.results.map(({ result }) => result));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(results.sort()).toEqual(['applied', 'applied', 'applied', 'applied', 'failed']);
    expect(await list(`?tenantId=${tenantId}`)).toMatchObject([{ record: `${tenantId}/many/3` }]);
  });

  it('refuse an act that names neither letters nor a filter', async () => {
    expect(await operated.request('POST', 'dead-letters/discard', { body: { reason } })).toMatchObject({ status: 422 });
    expect(await operated.request('POST', 'dead-letters/nonsense/replay', { body: { reason } })).toMatchObject({ status: 422 });
  });
});

describe('tasks at rest', () => {
  it('stand in the same list and run again, with their attempts reset, when they are replayed', async () => {
    const tenantId = randomUUID();
    const line = await dieAsTask(tenantId, 'deal/1');
    expect(line).toMatchObject({ origin: 'task', state: 'dead', kind: 'test.call', reason: 'invalid', record: 'deal/1' });
    const ran: string[] = [];
    operated.behaviour.onTask = async (recordKey) => { ran.push(recordKey); };
    expect(await operated.request('POST', `dead-letters/${line.id}/replay`, { body: { reason } })).toMatchObject({ body: { result: 'queued' } });
    await eventually('the task to be done', async () => (await operated.admin.query<unknown[]>('SELECT 1 FROM task')).length === 0);
    expect(ran).toEqual(['deal/1']);
    expect(await auditOf(line.id)).toMatchObject([{ recordKind: 'task test.call', tenantId, result: 'queued' }]);
  });

  it('run again from where they are parked, and may be discarded', async () => {
    const tenantId = randomUUID();
    const line = await dieAsTask(tenantId, 'deal/2', 'unauthorised');
    expect(line.state).toBe('parked');
    expect(await operated.request('POST', `dead-letters/${line.id}/discard`, { body: { reason } })).toMatchObject({ body: { result: 'discarded' } });
    const again = await dieAsTask(tenantId, 'deal/2', 'unauthorised');
    operated.behaviour.onTask = async () => {};
    expect(await operated.request('POST', `dead-letters/${again.id}/replay`, { body: { reason } })).toMatchObject({ body: { result: 'queued' } });
    await eventually('the task to be done', async () => (await operated.admin.query<unknown[]>('SELECT 1 FROM task')).length === 0);
  });

  it('leave their work to the newer task that has taken their place', async () => {
    const tenantId = randomUUID();
    const line = await dieAsTask(tenantId, 'deal/3');
    await operated.admin.query('UPDATE task SET coalesces = true');
    await operated.admin.query(
      `INSERT INTO task (tenant_id, kind, record_key, group_key, coalesces, payload, state, not_before, correlation_id)
       SELECT tenant_id, kind, record_key, group_key, true, payload, 'waiting', now() + interval '1 hour', correlation_id FROM task`);
    expect(await operated.request('POST', `dead-letters/${line.id}/replay`, { body: { reason } })).toMatchObject({ body: { result: 'superseded' } });
    expect(await operated.admin.query('SELECT state FROM task')).toEqual([{ state: 'waiting' }]);
  });
});

describe('the list of dead letters', () => {
  it('is narrowed by origin, state, kind, reason, tenant and age', async () => {
    const [tenantId, otherId] = [randomUUID(), randomUUID()];
    const [letter] = await die(tenantId, ['order/listed']);
    const task = await dieAsTask(otherId, 'deal/listed', 'unauthorised');
    const both = [letter?.id, task.id];
    const idsOf = async (query: string): Promise<string[]> => (await list(query)).map(({ id }) => id);
    expect((await idsOf('')).sort()).toEqual([...both].sort());
    expect(await idsOf('?origin=event')).toEqual([letter?.id]);
    expect(await idsOf('?state=parked')).toEqual([task.id]);
    expect(await idsOf('?kind=test.call')).toEqual([task.id]);
    expect(await idsOf('?reason=unauthorised')).toEqual([task.id]);
    expect(await idsOf(`?tenantId=${tenantId}`)).toEqual([letter?.id]);
    const inAnHour = encodeURIComponent(new Date(Date.now() + 3_600_000).toISOString());
    expect(await idsOf(`?since=${inAnHour}`)).toEqual([]);
    expect((await idsOf(`?before=${inAnHour}`)).length).toBe(2);
    expect(await operated.request('GET', 'dead-letters?colour=red')).toMatchObject({ status: 422 });
  });

  it('is read page by page without a gap or a double, also where times are equal', async () => {
    await operated.admin.query(
      `INSERT INTO dead_letter (id, origin, kind, reason, error, body, created_at)
       SELECT gen_random_uuid(), 'event', 'paged', 'invalid', '', '', date_trunc('day', now()) + (n / 4) * interval '1 microsecond' FROM generate_series(1, 13) n`);
    await operated.admin.query(
      `INSERT INTO task (tenant_id, kind, record_key, group_key, coalesces, payload, state, correlation_id, created_at)
       SELECT gen_random_uuid(), 'paged', 'r', 'g', false, '{}', 'dead', gen_random_uuid(), date_trunc('day', now()) + (n / 4) * interval '1 microsecond' FROM generate_series(1, 13) n`);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = listSchema.parse((await operated.request('GET', `dead-letters?kind=paged&limit=5${cursor === undefined ? '' : `&cursor=${cursor}`}`)).body);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(26);
    expect(new Set(seen).size).toBe(26);
  });

  it('is told as a metric by origin and reason', async () => {
    await die(randomUUID(), ['order/a', 'order/b']);
    await dieAsTask(randomUUID(), 'deal/5');
    const registry = operated.service.app.get(Registry);
    await operated.service.app.get(DeadLetterGauge).sample();
    const text = await registry.getSingleMetricAsString('crossdock_dead_letters');
    expect(text).toMatch(/crossdock_dead_letters\{.*origin="event",reason="invalid".*\} 2/);
    expect(text).toMatch(/crossdock_dead_letters\{.*origin="task",reason="invalid".*\} 1/);
  });
});

describe('what operators see of a dead letter', () => {
  const canaries = {
    email: 'canary@example.com', phone: '+49 30 1234567', localPhone: '(030) 12345-67', name: 'Ada Canary', street: '1 Canary Road',
    token: 'shpat_0123456789abcdef0123456789abcdef', jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl', bearer: 'Bearer abc.def.ghi',
  };

  it('holds no secret and nothing of a person, wherever it stands', async () => {
    const body = JSON.stringify({
      id: 42, status: 'processing', billing: { first_name: canaries.name, email: canaries.email, phone: canaries.localPhone, address_1: canaries.street, country: 'DE' },
      meta_data: [{ key: '_billing_phone', value: '0301234567' }], link: `https://shop.example.com/?token=${canaries.token}`,
      [canaries.email]: 1, hint: `call ${canaries.phone} or ${canaries.localPhone}, ${canaries.email}; ${canaries.jwt}; ${canaries.bearer}`, list: [canaries.token],
      at: '2026-01-02T03:04:05.678Z', order: '0198f000-0000-7000-8000-000000000001',
    });
    const id = randomUUID();
    await operated.admin.query(
      `INSERT INTO dead_letter (id, tenant_id, origin, kind, reason, error, headers, body, message_key)
       VALUES ($1, $2, 'event', 'test', 'invalid', $3, $4, convert_to($5, 'UTF8'), $6)`,
      [
        id, randomUUID(), `${canaries.email} and ${canaries.phone} are wrong`, JSON.stringify({ 'x-api-token': canaries.token, 'content-type': 'application/json', 'x-note': canaries.email }),
        body, `contact/${canaries.email}`,
      ],
    );
    const shown = await operated.request('GET', `dead-letters/${id}`);
    const listed = await operated.request('GET', 'dead-letters');
    const text = JSON.stringify([shown.body, listed.body]);
    for (const canary of [...Object.values(canaries), '0301234567']) expect({ canary, found: text.includes(canary) }).toEqual({ canary, found: false });
    expect(shown.body).toMatchObject({
      content: { json: { id: 42, status: 'processing', billing: { country: 'DE', email: '[redacted]' }, at: '2026-01-02T03:04:05.678Z', order: '0198f000-0000-7000-8000-000000000001' } },
      headers: { 'content-type': 'application/json' },
    });
  });

  it('measures bytes that are no document instead of showing them', async () => {
    await operated.sendRaw(`not json but ${canaries.name}`);
    const [line] = await eventually('the dead letter', async () => {
      const found = await list('?reason=unparseable');
      return found.length > 0 && found;
    });
    const shown = await operated.request('GET', `dead-letters/${line?.id ?? ''}`);
    expect(shown.body).toMatchObject({ content: { bytes: 23, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }, message: { partition: expect.any(Number) } });
    expect(JSON.stringify(shown.body)).not.toContain(canaries.name);
  });

  it('tells what operators did before', async () => {
    const [letter] = await die(randomUUID(), ['order/history']);
    await operated.request('POST', `dead-letters/${letter?.id ?? ''}/replay`, { body: { reason } });
    const shown = await operated.request('GET', `dead-letters/${letter?.id ?? ''}`);
    expect(shown.body).toMatchObject({ history: [{ result: 'failed', reason }] });
    expect(JSON.stringify(shown.body)).not.toContain('canary@example.com');
  });
});

describe('who may operate', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a token bound to a tenant', { tenant: randomUUID() }],
    ['a token without the scope', { scope: 'orders:read tenant:any' }],
  ])('is not the bearer of %s', async (_, claims) => {
    for (const [method, path] of [['GET', 'dead-letters'], ['POST', 'dead-letters/replay'], ['GET', 'replays'], ['POST', 'replays'], ['GET', 'audit']] as const) {
      const answer = await operated.request(method, path, { claims, ...(method === 'POST' && { body: { reason } }) });
      expect({ path, status: answer.status }).toEqual({ path, status: 403 });
    }
  });

  it('is not, for acts, who may only read', async () => {
    const answer = await operated.request('POST', 'dead-letters/discard', { claims: { scope: 'operations:read' }, body: { reason, filter: {} } });
    expect(answer.status).toBe(403);
  });

  it('is named by the token; for whom it acts is believed of the gateway only', async () => {
    const tenantId = randomUUID();
    const [first, second] = await die(tenantId, ['order/one', 'order/two']);
    const headers = { 'x-crossdock-on-behalf-of': 'alice' };
    expect((await operated.request('POST', `dead-letters/${first?.id ?? ''}/discard`, { body: { reason }, headers })).status).toBe(403);
    await operated.request('POST', `dead-letters/${second?.id ?? ''}/discard`, {
      body: { reason }, headers, claims: { sub: 'gateway', scope: 'operations:write operations:delegate' },
    });
    expect(await auditOf(second?.id ?? '')).toMatchObject([{ client: 'gateway', onBehalfOf: 'alice' }]);
  });

  it('cannot change what was written down', async () => {
    const [letter] = await die(randomUUID(), ['order/audited']);
    await operated.request('POST', `dead-letters/${letter?.id ?? ''}/discard`, { body: { reason } });
    await expect(operated.admin.query(`UPDATE operation_audit SET reason = 'another'`)).rejects.toThrow('stays written down');
    await expect(operated.admin.query('DELETE FROM operation_audit')).rejects.toThrow('stays written down');
  });
});

/** The last event about a record, as it stands in Kafka. */
async function lastEvent(subject: string): Promise<unknown> {
  const consumer = operated.topics.kafka.consumer({ groupId: `${operated.topics.prefix}reader-${randomUUID()}` });
  const found = Promise.withResolvers<unknown>();
  await consumer.connect();
  await consumer.subscribe({ topics: [`${operated.topics.prefix}commerce.order.received.v1`], fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      const text = message.value?.toString() ?? '';
      if (text.includes(`"subject":"${subject}"`)) found.resolve(JSON.parse(text));
    },
  });
  const event = await found.promise;
  await consumer.disconnect();
  return event;
}
