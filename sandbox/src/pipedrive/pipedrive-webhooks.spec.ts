import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { recordOf } from '../sandbox-bench.fixture.ts';
import { pipedriveBench, type PipedriveBench, type PipedriveCaller } from './pipedrive.fixture.ts';

let bench: PipedriveBench;

beforeAll(async () => {
  bench = await pipedriveBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

const subscription = () => ({
  subscription_url: `${bench.receiver.url}/hook`, event_action: '*', event_object: 'deal', name: 'Hub', http_auth_user: 'hub', http_auth_password: 'secret',
});

async function subscribed(): Promise<PipedriveCaller> {
  const caller = await bench.companyWithCaller();
  expect(await caller.call('POST', '/api/v1/webhooks', subscription())).toMatchObject({ status: 201, body: { status: 'ok', data: { version: '2.0', is_active: 1 } } });
  return caller;
}

const bodies = () => bench.receiver.received.map(({ body }) => recordOf(JSON.parse(body.toString())));

describe('Pipedrive webhooks', () => {
  it('tell with Basic credentials what a record is and which of its fields changed, unsigned', async () => {
    const { data, company } = await subscribed();
    await data('POST', '/api/v2/deals', { title: 'D' });
    await data('POST', '/api/v2/persons', { name: 'Nobody asked for persons' });
    await bench.control.editPipedriveRecord(company.domain, 'deals', '1', { status: 'won' });
    await bench.control.deletePipedriveRecord(company.domain, 'deals', '1');
    await bench.control.waitUntilSettled();
    const byAction = new Map(bodies().map((body) => [recordOf(body['meta'])['action'], body]));
    expect([...byAction.keys()].toSorted()).toEqual(['change', 'create', 'delete']);
    expect(byAction.get('create')).toMatchObject({
      data: { id: 1, title: 'D' }, previous: null,
      meta: { entity: 'deal', entity_id: '1', company_id: String(company.companyId), change_source: 'api', attempt: 1, version: '2.0', host: `${company.domain}.pipedrive.com` },
    });
    expect(byAction.get('change')).toMatchObject({ data: { status: 'won' }, previous: { status: 'open', won_time: null }, meta: { change_source: 'app' } });
    expect(byAction.get('change')?.['previous']).not.toHaveProperty('title');
    expect(byAction.get('delete')).toMatchObject({ data: null, previous: { id: 1 } });
    expect(bench.receiver.received[0]?.headers['authorization']).toBe(`Basic ${Buffer.from('hub:secret').toString('base64')}`);
  });

  it('come again three times with the same id, counted by attempt', async () => {
    const { data } = await subscribed();
    bench.receiver.answerWith((request) => (request < 3 ? 500 : 204));
    await data('POST', '/api/v2/deals', { title: 'D' });
    await bench.control.waitUntilSettled();
    const metas = bodies().map((body) => recordOf(body['meta']));
    expect(metas.map((meta) => meta['attempt'])).toEqual([1, 2, 3, 4]);
    expect(new Set(metas.map((meta) => meta['id'])).size).toBe(1);
  });

  it('are lost while the address is banned for ten failed first attempts', async () => {
    const { data, company } = await subscribed();
    bench.receiver.answerWith(500);
    for (let index = 0; index < 10; index += 1) await data('POST', '/api/v2/deals', { title: `D${String(index)}` });
    await bench.control.waitUntilSettled();
    expect(bench.receiver.received).toHaveLength(40);
    const [kept] = await bench.control.pipedriveRecords(company.domain, 'webhooks');
    expect(kept?.['bannedUntilMs']).toBeGreaterThan(0);
  });

  it('are limited to forty a user, listed and removed', async () => {
    const { call, company } = await bench.companyWithCaller();
    expect(await call('POST', '/v1/webhooks', { ...subscription(), subscription_url: 'no address' }))
      .toMatchObject({ status: 400, body: { status: 'error', errors: { subscription_url: [expect.any(String)] } } });
    for (let index = 0; index < 40; index += 1) await call('POST', '/v1/webhooks', subscription());
    expect((await call('POST', '/v1/webhooks', subscription())).status).toBe(422);
    const [first] = await bench.control.pipedriveRecords(company.domain, 'webhooks');
    expect((await call('DELETE', `/v1/webhooks/${String(first?.['id'])}`)).status).toBe(200);
    expect((await call('DELETE', `/v1/webhooks/${String(first?.['id'])}`)).status).toBe(404);
    expect((await call('GET', '/v1/webhooks')).body['data']).toHaveLength(39);
  });
});
