import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Connection } from 'jsforce';
import { SandboxControl } from '../control/sandbox-control.ts';
import type { SalesforceOrgCreated, SalesforceOrgInput } from '../control/salesforce-control.schema.ts';
import { startSandbox, type Sandbox } from '../start-sandbox.ts';

let sandbox: Sandbox;
let control: SandboxControl;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
});
afterAll(async () => {
  await sandbox.stop();
});

async function orgWithConnection(options: SalesforceOrgInput = {}): Promise<{ org: SalesforceOrgCreated; salesforce: Connection }> {
  const org = await control.createSalesforceOrg(options);
  return { org, salesforce: new Connection({ instanceUrl: org.instanceUrl, accessToken: org.accessToken, version: '67.0' }) };
}

describe('query jobs of Salesforce through jsforce', () => {
  it('bring all records as CSV, deleted ones where they are asked for', async () => {
    const { org, salesforce } = await orgWithConnection();
    const ids = await control.addSalesforceRecords(org.orgId, 'Account', ['A', 'B, "C"', 'D'].map((Name) => ({ Name })));
    await control.deleteSalesforceRecord(org.orgId, 'Account', ids[2] ?? '');
    const all = async (operation: string): Promise<unknown> => {
      const { id, state } = await salesforce.requestPost<{ id: string; state: string }>('/jobs/query', { operation, query: 'SELECT Id, Name FROM Account' });
      const states = [state];
      for (let looks = 0; looks < 2; looks += 1) states.push((await salesforce.requestGet<{ state: string }>(`/jobs/query/${id}`)).state);
      expect(states).toEqual(['UploadComplete', 'InProgress', 'JobComplete']);
      return await salesforce.requestGet(`/jobs/query/${id}/results?maxRecords=10`);
    };
    expect(await all('query')).toEqual([{ Id: ids[0], Name: 'A' }, { Id: ids[1], Name: 'B, "C"' }]);
    expect(await all('queryAll')).toHaveLength(3);
    await expect(salesforce.requestGet('/jobs/query/750ak0000000999AAA')).rejects.toMatchObject({ errorCode: 'NOT_FOUND' });
  });
});

describe('ingest jobs of Salesforce', () => {
  const key = 'Crossdock_External_Id__c';

  /** A job with its records; jsforce's own client of these jobs leaves out the path of an organisation's address. */
  async function begin(salesforce: Connection, job: Record<string, string>, csv: string) {
    const { id, state } = await salesforce.requestPost<{ id: string; state: string }>('/jobs/ingest', job);
    expect(state).toBe('Open');
    const path = `/jobs/ingest/${id}`;
    const bring = (text: string) => salesforce.request({ method: 'PUT', url: `${salesforce.instanceUrl}/services/data/v67.0${path}/batches`, body: text, headers: { 'content-type': 'text/csv' } });
    await bring(csv);
    return {
      bring, change: (to: string) => salesforce.requestPatch<{ state: string }>(path, { state: to }),
      look: () => salesforce.requestGet<{ state: string; errorMessage?: string; numberRecordsFailed?: number }>(path),
      results: (kind: string) => salesforce.requestGet<Array<Record<string, string>>>(`${path}/${kind}`),
    };
  }

  it('upsert records by their external id and say of each what became of it', async () => {
    const { org, salesforce } = await orgWithConnection();
    const [kept = ''] = await control.addSalesforceRecords(org.orgId, 'Account', [{ Name: 'A', [key]: 'key-a', Phone: '1', Industry: 'Retail' }]);
    const job = await begin(salesforce, { object: 'Account', operation: 'upsert', externalIdFieldName: key },
      `${key},Name,Phone\nkey-a,,#N/A\nkey-b,"B, ""b""\nc",2\nkey-c,,\nkey-b,again,\n`);
    expect((await job.change('UploadComplete')).state).toBe('UploadComplete');
    expect([(await job.look()).state, await job.look()]).toMatchObject(['InProgress', { state: 'JobComplete', numberRecordsFailed: 2 }]);
    expect(await job.results('successfulResults')).toMatchObject([{ sf__Created: 'true', Name: 'B, "b"\nc' }, { sf__Id: kept, sf__Created: 'false' }]);
    expect((await job.results('failedResults')).map(({ sf__Error, [key]: of }) => [of, sf__Error])).toEqual([
      ['key-b', `DUPLICATE_VALUE:Duplicate external id specified: key-b:${key} --`], ['key-c', 'REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --'],
    ]);
    expect(await control.salesforceRecords(org.orgId, 'Account')).toMatchObject([{ Id: kept, Name: 'A', Phone: null, Industry: 'Retail' }, { Name: 'B, "b"\nc', Phone: '2' }]);
  });

  it('fail whole where a column is no field, take their records once, and leave alone what was aborted', async () => {
    const { org, salesforce } = await orgWithConnection();
    const [id = ''] = await control.addSalesforceRecords(org.orgId, 'Account', [{ Name: 'A' }]);
    const failing = await begin(salesforce, { object: 'Account', operation: 'update' }, `Id,Nothing__c\n${id},x\n`);
    await expect(failing.bring(`Id,Name\n${id},x\n`)).rejects.toMatchObject({ errorCode: 'INVALIDJOBSTATE' });
    await failing.change('UploadComplete');
    await failing.look();
    expect(await failing.look()).toMatchObject({ state: 'Failed', errorMessage: 'InvalidBatch : Field name not found : Nothing__c' });
    expect(await failing.results('unprocessedrecords')).toEqual([{ Id: id, Nothing__c: 'x' }]);
    const aborted = await begin(salesforce, { object: 'Account', operation: 'update' }, `Id,Name\n${id},B\n`);
    expect(await aborted.change('Aborted')).toMatchObject({ state: 'Aborted' });
    await expect(aborted.change('UploadComplete')).rejects.toMatchObject({ errorCode: 'INVALIDJOBSTATE' });
    expect(await control.salesforceRecords(org.orgId, 'Account')).toMatchObject([{ Name: 'A' }]);
  });
});

