import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@crossdock/test-stack';
import fc from 'fast-check';
import { SyncWorld, type SyncTenant } from '../sync-world.fixture.ts';
import { setSyncState } from '../syncs/sync.repository.ts';
import type { ToldRecord } from './told-record.ts';

let world: SyncWorld;
beforeAll(async () => {
  world = await SyncWorld.start();
});
afterAll(() => world.stop());

const telling = fc.record({
  side: fc.nat(1), record: fc.nat(6), person: fc.option(fc.nat(4)), lastName: fc.constantFrom('a', 'b', null), second: fc.nat(5),
  company: fc.option(fc.nat(2)), isScanned: fc.boolean(),
});
type Telling = typeof telling extends fc.Arbitrary<infer Value> ? Value : never;

/** One sync of a tenant's two accounts. The next one of the same accounts makes golden records of the same ids. */
class ToldSync {
  readonly #tenant: SyncTenant;
  readonly #id: string;
  readonly #connectionIds: readonly string[];
  readonly #scans: ReadonlyMap<string, string>;

  private constructor(tenant: SyncTenant, id: string, scans: ReadonlyMap<string, string>) {
    this.#tenant = tenant;
    this.#id = id;
    this.#scans = scans;
    this.#connectionIds = [...tenant.accounts.keys()];
  }

  static async start(tenant: SyncTenant, state: 'loading' | 'active'): Promise<ToldSync> {
    const { id } = await tenant.sync('contact');
    await tenant.within((manager) => setSyncState(manager, id, state));
    const scans = await world.admin.query<Array<{ connection_id: string; scan_id: string }>>('SELECT connection_id, scan_id FROM sync_scan WHERE tenant_id = $1', [tenant.id]);
    return new ToldSync(tenant, id, new Map(scans.map(({ connection_id: connectionId, scan_id: scanId }) => [connectionId, scanId])));
  }

  /** Forgets the sync with all its records. */
  async end(): Promise<void> {
    await this.#tenant.within((manager) => world.syncs.delete(manager, this.#id));
  }

  async takeOneByOne(tellings: readonly Telling[]): Promise<void> {
    for (const each of tellings) await this.#tenant.within((manager) => world.records.takeTold(manager, this.#told(each)));
  }

  async takeTogether(tellings: readonly Telling[]): Promise<void> {
    const scope = { tenantId: this.#tenant.id, correlationId: randomUUID() };
    await this.#tenant.within((manager) => world.batches.takeAll(manager, tellings.map((each) => ({ record: this.#told(each), scope }))));
  }

  /** What is stored of each golden record, by what it stands for, once no task waits. */
  async stored(): Promise<string[]> {
    await eventually('the tasks to be done', async () => (await world.admin.query<unknown[]>('SELECT 1 FROM task WHERE tenant_id = $1', [this.#tenant.id])).length === 0);
    const rows = await world.admin.query<unknown[]>(
      `SELECT golden_id, fields, origins, golden_record.state, identity, connection_id, external_id, record_link.state AS link_state, modified_at, seen, held, unknown_associations,
              pending - 'requestId' AS pending, scan_id IS NOT NULL AS is_scanned
       FROM golden_record JOIN record_link USING (tenant_id, golden_id) WHERE tenant_id = $1`, [this.#tenant.id]);
    const drift = await world.admin.query<unknown[]>('SELECT golden_id, external_id, field, expected, found FROM sync_drift WHERE tenant_id = $1', [this.#tenant.id]);
    return [...rows, ...drift].map((row) => JSON.stringify(row)).sort();
  }

  #told({ side, record, person, lastName, second, company, isScanned }: Telling): ToldRecord {
    const connectionId = this.#connectionIds[side] ?? '';
    const scanId = isScanned ? this.#scans.get(connectionId) : undefined;
    return {
      object: 'contact', source: { vendor: 'hubspot', connectionId, externalId: `record-${record}` },
      modifiedAt: `2026-11-21T10:00:0${second}.000Z`, toldAt: '2026-11-21T10:01:00.000Z',
      fields: { email: person === null ? null : `person${person}@example.com`, lastName },
      associations: company === null ? [] : [{ object: 'company', externalId: `company-${company}` }],
      ...(scanId !== undefined && { scanId }),
    };
  }
}

describe('records that are told together', () => {
  it('come to the same as one by one, whatever they share', async () => {
    let records = 0;
    await fc.assert(fc.asyncProperty(fc.array(fc.array(telling, { minLength: 1, maxLength: 12 }), { maxLength: 3 }), fc.constantFrom('loading' as const, 'active' as const), async (batches, state) => {
      const tenant = world.tenant();
      for (let side = 0; side < 2; side += 1) await tenant.account();
      const together = await ToldSync.start(tenant, state);
      for (const batch of batches) await together.takeTogether(batch);
      const stored = await together.stored();
      await together.end();
      const oneByOne = await ToldSync.start(tenant, state);
      for (const batch of batches) {
        // What comes of different accounts comes in no order.
        for (const ofSide of Map.groupBy(batch, ({ side }) => side).values()) await oneByOne.takeOneByOne(ofSide);
      }
      expect(stored).toEqual(await oneByOne.stored());
      records += stored.length;
    }), { numRuns: 40 });
    expect(records).toBeGreaterThan(0);
  }, 240_000);

  it('never wait for each other, in whatever order two batches name the same people', async () => {
    const tenant = world.tenant();
    for (let side = 0; side < 2; side += 1) await tenant.account();
    const sync = await ToldSync.start(tenant, 'active');
    const tellingOf = (side: number, person: number, second = 0): Telling => ({ side, record: person, person, lastName: second % 2 === 0 ? 'a' : 'b', second, company: null, isScanned: false });
    await sync.takeTogether([0, 1].flatMap((side) => [0, 1].map((person) => tellingOf(side, person))));
    for (let second = 1; second <= 9; second += 1) {
      await Promise.all([[0, 1], [1, 0]].map((people) => sync.takeTogether(people.map((person, side) => tellingOf(side, person, second)))));
    }
    expect(await sync.stored()).toHaveLength(4);
  });
});
