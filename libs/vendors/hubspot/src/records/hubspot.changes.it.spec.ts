import { randomUUID } from 'node:crypto';
import type { DefaultMapping } from '@crossdock/crm-connector';
import type { CrmObject, ObjectDescription } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hubSpotBench, type HubSpotBench } from './hubspot.records.fixture.ts';

const signal = AbortSignal.timeout(300_000);
const people = (count: number) => Array.from({ length: count }, () => ({ properties: { email: `${randomUUID()}@example.com`, lastname: 'Muster' } }));
const total = (calls: Record<string, number>) => Object.values(calls).reduce((sum, count) => sum + count, 0);

async function changesSince({ connector, connection }: HubSpotBench, description: ObjectDescription, fieldNames: readonly string[], from?: string) {
  const [told, gone] = [new Set<string>(), new Set<string>()];
  let [cursor, hasMore] = [from, true];
  while (hasMore) {
    const page = await connector.listChanges(connection, { description, fieldNames }, cursor, signal);
    for (const { id } of page.records) told.add(id);
    for (const { id } of page.gone) gone.add(id);
    [cursor, hasMore] = [page.cursor, page.hasMore];
  }
  return { told, gone, cursor };
}

describe('the changes of a HubSpot account', () => {
  let bench: HubSpotBench;
  let description: ObjectDescription;
  beforeAll(async () => {
    bench = await hubSpotBench({ searchDelayMs: 300 });
    description = await bench.connector.describe(bench.connection, 'contact', signal);
  });
  afterAll(() => bench.stop());

  it('are told although search knows of them late, and although it shows no more than 10,000 of one time', async () => {
    const { cursor } = await changesSince(bench, description, ['lastname']);
    const ids = await bench.control.importHubSpotRecords(bench.portalId, 'contacts', people(10_250));
    const early = await changesSince(bench, description, ['lastname'], cursor);
    const found = new Set(early.told);
    let from = early.cursor;
    await eventually('all imported contacts', async () => {
      const later = await changesSince(bench, description, ['lastname'], from);
      from = later.cursor;
      for (const id of later.told) found.add(id);
      return ids.every((id) => found.has(id));
    }, 60_000);
  }, 120_000);
});

describe('the calls to HubSpot for 1,000 changed records', () => {
  let bench: HubSpotBench;
  beforeAll(async () => {
    bench = await hubSpotBench();
  });
  afterAll(() => bench.stop());

  it.each(['contact', 'company', 'deal'] as const)('are 25 at most for each %s that is written and read back', async (object: CrmObject) => {
    const { connector, connection, calls } = bench;
    const description = await connector.describe(connection, object, signal);
    const mapping: DefaultMapping = connector.defaultMapping;
    const fields = Object.values(mapping[object]).map(({ field }) => field);
    const [company, contact] = [await writeOne('company', { name: 'Muster' }), await writeOne('contact', { lastname: 'Muster' })];
    const associate = [...(object === 'company' ? [] : [company]), ...(object === 'deal' ? [contact] : [])];
    const name = { contact: 'lastname', company: 'name', deal: 'dealname' }[object];
    const status = object === 'deal' ? { 'crossdock:status': 'won' } : {};
    const created = await connector.write(connection, description, Array.from({ length: 1_000 }, () => ({
      target: { key: randomUUID() }, fields: { [name]: 'Muster', ...status }, associate,
    })), signal);
    const ids = created.map((result) => ('id' in result ? result.id : ''));
    const { cursor } = await changesSince(bench, description, fields);
    calls();
    const changed = await connector.write(connection, description, ids.map((id) => ({ target: { id }, fields: { [name]: 'Beispiel', ...status }, associate })), signal);
    const { told } = await changesSince(bench, description, fields, cursor);
    const counted = calls();
    expect(changed.filter((result) => !('id' in result))).toEqual([]);
    expect(ids.filter((id) => !told.has(id))).toEqual([]);
    expect([total(counted) <= 25, counted]).toEqual([true, counted]);
  });

  async function writeOne(object: 'company' | 'contact', fields: Record<string, string>) {
    const description = await bench.connector.describe(bench.connection, object, signal);
    const [written] = await bench.connector.write(bench.connection, description, [{ target: { key: randomUUID() }, fields }], signal);
    return { object, id: written && 'id' in written ? written.id : '' };
  }
});

describe('contacts that are read by their ids', () => {
  let bench: HubSpotBench;
  beforeAll(async () => {
    bench = await hubSpotBench();
  });
  afterAll(() => bench.stop());

  it('cost no call for what they name where that is not asked for', async () => {
    const { calls, connector, connection, control, portalId } = bench;
    const description = await connector.describe(connection, 'contact', signal);
    const [companyId = ''] = await control.importHubSpotRecords(portalId, 'companies', [{ properties: { name: 'Muster' } }]);
    const ids = await control.importHubSpotRecords(portalId, 'contacts', people(2));
    await connector.write(connection, description, [{ target: { id: ids[0] ?? '' }, fields: {}, associate: [{ object: 'company', id: companyId }] }], signal);
    calls();
    const known = await connector.getByIds(connection, { description, fieldNames: ['email'], withoutAssociations: true }, ids, signal);
    expect(calls()).toEqual({ 'contacts.batchRead': 1 });
    expect(ids.map((id) => known.get(id))).toEqual([expect.objectContaining({ associations: [] }), expect.objectContaining({ associations: [] })]);
    const complete = await connector.getByIds(connection, { description, fieldNames: ['email'] }, ids, signal);
    expect(calls()).toEqual({ 'contacts.batchRead': 1, 'associations.batchRead': 1 });
    expect(complete.get(ids[0] ?? '')).toMatchObject({ associations: [{ object: 'company', id: companyId }] });
  });
});