describe('composite requests of Salesforce', () => {
  it('count as one call, answer each part for itself, and take no more than five queries and collections', async () => {
    const { salesforce } = await orgWithConnection();
    const q = (soql: string) => ({ method: 'GET', url: `/services/data/v67.0/query?q=${encodeURIComponent(soql)}` });
    const send = (...parts: Array<{ method: string; url: string; body?: unknown }>) => salesforce.requestPost('/composite', {
      compositeRequest: parts.map((part, index) => ({ ...part, referenceId: `r${String(index)}` })),
    });
    const answer = await send({ method: 'POST', url: '/services/data/v67.0/sobjects/Account', body: { Name: 'A' } }, q('SELECT Name FROM Account'), q('SELECT Nothing FROM Account'));
    expect(answer).toMatchObject({ compositeResponse: [
      { httpStatusCode: 201, referenceId: 'r0' }, { httpStatusCode: 200, body: { records: [{ Name: 'A' }] } }, { httpStatusCode: 400, body: [{ errorCode: 'INVALID_FIELD' }] },
    ] });
    expect(salesforce.limitInfo.apiUsage?.used).toBe(1);
    await expect(send(...Array.from({ length: 6 }, () => q('SELECT Id FROM Account')))).rejects.toMatchObject({ errorCode: 'INVALID_INPUT' });
  });
});

describe('custom fields of Salesforce through jsforce', () => {
  it('are made once, and seen by nobody until a permission set shows them', async () => {
    const { salesforce } = await orgWithConnection({ externalIdFields: false });
    const name = 'Crossdock_External_Id__c';
    const make = () => salesforce.requestPost('/tooling/sobjects/CustomField', { FullName: `Contact.${name}`, Metadata: { type: 'Text', label: 'Key', length: 255, externalId: true, unique: true } });
    const isSeen = async (): Promise<boolean> => (await salesforce.sobject('Contact').describe()).fields.some((field) => field.name === name);
    expect(await make()).toMatchObject({ success: true });
    await expect(make()).rejects.toMatchObject({ errorCode: 'DUPLICATE_DEVELOPER_NAME' });
    expect(await isSeen()).toBe(false);
    const { id } = await salesforce.sobject('PermissionSet').create({ Name: 'Keys', Label: 'Keys' });
    await salesforce.sobject('FieldPermissions').create({ ParentId: id, SobjectType: 'Contact', Field: `Contact.${name}`, PermissionsRead: true, PermissionsEdit: true });
    const { user_id: AssigneeId } = await salesforce.requestGet<{ user_id: string }>('/services/oauth2/userinfo');
    const assignment = { AssigneeId, PermissionSetId: id };
    await salesforce.sobject('PermissionSetAssignment').create(assignment);
    expect(await isSeen()).toBe(true);
    await expect(salesforce.sobject('PermissionSetAssignment').create(assignment)).rejects.toMatchObject({ errorCode: 'DUPLICATE_VALUE' });
  });
});
