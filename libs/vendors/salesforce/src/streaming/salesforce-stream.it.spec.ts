import { Failure } from '@crossdock/contracts';
import type { HeardChanges } from '@crossdock/crm-connector';
import { eventually } from '@crossdock/test-stack';
import { afterEach, describe, expect, it } from '@jest/globals';
import { salesforceWorld, type SalesforceWorld } from '../records/salesforce-world.fixture.ts';

const worlds: SalesforceWorld[] = [];

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

async function newWorld(input: Parameters<typeof salesforceWorld>[0] = {}) {
  const world = await salesforceWorld(input);
  worlds.push(world);
  return { ...world, stream: world.connector.stream };
}
type World = Awaited<ReturnType<typeof newWorld>>;

const soon = (): AbortSignal => AbortSignal.timeout(20_000);

/** Listens in the background. */
function listening({ stream, connection }: World, place?: string) {
  const heard: HeardChanges[] = [];
  const stop = new AbortController();
  const end = stream.listen(connection, place, async (changes) => void heard.push(changes), stop.signal).then(() => 'ended' as const, (thrown: unknown) => thrown);
  return {
    heard, end,
    ids: () => heard.flatMap(({ touched }) => touched.map(({ id }) => id)),
    place: () => heard.findLast((changes) => changes.place !== undefined)?.place ?? '',
    stop: async () => {
      stop.abort();
      await end;
    },
  };
}

const stands = (listener: ReturnType<typeof listening>): Promise<unknown> => eventually('the line to stand', () => listener.heard.length > 0);

