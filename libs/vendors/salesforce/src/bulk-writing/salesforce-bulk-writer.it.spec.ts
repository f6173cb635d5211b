import { randomUUID } from 'node:crypto';
import { Failure, type ObjectDescription } from '@crossdock/contracts';
import type { BulkOutcome, BulkProgress, RecordWrite } from '@crossdock/crm-connector';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { salesforceWorld, type SalesforceWorld } from '../records/salesforce-world.fixture.ts';

let world: SalesforceWorld;
let description: ObjectDescription;
const signal = AbortSignal.timeout(120_000);

beforeAll(async () => {
  world = await salesforceWorld({}, { bulkFirstPauseMs: 1 });
  description = await world.connector.describe(world.connection, 'company', signal);
});
afterAll(() => world.stop());

const aCompany = (fields: RecordWrite['fields'] = {}): RecordWrite => ({ target: { key: randomUUID() }, fields: { Name: 'Muster', ...fields } });
const write = (writes: readonly RecordWrite[], progress: BulkProgress): Promise<BulkOutcome[] | undefined> =>
  world.connector.bulk.write(world.connection, description, writes, progress, signal);
const inMemory = (): BulkProgress & { texts: string[] } => {
  const texts: string[] = [];
  return { texts, keep: async (text) => void texts.push(text) };
};
const words = (outcomes: readonly BulkOutcome[] = []): string[] => outcomes.map((outcome) => (outcome instanceof Failure ? outcome.kind : outcome === 'not_taken' ? outcome : outcome.created ? 'created' : 'changed'));
const made = (outcomes: readonly BulkOutcome[] = []): string[] => outcomes.flatMap((outcome) => (typeof outcome === 'object' && 'id' in outcome ? [outcome.id] : []));
const jobs = async (): Promise<unknown[]> => {
  const answer = await fetch(`${world.org.instanceUrl}/services/data/v67.0/jobs/ingest`, { headers: { authorization: `Bearer ${world.org.accessToken}` } });
  const { records } = await answer.json() as { records: unknown[] };
  return records;
};

describe('very many writes to Salesforce', () => {
  it('go by two jobs, each record with a result of its own, in a handful of calls', async () => {
    const companies = (): Promise<ReadonlyArray<Record<string, unknown>>> => world.control.salesforceRecords(world.org.orgId, 'Account');
    const present = (await companies()).length;
    const first = await write(Array.from({ length: 1_000 }, () => aCompany()), inMemory());
    const ids = made(first);
    expect([words(first).every((word) => word === 'created'), new Set(ids).size]).toEqual([true, 1_000]);
    const before = await world.calls();
    const keyed = Array.from({ length: 500 }, (_, index) => aCompany(index === 7 ? { Tier__c: 'Platinum' } : { Phone: '1' }));
    const again = await write([...ids.map((id) => ({ target: { id }, fields: { Phone: `+49 "30", ${id}\nx`.slice(0, 40), Industry: null } })), { target: { id: '001ak0000999999AAA' }, fields: { Phone: '1' } }, ...keyed], inMemory());
    expect(again?.slice(0, 1_000).every((outcome) => typeof outcome === 'object' && 'modifiedAt' in outcome && !outcome.created)).toBe(true);
    expect(words(again).slice(1_000).filter((word) => word !== 'created')).toEqual(['not_found', 'invalid']);
    expect(again?.[1_008]).toMatchObject({ field: 'Tier__c' });
    expect(JSON.stringify(again)).not.toContain('Platinum');
    // One to look the keys up and one to learn when the records changed; each job is made, filled, looked at, closed, looked at twice and read twice.
    expect(await world.calls() - before - 1).toBe(18);
    const after = await companies();
    expect([after.length - present, after.find(({ Id }) => Id === ids[0])]).toMatchObject([1_499, { Phone: `+49 "30", ${ids[0]}\nx`.slice(0, 40) }]);
  });

  it('leave out what is named twice or cannot be said in CSV, to be written by itself', async () => {
    const twice = aCompany();
    expect(words(await write([twice, twice, aCompany({ Phone: '#N/A' }), aCompany({ Phone: '' }), aCompany()], inMemory())))
      .toEqual(['created', 'not_taken', 'not_taken', 'not_taken', 'created']);
  });

  it('leave all of a job that failed as a whole to be written one by one', async () => {
    expect(words(await write([aCompany(), aCompany({ Removed_By_Admin__c: 'x' })], inMemory()))).toEqual(['not_taken', 'not_taken']);
  });

  it.each([['had the records only brought', '^PATCH .*/jobs/ingest/'], ['waited', '^GET .*/jobs/ingest/\\w+$'], ['read the results', '^GET .*/failedResults']])('are gone on with after a process that %s, by the same job', async (_case, pathPattern) => {
    const before = (await jobs()).length;
    const [writes, progress] = [[aCompany(), aCompany({ Industry: 'None', Name: null }), aCompany()], inMemory()];
    await world.control.addFault('salesforce', { kind: 'status', status: 500, pathPattern, times: 1 });
    await expect(write(writes, progress)).rejects.toMatchObject({ kind: expect.stringMatching(/transient|outcome_unknown/) });
    const [kept, ...others] = progress.texts;
    expect([typeof kept, others]).toEqual(['string', []]);
    const once = await write(writes, { ...progress, kept: kept ?? '' });
    expect(words(once)).toEqual(['created', 'invalid', 'created']);
    expect(await write(writes, { ...progress, kept: kept ?? '' })).toEqual(once);
    expect([(await jobs()).length - before, progress.texts.length]).toEqual([1, 1]);
  });

  it('do nothing where nobody could keep what the job is', async () => {
    const records = (await world.control.salesforceRecords(world.org.orgId, 'Account')).length;
    await expect(write([aCompany()], { keep: () => Promise.reject(new Failure('transient', 'The database is away.')) })).rejects.toMatchObject({ kind: 'transient' });
    expect((await world.control.salesforceRecords(world.org.orgId, 'Account')).length).toBe(records);
  });

  it('are not taken by an organisation without such jobs', async () => {
    await world.control.changeSalesforceOrg(world.org.orgId, { bulkApi: false });
    expect(words(await write([aCompany()], inMemory()))).toEqual(['not_taken']);
    await world.control.changeSalesforceOrg(world.org.orgId, { bulkApi: true });
  });
});
