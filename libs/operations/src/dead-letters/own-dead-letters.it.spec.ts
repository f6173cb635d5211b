import { randomUUID } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { OperatedService, refuse } from '../operated-service.fixture.ts';

const lineSchema = z.looseObject({ id: z.string(), place: z.string(), tenantId: z.string() });
const pageSchema = z.object({ items: z.array(lineSchema), nextCursor: z.string().optional() });
const reason = 'the shop was mended';
/** Not so long ago that they would be removed as too old. */
const begun = new Date(Math.floor(Date.now() / 1_000 - 200_000) * 1_000);
const after = (seconds: number): string => new Date(begun.getTime() + seconds * 1_000).toISOString();

let operated: OperatedService;
beforeAll(async () => {
  operated = await OperatedService.start();
});
afterAll(() => operated.stop(), 60_000);

const pageOf = async (tenantId: string, query = '') => pageSchema.parse((await operated.requestOf(tenantId, 'GET', `own-dead-letters${query}`)).body);

/** Lets an event of a tenant die. */
async function die(tenantId: string, record: string): Promise<string> {
  operated.behaviour.onOrder = async () => refuse();
  await operated.say(tenantId, [record]);
  const { items: [line] } = await eventually('the dead letter', async () => {
    const page = await pageOf(tenantId);
    return page.items.length > 0 && page;
  });
  operated.behaviour.onOrder = async () => {};
  return line?.id ?? '';
}

async function park(tenantId: string, record: string): Promise<string> {
  operated.behaviour.onTask = async () => { throw new Failure('unauthorised', 'The vendor said no.'); };
  await operated.enqueue(tenantId, record, { note: 'a' });
  const { items: [line] } = await eventually('the parked task', async () => {
    const page = await pageOf(tenantId, '?state=parked');
    return page.items.length > 0 && page;
  });
  operated.behaviour.onTask = async () => {};
  return line?.id ?? '';
}

/** Dead letters as a bad day leaves them, each a second after the one before. */
async function fill(tenantId: string, count: number): Promise<void> {
  await operated.admin.query(
    `INSERT INTO dead_letter (id, tenant_id, origin, kind, reason, error, body, created_at)
     SELECT gen_random_uuid(), $1, 'event', 'filled', CASE WHEN n % 2 = 0 THEN 'invalid' ELSE 'conflict' END, 'no', '{}', $3::timestamptz + n * interval '1 second' FROM generate_series(1, $2) n`,
    [tenantId, count, begun]);
}

