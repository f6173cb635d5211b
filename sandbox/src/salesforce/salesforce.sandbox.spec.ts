import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Connection } from 'jsforce';
import type { SalesforceOrgCreated, SalesforceOrgInput } from '../control/salesforce-control.schema.ts';
import { startSandboxBench, type SandboxBench } from '../sandbox-bench.fixture.ts';
import { longId } from './records/record-ids.ts';

let bench: SandboxBench;

beforeAll(async () => {
  bench = await startSandboxBench();
});
afterAll(() => bench.stop());
beforeEach(() => bench.clean());

const externalId = 'Crossdock_External_Id__c';

async function orgWithConnection(options: SalesforceOrgInput = {}): Promise<{ org: SalesforceOrgCreated; salesforce: Connection }> {
  const org = await bench.control.createSalesforceOrg(options);
  return { org, salesforce: connect(org, '62.0') };
}

const connect = (org: SalesforceOrgCreated, version: string): Connection =>
  new Connection({ instanceUrl: org.instanceUrl, accessToken: org.accessToken, version });

const contact = (value: string, more: Record<string, unknown> = {}) => ({ [externalId]: value, LastName: 'Lovelace', ...more });

describe('Salesforce records through jsforce', () => {
  it('upserts by external id: 201 and created, then 200 on the same record', async () => {
    const { org, salesforce } = await orgWithConnection();
    const first = await salesforce.sobject('Contact').upsert(contact('c-1'), externalId);
    const second = await salesforce.sobject('Contact').upsert(contact('C-1', { FirstName: 'Ada' }), externalId);
    expect(first).toMatchObject({ success: true, created: true });
    expect(second).toMatchObject({ success: true, created: false, id: first.id });
    expect(await bench.control.salesforceRecords(org.orgId, 'Contact')).toEqual([expect.objectContaining({ Name: 'Ada Lovelace' })]);
    expect((await bench.control.writes('salesforce')).byType['Contact']).toEqual({ created: 1, updated: 1, unchanged: 0, deleted: 0 });
  });

  it('answers an update without a body to callers of versions before 46', async () => {
    const { org } = await orgWithConnection();
    const old = connect(org, '45.0');
    await old.sobject('Contact').upsert(contact('c-1'), externalId);
    expect(await old.sobject('Contact').upsert(contact('c-1'), externalId)).toEqual({ success: true, errors: [] });
  });

  it('answers 300 when several records have the external id, and writes nothing', async () => {
    const { org, salesforce } = await orgWithConnection({ uniqueExternalIds: false });
    for (const _ of [1, 2]) await salesforce.sobject('Contact').create(contact('twin'));
    await expect(salesforce.sobject('Contact').upsert(contact('twin', { FirstName: 'X' }), externalId)).rejects.toMatchObject({
      errorCode: 'MULTIPLE_CHOICES',
    });
    expect((await bench.control.salesforceRecords(org.orgId, 'Contact')).every((record) => record['FirstName'] === undefined)).toBe(true);
  });

  it('refuses an unknown field, a missing one, a duplicate and one that may not be written, each by its code', async () => {
    const { salesforce } = await orgWithConnection();
    const create = (values: Record<string, unknown>) => salesforce.sobject('Contact').create(values);
    await expect(create({ LastName: 'L', Colour: 'red' })).rejects.toMatchObject({
      errorCode: 'INVALID_FIELD',
      message: "No such column 'Colour' on sobject of type Contact",
    });
    await expect(create({ FirstName: 'A' })).rejects.toMatchObject({ errorCode: 'REQUIRED_FIELD_MISSING' });
    await expect(create({ LastName: 'L', SystemModstamp: '2026-01-01' })).rejects.toMatchObject({ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE' });
    await create(contact('c-1'));
    await expect(create(contact('c-1'))).rejects.toMatchObject({ errorCode: 'DUPLICATE_VALUE' });
    await expect(salesforce.sobject('Contact').retrieve('003000000000000AAA')).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
  });

  it('ties a deal to an account by the account external id and works out whether it is won', async () => {
    const { salesforce } = await orgWithConnection();
    const account = await salesforce.sobject('Account').create({ Name: 'Acme', [externalId]: 'a-1' });
    const deal = { [externalId]: 'd-1', Name: 'Deal', StageName: 'Closed Won', CloseDate: '2026-01-31', Amount: 10.5, Account: { [externalId]: 'a-1' } };
    const saved = await salesforce.sobject('Opportunity').upsert(deal, externalId);
    const read = await salesforce.sobject('Opportunity').retrieve(saved.id ?? '');
    expect(read).toMatchObject({ AccountId: account.id, IsWon: true, IsClosed: true, Probability: 100, Amount: 10.5 });
  });

  it('saves a collection record by record, or all or none', async () => {
    const { org, salesforce } = await orgWithConnection();
    const records = [contact('c-1'), { [externalId]: 'c-2' }];
    const none = await salesforce.sobject('Contact').upsert(records, externalId, { allOrNone: true });
    expect(none).toMatchObject([
      { success: false, errors: [{ statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK' }] },
      { success: false, errors: [{ statusCode: 'REQUIRED_FIELD_MISSING' }] },
    ]);
    expect(await bench.control.salesforceRecords(org.orgId, 'Contact')).toEqual([]);
    const some = await salesforce.sobject('Contact').upsert(records, externalId);
    expect(some).toEqual([expect.objectContaining({ success: true, created: true }), expect.objectContaining({ success: false })]);
    const many = Array.from({ length: 201 }, (_, index) => contact(`m-${index}`));
    await expect(salesforce.sobject('Contact').upsert(many, externalId)).rejects.toThrow();
  });

  it('says that a deleted record is deleted, and shows it only to queryAll', async () => {
    const { salesforce } = await orgWithConnection();
    const { id = '' } = await salesforce.sobject('Contact').create(contact('c-1'));
    await salesforce.sobject('Contact').destroy(id);
    await expect(salesforce.sobject('Contact').retrieve(id)).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED' });
    expect((await salesforce.query('SELECT Id FROM Contact')).totalSize).toBe(0);
    expect((await salesforce.query('SELECT Id FROM Contact', { scanAll: true })).totalSize).toBe(1);
  });
});

interface Named extends Record<string, unknown> {
  LastName: string;
}

describe('SOQL', () => {
  it('filters, sorts, limits and goes on page by page', async () => {
    const { salesforce } = await orgWithConnection({ queryPageSize: 2 });
    for (const name of ['Eve', 'ada', 'Bob', 'Dan', 'Cid']) await salesforce.sobject('Contact').create(contact(name, { LastName: name }));
    const first = await salesforce.query<Named>("SELECT Id, LastName FROM Contact WHERE LastName != 'Eve' AND IsDeleted = false ORDER BY LastName");
    expect(first).toMatchObject({ totalSize: 4, done: false });
    const second = await salesforce.queryMore<Named>(first.nextRecordsUrl ?? '');
    expect([...first.records, ...second.records].map((record) => record.LastName)).toEqual(['ada', 'Bob', 'Cid', 'Dan']);
    expect(second.done).toBe(true);
    const some = await salesforce.query<Named>(`SELECT LastName FROM Contact WHERE ${externalId} IN ('BOB', 'Eve') ORDER BY LastName DESC LIMIT 1`);
    expect(some.records.map((record) => record.LastName)).toEqual(['Eve']);
    expect((await salesforce.query('SELECT COUNT() FROM Contact')).totalSize).toBe(5);
  });

  it('compares times by instant', async () => {
    const { salesforce } = await orgWithConnection();
    const before = new Date(Date.now() - 1_000).toISOString();
    await salesforce.sobject('Contact').create(contact('c-1'));
    const since = (time: string) => salesforce.query(`SELECT Id FROM Contact WHERE SystemModstamp >= ${time} ORDER BY SystemModstamp, Id`);
    expect((await since(before)).totalSize).toBe(1);
    expect((await since('2999-01-01T00:00:00Z')).totalSize).toBe(0);
  });

  it.each([
    ['SELECT Nope FROM Contact', 'INVALID_FIELD'],
    ['SELECT Id FROM Kontact', 'INVALID_TYPE'],
    ['SELECT Id Contact', 'MALFORMED_QUERY'],
    ["SELECT Id FROM Contact WHERE LastName LIKE 'A%'", 'MALFORMED_QUERY'],
    ["SELECT Id FROM Contact WHERE SystemModstamp > '2026-01-01'", 'MALFORMED_QUERY'],
    ["SELECT Id FROM Contact WHERE LastName = 'A' OR LastName = 'B'", 'MALFORMED_QUERY'],
  ])('refuses %s with %s', async (soql, errorCode) => {
    const { salesforce } = await orgWithConnection();
    await expect(salesforce.query(soql)).rejects.toMatchObject({ errorCode });
  });
});

describe('Salesforce sessions and limits', () => {
  it('opens a new session by refresh token when the old one has ended, and jsforce goes on by itself', async () => {
    const { org } = await orgWithConnection();
    const { clientId, clientSecret, instanceUrl, accessToken, refreshToken } = org;
    const salesforce = new Connection({
      oauth2: { loginUrl: instanceUrl, clientId, clientSecret },
      instanceUrl,
      accessToken,
      refreshToken,
      version: '62.0',
    });
    await bench.control.addFault('salesforce', { kind: 'expire-token' });
    expect((await salesforce.query('SELECT Id FROM Contact')).totalSize).toBe(0);
    expect(salesforce.accessToken).not.toBe(accessToken);
    await bench.control.addFault('salesforce', { kind: 'revoke-token', account: org.orgId });
    await expect(salesforce.query('SELECT Id FROM Contact')).rejects.toThrow('expired access/refresh token');
  });

  it('signs its token answer and, where the org wants it, lets each refresh token work once', async () => {
    const { org } = await orgWithConnection({ rotateRefreshTokens: true });
    const refresh = async (token: string) => {
      const { clientId, clientSecret } = org;
      const body = new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: token });
      const answer = await fetch(`${org.instanceUrl}/services/oauth2/token`, { method: 'POST', body });
      return { status: answer.status, body: (await answer.json()) as Record<string, string> };
    };
    const { body } = await refresh(org.refreshToken);
    expect(body['signature']).toBe(
      createHmac('sha256', org.clientSecret).update(`${body['id'] ?? ''}${body['issued_at'] ?? ''}`).digest('base64'),
    );
    expect(body['expires_in']).toBeUndefined();
    expect(await refresh(org.refreshToken)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await refresh(body['refresh_token'] ?? '')).status).toBe(200);
  });

  it('counts calls, says so in a header, and refuses the first one too many', async () => {
    const { salesforce } = await orgWithConnection({ dailyApiRequests: 2 });
    const limits = await salesforce.limits();
    expect(limits['DailyApiRequests']).toEqual({ Max: 2, Remaining: 1 });
    await salesforce.query('SELECT Id FROM Account');
    expect(salesforce.limitInfo.apiUsage).toEqual({ used: 2, limit: 2 });
    await expect(salesforce.query('SELECT Id FROM Account')).rejects.toMatchObject({ errorCode: 'REQUEST_LIMIT_EXCEEDED' });
  });

  it('describes its types with the external id, and tells an org without the interface apart', async () => {
    const { salesforce } = await orgWithConnection();
    const description = await salesforce.sobject('Opportunity').describe();
    expect(description.fields.find((field) => field.name === externalId)).toMatchObject({ externalId: true, idLookup: true });
    const stages = description.fields.find((field) => field.name === 'StageName')?.picklistValues ?? [];
    expect(stages).toContainEqual(expect.objectContaining({ value: 'Closed Won', active: true }));
    const closed = await orgWithConnection({ apiEnabled: false });
    await expect(closed.salesforce.limits()).rejects.toMatchObject({ errorCode: 'API_DISABLED_FOR_ORG' });
  });

  it('makes the three letters that keep ids apart without regard to case', () => {
    expect([longId('00000000000000A'), longId('a0000AAAAAzzzzz')]).toEqual(['00000000000000AAAQ', 'a0000AAAAAzzzzzA5A']);
  });
});
