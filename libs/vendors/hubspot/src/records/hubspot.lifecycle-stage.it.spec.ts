import { randomUUID } from 'node:crypto';
import type { ObjectDescription } from '@crossdock/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hubSpotBench, type HubSpotBench } from './hubspot.records.fixture.ts';

const signal = AbortSignal.timeout(300_000);
let bench: HubSpotBench;
let description: ObjectDescription;
beforeAll(async () => {
  bench = await hubSpotBench();
  description = await bench.connector.describe(bench.connection, 'contact', signal);
});
afterAll(() => bench.stop());

const contactAt = async (lifecyclestage: string): Promise<string> =>
  (await bench.control.addHubSpotRecord(bench.portalId, 'contacts', { properties: { email: `${randomUUID()}@example.com`, lifecyclestage } })).id;

async function write(stages: Readonly<Record<string, string | null>>): Promise<Array<string | undefined>> {
  const { connector, connection, control, portalId } = bench;
  const results = await connector.write(connection, description, Object.entries(stages).map(([id, lifecyclestage]) => ({ target: { id }, fields: { lifecyclestage } })), signal);
  for (const result of results) expect(result).toMatchObject({ outcome: 'written' });
  const records = await control.hubSpotRecords(portalId, 'contacts');
  return Object.keys(stages).map((id) => records.find((record) => record.id === id)?.properties['lifecyclestage'] ?? undefined);
}

describe('a HubSpot contact’s stage', () => {
  it('is moved forward, backward and to nothing, as it was written', async () => {
    const ids = [await contactAt('lead'), await contactAt('customer'), await contactAt('customer'), await contactAt('lead')];
    const [forward = '', backward = '', emptied = '', same = ''] = ids;
    bench.calls();
    expect(await write({ [forward]: 'opportunity', [backward]: 'marketingqualifiedlead', [emptied]: null, [same]: 'lead' }))
      .toEqual(['opportunity', 'marketingqualifiedlead', undefined, 'lead']);
    // One call to look, one to empty the stage that moves backward, one to write all.
    expect(Object.values(bench.calls()).reduce((sum, count) => sum + count, 0)).toBe(3);
  });
});
