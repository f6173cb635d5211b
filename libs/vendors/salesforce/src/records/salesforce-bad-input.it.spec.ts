import { randomUUID } from 'node:crypto';
import { Failure, type CrmObject, type ObjectDescription } from '@crossdock/contracts';
import type { RecordWrite, RecordWritten } from '@crossdock/crm-connector';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { salesforceWorld, type SalesforceWorld } from './salesforce-world.fixture.ts';

let world: SalesforceWorld;
const descriptions = new Map<CrmObject, ObjectDescription>();
const signal = AbortSignal.timeout(120_000);

beforeAll(async () => {
  world = await salesforceWorld({ duplicateRule: true });
  for (const object of ['contact', 'company', 'deal'] as const) descriptions.set(object, await world.connector.describe(world.connection, object, signal));
});
afterAll(() => world.stop());

function descriptionOf(object: CrmObject): ObjectDescription {
  const description = descriptions.get(object);
  if (!description) throw new Error(`Nobody described a ${object}.`);
  return description;
}

const write = (object: CrmObject, ...writes: RecordWrite[]): Promise<Array<RecordWritten | Failure>> =>
  world.connector.write(world.connection, descriptionOf(object), writes, signal);
const outcomes = (results: ReadonlyArray<RecordWritten | Failure>): string[] => results.map((result) => (result instanceof Failure ? result.kind : result.outcome));
const aContact = (Email = `${randomUUID()}@example.com`): RecordWrite => ({ target: { key: randomUUID() }, fields: { LastName: 'Muster', Email } });
const aCompany = (fields: RecordWrite['fields'] = {}): RecordWrite => ({ target: { key: randomUUID() }, fields: { Name: 'Muster', ...fields } });

async function idOf(object: CrmObject, wanted: RecordWrite): Promise<string> {
  const [result] = await write(object, wanted);
  if (result === undefined || result instanceof Failure) throw result ?? new Error('The record got no result.');
  return result.id;
}

describe('a record that Salesforce does not take', () => {
  it('holds back none of several hundred beside it, although an administrator has removed a field that it names', async () => {
    const writes = Array.from({ length: 250 }, (_, index) => aCompany(index === 120 ? { Removed_By_Admin__c: 'x' } : {}));
    const results = await write('company', ...writes);
    expect(outcomes(results).filter((outcome) => outcome !== 'written')).toEqual(['invalid']);
    expect(results[120]).toMatchObject({ kind: 'invalid' });
  });

  it('is a double by the organisation’s own rule, which a person decides', async () => {
    const email = `${randomUUID()}@example.com`;
    await idOf('contact', aContact(email));
    expect(outcomes(await write('contact', aContact(email), aContact()))).toEqual(['conflict', 'written']);
  });

  it('is locked for a moment, and taken afterwards', async () => {
    const [locked, free] = [await idOf('contact', aContact()), await idOf('contact', aContact())];
    const both = [locked, free].map((id) => ({ target: { id }, fields: { FirstName: 'Anna' } }));
    await world.control.lockSalesforceRecords(world.org.orgId, [locked]);
    expect(outcomes(await write('contact', ...both))).toEqual(['conflict', 'written']);
    await world.control.lockSalesforceRecords(world.org.orgId, []);
    expect(outcomes(await write('contact', ...both))).toEqual(['written', 'written']);
  });

  it('was deleted between the look at it and the write', async () => {
    const [gone, present] = [await idOf('company', aCompany()), await idOf('company', aCompany())];
    await world.person.delete({ object: 'company', id: gone });
    expect(outcomes(await write('company', ...[gone, present].map((id) => ({ target: { id }, fields: { Name: 'Beispiel' } }))))).toEqual(['not_found', 'written']);
  });

  it('names an owner who has left, whom the description still knows as such', async () => {
    const owner = descriptionOf('company').fields.find(({ name }) => name === 'OwnerId');
    expect(owner).toMatchObject({ type: 'owner', isRequired: false });
    const [active, left] = [owner?.options?.find(({ label }) => label === 'sales@example.com'), owner?.options?.find(({ isActive }) => !isActive)];
    const results = await write('company', aCompany({ OwnerId: left?.value ?? '' }), aCompany({ OwnerId: active?.value ?? '' }));
    expect(outcomes(results)).toEqual(['invalid', 'written']);
    expect(results[0]).toMatchObject({ field: 'OwnerId' });
  });

  it('names two accounts for one contact, which has room for one', async () => {
    const companies = [await idOf('company', aCompany()), await idOf('company', aCompany())].map((id) => ({ object: 'company' as const, id }));
    expect(outcomes(await write('contact', { ...aContact(), associate: companies }, aContact()))).toEqual(['invalid', 'written']);
  });
});

describe('a look-up at Salesforce', () => {
  it('gives up after a second, since somebody waits for it', async () => {
    const selection = { description: descriptionOf('contact'), fieldNames: ['Email'] };
    await world.control.addFault('salesforce', { kind: 'latency', latencyMs: 5_000, times: 3 });
    const startedMs = Date.now();
    await expect(world.connector.search(world.connection, selection, { field: 'Email', values: ['anna@example.com'] }, signal)).rejects.toMatchObject({ kind: 'transient' });
    expect(Date.now() - startedMs).toBeLessThan(3_000);
    await world.control.clearFaults('salesforce');
  });
});

describe('values of Salesforce', () => {
  it('come back as they were written', async () => {
    const fields = { Name: 'Muster', Tier__c: 'Gold', Interests__c: ['Cocoa', 'Tea'], Website: 'https://example.com' };
    const id = await idOf('company', aCompany(fields));
    const selection = { description: descriptionOf('company'), fieldNames: Object.keys(fields) };
    expect((await world.connector.getByIds(world.connection, selection, [id], signal)).get(id)).toMatchObject({ fields });
  });
});
