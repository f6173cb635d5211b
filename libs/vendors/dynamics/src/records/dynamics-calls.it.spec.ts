import { randomUUID } from 'node:crypto';
import { Failure } from '@crossdock/contracts';
import type { RecordWrite } from '@crossdock/crm-connector';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dynamicsWorld, type DynamicsWorld } from './dynamics-world.fixture.ts';

let world: DynamicsWorld;
const signal = AbortSignal.timeout(120_000);

beforeAll(async () => {
  world = await dynamicsWorld();
});
afterAll(() => world.stop());

/** What a piece of work costs of the calls that the environment allows in five minutes. */
async function callsOf<Result>(work: () => Promise<Result>): Promise<{ readonly result: Result; readonly calls: number }> {
  const before = await world.calls();
  const result = await work();
  return { result, calls: await world.calls() - before - 1 };
}

/** What Dataverse’s best arithmetic comes to, with a thousand rows in a batch, for a thousand changes that are told here and written there. */
const best = { toldAndWritten: 2, toldLookedUpAndWritten: 3 };

describe('a thousand records of Dynamics', () => {
  it('are adopted, made, changed, read and told in as few calls as batches allow, where one a record would be a thousand', async () => {
    const { connector, connection, control, orgId } = world;
    const description = await connector.describe(connection, 'contact', signal);
    const selection = { description, fieldNames: ['emailaddress1', 'firstname'] };
    const write = (writes: RecordWrite[]) => callsOf(() => connector.write(connection, description, writes, signal));
    let place = await connector.listChanges(connection, selection, undefined, signal);
    while (place.hasMore) place = await connector.listChanges(connection, selection, place.cursor, signal);
    const emails = Array.from({ length: 1_000 }, () => `${randomUUID()}@example.com`);
    for (const emailaddress1 of emails.slice(0, 100)) await control.addDynamicsRow(orgId, 'contacts', { emailaddress1 });

    const first = await write(emails.map((emailaddress1) => ({ target: { key: randomUUID(), adoptBy: [{ field: 'emailaddress1', value: emailaddress1 }] }, fields: { emailaddress1 } })));
    const ids = first.result.map((result) => (result instanceof Failure ? result.message : result.id));
    expect(first.result.map((result) => (result instanceof Failure ? result : [result.created, typeof result.modifiedAt]))).toEqual(emails.map((_, index) => [index >= 100, 'string']));
    const second = await write(ids.map((id) => ({ target: { id }, fields: { firstname: 'Anna' } })));
    expect(second.result.every((result) => !(result instanceof Failure) && !result.created)).toBe(true);
    const read = await callsOf(() => connector.getByIds(connection, selection, ids, signal));
    expect(read.result.size).toBe(1_000);
    const told = await callsOf(() => connector.listChanges(connection, selection, place.cursor, signal));
    expect(told.result.records.map(({ id }) => id).sort()).toEqual(ids.toSorted());

    expect({ lookedUpAndWritten: first.calls, written: second.calls, read: read.calls, told: told.calls }).toEqual({ lookedUpAndWritten: 3, written: 2, read: 1, told: 1 });
    expect(told.calls + second.calls).toBeLessThanOrEqual(1.5 * best.toldAndWritten);
    expect(told.calls + first.calls).toBeLessThanOrEqual(1.5 * best.toldLookedUpAndWritten);
  });
});