describe('a tenant’s own dead letters', () => {
  it('are read page by page, oldest first, and counted by what they are and why', async () => {
    const tenantId = randomUUID();
    await fill(tenantId, 5);
    const first = await pageOf(tenantId, '?limit=3');
    const second = await pageOf(tenantId, `?limit=3&cursor=${first.nextCursor ?? ''}`);
    expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(5);
    expect(first.items.at(-1)?.place).toBe(first.nextCursor);
    expect((await operated.requestOf(tenantId, 'GET', 'own-dead-letters/counts')).body).toEqual({
      groups: [
        { origin: 'event', state: 'dead', kind: 'filled', reason: 'conflict', count: 3, oldestAt: after(1) },
        { origin: 'event', state: 'dead', kind: 'filled', reason: 'invalid', count: 2, oldestAt: after(2) },
      ],
      isComplete: true,
    });
  });

  it('are worked off again, named or by a filter, in the name of the person who asked', async () => {
    const tenantId = randomUUID();
    const [letter, task] = [await die(tenantId, `order/${tenantId}`), await park(tenantId, 'deal/1')];
    expect((await operated.requestOf(tenantId, 'POST', 'own-dead-letters/replay', { body: { reason, ids: [letter] } })).body).toEqual({ results: [{ id: letter, result: 'applied' }] });
    expect((await operated.requestOf(tenantId, 'POST', 'own-dead-letters/replay', { body: { reason, filter: { state: 'parked' } } })).body).toEqual({ results: [{ id: task, result: 'queued' }] });
    expect(await operated.projection()).toMatchObject({ [`order/${tenantId}`]: 1 });
    expect((await pageOf(tenantId)).items).toEqual([]);
    const { body } = await operated.request('GET', `audit?recordId=${letter}`);
    expect(body).toMatchObject({ items: [{ client: 'gateway', onBehalfOf: 'user/ada', action: 'dead_letter.replay', tenantId, reason, result: 'applied' }] });
  });

  it('stay with the new reason where a replay fails, and that is written down', async () => {
    const tenantId = randomUUID();
    const letter = await die(tenantId, `order/${tenantId}`);
    operated.behaviour.onOrder = async () => { throw new Failure('conflict', 'Somebody was faster.'); };
    expect((await operated.requestOf(tenantId, 'POST', 'own-dead-letters/replay', { body: { reason, ids: [letter] } })).body).toMatchObject({ results: [{ result: 'failed', detail: 'Somebody was faster.' }] });
    expect((await operated.requestOf(tenantId, 'GET', `own-dead-letters/${letter}`)).body).toMatchObject({ reason: 'conflict', history: [{ result: 'failed', onBehalfOf: 'user/ada' }] });
  });

  it('are beyond the reach of every other tenant, whatever it names: to see, to replay, to discard, by id, filter or header', async () => {
    const [tenantId, attackerId] = [randomUUID(), randomUUID()];
    const letter = await die(tenantId, `order/${tenantId}`);
    const task = await park(tenantId, 'deal/1');
    expect((await pageOf(attackerId)).items).toEqual([]);
    expect((await operated.requestOf(attackerId, 'GET', 'own-dead-letters/counts')).body).toEqual({ groups: [], isComplete: true });
    for (const id of [letter, task]) {
      expect((await operated.requestOf(attackerId, 'GET', `own-dead-letters/${id}`)).status).toBe(404);
      for (const act of ['replay', 'discard']) {
        expect((await operated.requestOf(attackerId, 'POST', `own-dead-letters/${act}`, { body: { reason, ids: [id] } })).body).toEqual({ results: [{ id, result: 'not_found' }] });
        expect((await operated.requestOf(attackerId, 'POST', `own-dead-letters/${act}`, { body: { reason, filter: {} } })).body).toEqual({ results: [] });
        expect((await operated.requestOf(attackerId, 'POST', `own-dead-letters/${act}`, { body: { reason, filter: { tenantId } } })).status).toBe(422);
      }
    }
    expect((await operated.requestOf(attackerId, 'GET', `own-dead-letters?tenantId=${tenantId}`)).status).toBe(422);
    expect((await pageOf(tenantId)).items.map(({ id }) => id).sort()).toEqual([letter, task].sort());
  });

  it('do not take effect for another tenant by an event that names that one', async () => {
    const [tenantId, victimId] = [randomUUID(), randomUUID()];
    const letter = await die(victimId, `order/${victimId}`);
    await operated.admin.query('UPDATE dead_letter SET tenant_id = $2 WHERE id = $1', [letter, tenantId]);
    expect((await operated.requestOf(tenantId, 'POST', 'own-dead-letters/replay', { body: { reason, ids: [letter] } })).body).toMatchObject({ results: [{ result: 'failed' }] });
    expect(await operated.projection()).not.toHaveProperty([`order/${victimId}`]);
  });

  it('are not for callers without the scope, and not to be changed by those who may only read', async () => {
    const tenantId = randomUUID();
    expect((await operated.requestOf(tenantId, 'GET', 'own-dead-letters', { scope: 'jobs:read' })).status).toBe(403);
    expect((await operated.requestOf(tenantId, 'POST', 'own-dead-letters/discard', { scope: 'dead-letters:read', body: { reason, filter: {} } })).status).toBe(403);
  });

  it('are found by an index, page after page, and counted as far as a hundred thousand, beside as many of another tenant', async () => {
    const [tenantId, busyId] = [randomUUID(), randomUUID()];
    await Promise.all([fill(tenantId, 50), fill(busyId, 100_000)]);
    await operated.admin.query('ANALYZE dead_letter');
    expect((await pageOf(busyId, '?limit=500')).items).toHaveLength(500);
    expect((await pageOf(tenantId, '?limit=500')).items).toHaveLength(50);
    const plan = JSON.stringify(await operated.admin.query(
      `EXPLAIN (FORMAT JSON) SELECT id FROM dead_letter WHERE tenant_id = '${tenantId}'
         AND (created_at, id::text COLLATE "C") > (timestamptz '${after(10)}', '0') ORDER BY created_at, id::text COLLATE "C" LIMIT 500`));
    expect(plan).toContain('dead_letter_of_tenant');
    expect(plan).not.toContain('"Sort"');
    const counts = async (): Promise<unknown> => (await operated.requestOf(busyId, 'GET', 'own-dead-letters/counts')).body;
    expect(await counts()).toMatchObject({ groups: [{ count: 50_000 }, { count: 50_000 }], isComplete: true });
    await fill(busyId, 1);
    expect(await counts()).toMatchObject({ isComplete: false });
  });
});
