import { randomUUID } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import type { RecordWrite } from '@crossdock/crm-connector';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { salesforceWorld, type SalesforceWorld } from './salesforce-world.fixture.ts';

let world: SalesforceWorld;
const signal = AbortSignal.timeout(120_000);

beforeAll(async () => {
  world = await salesforceWorld();
});
afterAll(() => world.stop());

/** What a piece of work costs of the organisation's calls. */
async function callsOf<Result>(work: () => Promise<Result>): Promise<{ readonly result: Result; readonly calls: number }> {
  const before = await world.calls();
  const result = await work();
  return { result, calls: await world.calls() - before - 1 };
}

describe('a thousand records of Salesforce', () => {
  it('are adopted, made, changed, read and listed in few calls', async () => {
    const { connector, connection } = world;
    const description = await connector.describe(connection, 'contact', signal);
    const write = (writes: RecordWrite[]) => callsOf(() => connector.write(connection, description, writes, signal));
    const emails = Array.from({ length: 1_000 }, () => `${randomUUID()}@example.com`);
    await world.control.addSalesforceRecords(world.org.orgId, 'Contact', emails.slice(0, 500).map((Email) => ({ LastName: 'Muster', Email })));

    const first = await write(emails.map((Email) => ({ target: { key: randomUUID(), adoptBy: [{ field: 'Email', value: Email }] }, fields: { LastName: 'Muster', Email } })));
    const ids = first.result.map((result) => (result instanceof Failure ? result.message : result.id));
    expect(first.result.map((result) => (result instanceof Failure ? result : [result.created, typeof result.modifiedAt])))
      .toEqual(emails.map((_, index) => [index >= 500, 'string']));
    const second = await write(ids.map((id) => ({ target: { id }, fields: { FirstName: 'Anna' } })));
    expect(second.result.every((result) => !(result instanceof Failure) && !result.created)).toBe(true);
    const selection = { description, fieldNames: ['Email', 'FirstName'] };
    const read = await callsOf(() => connector.getByIds(connection, selection, ids, signal));
    expect(read.result.size).toBe(1_000);
    const listed = await callsOf(() => connector.listChanges(connection, selection, undefined, signal));
    expect(listed.result.records).toHaveLength(1_000);

    expect([first.calls, second.calls, read.calls, listed.calls]).toEqual([4, 2, 1, 1]);
    expect((await world.control.salesforceRecords(world.org.orgId, 'Contact')).length).toBe(1_000);
  });
});
