import { randomUUID } from 'node:crypto';
import { eventually } from '@crossdock/test-stack';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { OperatedService } from '../operated-service.fixture.ts';


let operated: OperatedService;
let tenantId: string;
let gate: PromiseWithResolvers<undefined>;

beforeAll(async () => {
  operated = await OperatedService.start();
});
beforeEach(() => {
  tenantId = randomUUID();
  gate = Promise.withResolvers();
  const { promise: opened } = gate;
  operated.behaviour.onJob = async (job) => {
    await job.progress({ total: 4, done: 1, step: 'shelves' });
    await opened;
  };
});
afterEach(() => gate.resolve(undefined));
afterAll(() => operated.stop(), 60_000);

const start = () => operated.startJob(tenantId);
const jobSchema = z.looseObject({ id: z.uuid(), state: z.string(), done: z.number() });

async function call(method: 'GET' | 'POST', path: string, tenant = tenantId) {
  const token = await operated.tokenWith({ sub: 'a-client', scope: 'jobs:read jobs:write tenant:any' });
  const answer = await operated.service.app.inject({ method, url: `/v1/own-jobs${path}`, headers: { authorization: `Bearer ${token}`, 'x-crossdock-tenant': tenant } });
  return { status: answer.statusCode, body: z.looseObject({}).parse(answer.json()) };
}

const inState = (id: string, state: string) => eventually(`the job to be ${state}`, async () => {
  const job = jobSchema.parse((await call('GET', `/${id}`)).body);
  return job.state === state && job.done > 0 && job;
});

describe('the jobs of a tenant', () => {
  it('are listed newest first, page by page, with how far they are', async () => {
    const ids = [await start(), await start(), await start()];
    expect(await inState(ids[0] ?? '', 'running')).toMatchObject({
      kind: 'test.sort', about: { shelfId: expect.any(String) as unknown }, acts: ['cancel'], total: 4, done: 1, failed: 0, progress: 0.25, step: 'shelves', isCancelRequested: false,
    });
    const { body } = await call('GET', '?limit=2&kind=test.sort');
    expect(body).toMatchObject({ items: [{ id: ids[2] }, { id: ids[1] }], nextCursor: ids[1] });
    expect((await call('GET', `?limit=2&cursor=${ids[1] ?? ''}`)).body).toMatchObject({ items: [{ id: ids[0] }] });
    expect((await call('GET', '?state=failed')).body).toEqual({ items: [] });
    expect(await call('GET', '?sort=asc')).toMatchObject({ status: 422 });
  });

  it('end when somebody wants it, go on when somebody wants that, and cannot be cancelled once they are over', async () => {
    const id = await start();
    await inState(id, 'running');
    expect(await call('POST', `/${id}/resume`)).toMatchObject({ status: 409 });
    expect(await call('POST', `/${id}/cancel`)).toMatchObject({ status: 202, body: { isCancelRequested: true, acts: [] } });
    expect(await inState(id, 'cancelled')).toMatchObject({ acts: ['resume'], endedAt: expect.stringMatching(/Z$/) as unknown });
    expect(await call('POST', `/${id}/cancel`)).toMatchObject({ status: 409 });
    gate.resolve(undefined);
    expect(await call('POST', `/${id}/resume`)).toMatchObject({ status: 202, body: { id } });
    expect(await inState(id, 'succeeded')).toMatchObject({ acts: [] });
  });

  it('are nobody else’s', async () => {
    const [id, stranger] = [await start(), randomUUID()];
    for (const [method, path] of [['GET', ''], ['POST', '/cancel'], ['POST', '/resume']] as const) {
      expect([path, (await call(method, `/${id}${path}`, stranger)).status]).toEqual([path, 404]);
    }
    expect((await call('GET', '', stranger)).body).toEqual({ items: [] });
  });
});
