import type { CrmObject } from '@crossdock/contracts';
import type { CrmRecord, GoneRecord } from '@crossdock/crm-connector';
import { describe, expect, it } from '@jest/globals';
import { salesforceWorld, type SalesforceWorld } from './salesforce-world.fixture.ts';

const signal = AbortSignal.timeout(120_000);

/** All there is of a kind, as it is told page by page, and by what the pages were made. */
async function readAll({ connector, connection }: SalesforceWorld, object: CrmObject) {
  const description = await connector.describe(connection, object, signal);
  const selection = { description, fieldNames: Object.values(connector.defaultMapping[object]).map(({ field }) => field) };
  const [records, gone, stages] = [new Map<string, CrmRecord>(), new Map<string, GoneRecord>(), new Set<string>()];
  for (let cursor: string | undefined, hasMore = true; hasMore;) {
    const page = await connector.listChanges(connection, selection, cursor, signal);
    for (const record of page.records) records.set(record.id, record);
    for (const record of page.gone) gone.set(record.id, record);
    stages.add(/"stage":"(\w+)"/.exec(page.cursor)?.[1] ?? 'rest');
    [cursor, hasMore] = [page.cursor, page.hasMore];
  }
  return { records, gone, stages, selection };
}

describe('very many records of Salesforce', () => {
  it('are read whole by a job in the background, in the same form as one by one', async () => {
    const world = await salesforceWorld({ queryPageSize: 50 }, { bulkReadsFrom: 100 });
    const { control, org, connector, connection } = world;
    const [accountId = ''] = await control.addSalesforceRecords(org.orgId, 'Account', [{ Name: 'Muster, "Anna"\nBerlin' }]);
    const [contactId = '', deletedId = ''] = await control.addSalesforceRecords(org.orgId, 'Contact', [{ LastName: 'A' }, { LastName: 'B' }]);
    const ids = await control.addSalesforceRecords(org.orgId, 'Opportunity', Array.from({ length: 130 }, (_, index) => (
      { Name: `Deal, "${index}"`, StageName: index % 2 ? 'Closed Won' : 'Prospecting', CloseDate: '2026-11-20', Amount: index + 0.5, AccountId: accountId }
    )));
    const [dealId = ''] = ids;
    await control.addSalesforceRecords(org.orgId, 'OpportunityContactRole', [contactId, deletedId].map((ContactId) => ({ OpportunityId: dealId, ContactId })));
    await control.deleteSalesforceRecord(org.orgId, 'Contact', deletedId);
    await control.deleteSalesforceRecord(org.orgId, 'Opportunity', ids.at(-1) ?? '');

    const { records, gone, stages, selection } = await readAll(world, 'deal');
    expect(stages).toContain('bulk');
    expect([...records.keys()].sort()).toEqual(ids.slice(0, -1).sort());
    expect([...gone.keys()]).toEqual([ids.at(-1)]);
    const read = await connector.getByIds(connection, selection, ids.slice(0, -1), signal);
    for (const [id, record] of records) expect(record).toEqual(read.get(id));
    await world.stop();
  });

  it.each([['whose edition has no such jobs', { bulkApi: false }], ['that are not that many', {}]])('are read page by page in an organisation %s', async (_case, input) => {
    const world = await salesforceWorld({ queryPageSize: 50, ...input }, { bulkReadsFrom: 'bulkApi' in input ? 100 : 1_000 });
    const ids = await world.control.addSalesforceRecords(world.org.orgId, 'Account', Array.from({ length: 130 }, () => ({ Name: 'Muster' })));
    const { records, stages } = await readAll(world, 'company');
    expect([...records.keys()].sort()).toEqual([...ids].sort());
    expect(stages).not.toContain('bulk');
    await world.stop();
  });

  it('are read page by page where nothing comes of the job', async () => {
    const world = await salesforceWorld({ queryPageSize: 50 }, { bulkReadsFrom: 100 });
    const ids = await world.control.addSalesforceRecords(world.org.orgId, 'Account', Array.from({ length: 130 }, () => ({ Name: 'Muster' })));
    await world.control.addFault('salesforce', { kind: 'status', status: 404, pathPattern: '^GET .*jobs/query/\\w+$', body: [{ errorCode: 'NOT_FOUND', message: 'No such job.' }] });
    const { records, stages } = await readAll(world, 'company');
    expect([...records.keys()].sort()).toEqual([...ids].sort());
    expect([...stages]).toEqual(expect.arrayContaining(['bulk', 'records']));
    await world.stop();
  });
});
