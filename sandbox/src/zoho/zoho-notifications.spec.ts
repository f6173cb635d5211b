import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { zohoBench, type ZohoBench } from './zoho.fixture.ts';

let bench: ZohoBench;

beforeAll(async () => {
  bench = await zohoBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString().replace(/\.\d{3}Z$/, '+00:00');
const channel = (more: Record<string, unknown> = {}) => ({
  watch: [{ channel_id: '1000000068001', events: ['Deals.all', 'Contacts.create'], notify_url: `${bench.receiver.url}/zoho?a=1`, token: 'the token', channel_expiry: inMs(86_400_000), ...more }],
});
const aDeal = { Deal_Name: 'Deal', Stage: 'Qualification' };

describe('notifications of Zoho CRM', () => {
  it('tell of what a channel wants to hear, with its token and no signature', async () => {
    const { org, call } = await bench.orgWithCaller();
    expect(await call('POST', 'actions/watch', channel())).toMatchObject({
      status: 201, body: { watch: [{ code: 'SUCCESS', details: { events: [{ channel_id: '1000000068001', resource_name: 'Deals' }, { resource_name: 'Contacts' }] } }] },
    });
    const deal = await bench.control.addZohoRecord(org.orgId, 'Deals', aDeal);
    await bench.control.editZohoRecord(org.orgId, 'Deals', deal.id, { Stage: 'Closed Won' });
    const person = await bench.control.addZohoRecord(org.orgId, 'Contacts', { Last_Name: 'Ada' });
    await bench.control.editZohoRecord(org.orgId, 'Contacts', person.id, { Last_Name: 'Bob' });
    await bench.control.waitUntilSettled();
    const bodies = bench.receiver.received.map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>);
    expect(bodies.map(({ module, operation }) => `${String(module)} ${String(operation)}`).toSorted()).toEqual(['Contacts insert', 'Deals insert', 'Deals update']);
    expect(bodies.find(({ operation }) => operation === 'update')).toMatchObject({
      ids: [deal.id], affected_fields: [{ [deal.id]: ['Stage'] }], channel_id: '1000000068001', token: 'the token', query_params: { a: '1' }, server_time: expect.any(Number),
    });
    expect(Object.keys(bench.receiver.received[0]?.headers ?? {}).filter((name) => name.includes('signature'))).toEqual([]);
  });

  it('are sent once only, whatever is answered', async () => {
    const { org, call } = await bench.orgWithCaller();
    await call('POST', 'actions/watch', channel());
    bench.receiver.answerWith(500);
    await bench.control.addZohoRecord(org.orgId, 'Deals', aDeal);
    expect(await bench.control.waitUntilSettled()).toHaveLength(1);
  });

  it('end with their channel, which lives for an hour or as told, but not beyond a week', async () => {
    const { org, call } = await bench.orgWithCaller();
    expect((await call('POST', 'actions/watch', channel({ channel_expiry: inMs(8 * 86_400_000) }))).status).toBe(400);
    expect((await call('POST', 'actions/watch', channel({ token: 'x'.repeat(51) }))).status).toBe(400);
    await call('POST', 'actions/watch', channel({ channel_expiry: undefined }));
    const [{ expiresAt } = { expiresAt: '' }] = await bench.control.zohoChannels(org.orgId);
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 60_000)).toBe(60);
    expect((await call('PUT', 'actions/watch', channel())).status).toBe(200);
    expect((await call('PUT', 'actions/watch', channel({ channel_id: '7' }))).status).toBe(400);
    expect((await call('GET', 'actions/watch?channel_id=1000000068001')).status).toBe(200);
    expect((await call('DELETE', 'actions/watch?channel_ids=1000000068001')).status).toBe(200);
    expect((await call('GET', 'actions/watch')).status).toBe(204);
  });
});