describe('the change events of Salesforce', () => {
  it('name what people create, change, delete and connect, and cost no call', async () => {
    const world = await newWorld();
    const { control, org } = world;
    expect(await world.stream.prepare(world.connection, soon())).toEqual({ kind: 'stream' });
    expect(await world.stream.prepare(world.connection, soon())).toEqual({ kind: 'stream' });
    const listener = listening(world);
    await stands(listener);
    const before = await world.calls();
    expect(listener.heard).toEqual([{ touched: [], isIncomplete: true }]);
    const [accountId = ''] = await control.addSalesforceRecords(org.orgId, 'Account', [{ Name: 'Muster' }]);
    const [contactId = ''] = await control.addSalesforceRecords(org.orgId, 'Contact', [{ LastName: 'Muster' }]);
    const [dealId = ''] = await control.addSalesforceRecords(org.orgId, 'Opportunity', [{ Name: 'Deal', StageName: 'Prospecting', CloseDate: '2026-12-01' }]);
    await eventually('all three to be named', () => [accountId, contactId, dealId].every((id) => listener.ids().includes(id)));
    expect(listener.heard.flatMap(({ touched }) => touched)).toEqual(expect.arrayContaining([{ object: 'company', id: accountId }, { object: 'contact', id: contactId }, { object: 'deal', id: dealId }]));
    listener.heard.length = 0;
    await control.addSalesforceRecords(org.orgId, 'OpportunityContactRole', [{ OpportunityId: dealId, ContactId: contactId }]);
    await eventually('the deal that has a contact now', () => listener.ids().includes(dealId));
    await control.deleteSalesforceRecord(org.orgId, 'Contact', contactId);
    await eventually('the deleted one', () => listener.ids().includes(contactId));
    await eventually('the role that went with it, which names no deal', () => listener.heard.some(({ isIncomplete }) => isIncomplete));
    expect(await world.calls()).toBe(before + 1);
    await listener.stop();
  });

  it('are told again from the last place, so that what happens while nobody listens is heard', async () => {
    const world = await newWorld();
    await world.stream.prepare(world.connection, soon());
    const first = listening(world);
    await stands(first);
    const [id = ''] = await world.control.addSalesforceRecords(world.org.orgId, 'Contact', [{ LastName: 'Muster' }]);
    await eventually('the first change', () => first.ids().includes(id));
    await first.stop();
    await world.control.editSalesforceRecord(world.org.orgId, 'Contact', id, { FirstName: 'Anna' });
    const second = listening(world, first.place());
    await eventually('the missed change', () => second.ids().includes(id));
    expect(second.heard).toEqual([{ touched: [{ object: 'contact', id }], isIncomplete: false, place: expect.any(String) }]);
    expect(Number(second.place())).toBeGreaterThan(Number(first.place()));
    await second.stop();
  });

  it('go on with a new token when the session was ended, and end for a new beginning when the client was forgotten', async () => {
    const world = await newWorld();
    await world.stream.prepare(world.connection, soon());
    const listener = listening(world);
    await stands(listener);
    await world.expireToken();
    const [id = ''] = await world.control.addSalesforceRecords(world.org.orgId, 'Contact', [{ LastName: 'Muster' }]);
    await eventually('what happened afterwards', () => listener.ids().includes(id));
    await world.control.endSalesforceStreams(world.org.orgId);
    expect(await listener.end).toBe('ended');
  });

  it('say nothing of what the hub itself has written, and keep the place behind it', async () => {
    const world = await newWorld();
    await world.stream.prepare(world.connection, soon());
    const description = await world.connector.describe(world.connection, 'contact', soon());
    const listener = listening(world);
    await stands(listener);
    const [written] = await world.connector.write(world.connection, description, [{ target: { key: 'contact/1' }, fields: { LastName: 'Own' } }], soon());
    expect(written).toMatchObject({ outcome: 'written' });
    await eventually('the place behind it', () => listener.place() !== '');
    expect(listener.ids()).toEqual([]);
    const [id = ''] = await world.control.addSalesforceRecords(world.org.orgId, 'Contact', [{ LastName: 'Muster' }]);
    await eventually('what a person did', () => listener.ids().includes(id));
    expect(listener.ids()).toEqual([id]);
    await listener.stop();
  });

  it('have a change that the organisation cannot tell read by its id, and one without ids asked for', async () => {
    const world = await newWorld();
    await world.stream.prepare(world.connection, soon());
    const listener = listening(world);
    await stands(listener);
    listener.heard.length = 0;
    await world.control.tellSalesforceGap(world.org.orgId, 'Account', ['001ak0000001001AAA']);
    await eventually('the gap', () => listener.ids().includes('001ak0000001001AAA'));
    expect(listener.heard.at(-1)?.isIncomplete).toBe(false);
    await world.control.tellSalesforceGap(world.org.orgId, 'Account', []);
    await eventually('the overflow', () => listener.heard.some(({ isIncomplete }) => isIncomplete));
    expect(listener.heard.at(-1)).toMatchObject({ touched: [], isIncomplete: true });
    await listener.stop();
  });

  it('say that a place is too old, and that the day’s events are used up', async () => {
    const world = await newWorld();
    await world.stream.prepare(world.connection, soon());
    const first = listening(world);
    await stands(first);
    await world.control.addSalesforceRecords(world.org.orgId, 'Contact', [{ LastName: 'Muster' }]);
    await eventually('a place', () => first.place() !== '');
    await first.stop();
    await world.control.forgetSalesforceEvents(world.org.orgId);
    expect(await listening(world, first.place()).end).toMatchObject({ kind: 'cursor_expired' });
    await world.control.changeSalesforceOrg(world.org.orgId, { changeEventDelivery: false });
    expect(await listening(world).end).toMatchObject({ kind: 'quota_exhausted' });
  });

  it.each([
    ['whose user may not select records', { permissions: { apiEnabled: true, modifyMetadata: false, customizeApplication: false, authorApex: false, modifyAllData: false } }],
    ['without them', { changeDataCapture: false }],
    ['without an interface for metadata', { metadataApi: false }],
  ])('are not to be had in an organisation %s, and an administrator is told what to do', async (_case, input) => {
    const world = await newWorld(input);
    expect(await world.stream.prepare(world.connection, soon())).toMatchObject({ kind: 'none', reason: expect.stringContaining('until an administrator selects Account, Contact') });
  });

  it('are heard where an administrator has selected the records that the user may not select', async () => {
    const world = await newWorld({ permissions: { apiEnabled: true, modifyMetadata: false, customizeApplication: false, authorApex: false, modifyAllData: false } });
    await world.control.changeSalesforceOrg(world.org.orgId, { changeEventTypes: ['Account', 'Contact', 'Opportunity', 'OpportunityContactRole'] });
    expect(await world.stream.prepare(world.connection, soon())).toEqual({ kind: 'stream' });
  });

  it('stay silent about a fault of whoever hears, which ends the listening with it', async () => {
    const world = await newWorld();
    await world.stream.prepare(world.connection, soon());
    const fault = new Failure('conflict', 'Another one listens.');
    await expect(world.stream.listen(world.connection, undefined, () => Promise.reject(fault), soon())).rejects.toBe(fault);
  });
});
