import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inflateRawSync } from 'node:zlib';
import { SandboxControl } from '../control/sandbox-control.ts';
import { startSandbox, type Sandbox } from '../start-sandbox.ts';
import { zipOf } from './bulk/zip.ts';

let sandbox: Sandbox;
let control: SandboxControl;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  control = new SandboxControl(sandbox.url);
});
afterAll(async () => {
  await sandbox.stop();
});

describe('bulk reads of Zoho CRM', () => {
  it('prepare pages of a module as a ZIP of CSV, in which a lookup is its id', async () => {
    const { orgId, apiUrl, accessToken } = await control.createZohoOrg({ bulkReadPageSize: 2 });
    const { id: account } = await control.addZohoRecord(orgId, 'Accounts', { Account_Name: 'A' });
    const ids: string[] = [];
    for (const Last_Name of ['B, "b"', 'C\nc', 'D']) ids.push((await control.addZohoRecord(orgId, 'Contacts', { Last_Name, Account_Name: { id: account } })).id);
    const call = (path: string, body?: unknown) => fetch(`${apiUrl}/crm/${path}`, {
      method: body === undefined ? 'GET' : 'POST', headers: { authorization: `Zoho-oauthtoken ${accessToken}`, 'content-type': 'application/json' }, ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    expect(await (await call('v8/Contacts/actions/count')).json()).toEqual({ count: 3 });
    const read = async (page: number): Promise<{ result: unknown; csv: string }> => {
      const made = await (await call('bulk/v8/read', { query: { module: { api_name: 'Contacts' }, fields: ['Last_Name', 'Account_Name', 'Phone'], page } })).json() as { data: [{ details: { id: string } }] };
      const path = `bulk/v8/read/${made.data[0].details.id}`;
      expect((await call(`${path}/result`)).status).toBe(404);
      expect(await (await call(path)).json()).toMatchObject({ data: [{ state: 'IN PROGRESS' }] });
      const done = await (await call(path)).json() as { data: [{ state: string; result: unknown }] };
      expect(done.data[0].state).toBe('COMPLETED');
      const zip = Buffer.from(await (await call(`${path}/result`)).arrayBuffer());
      return { result: done.data[0].result, csv: inflateRawSync(zip.subarray(30 + zip.readUInt16LE(26))).toString() };
    };
    expect(await read(1)).toMatchObject({ result: { page: 1, count: 2, more_records: true }, csv: `Id,Last_Name,Account_Name,Phone\n${ids[0] ?? ''},"B, ""b""",${account},\n${ids[1] ?? ''},"C\nc",${account},\n` });
    expect(await read(2)).toMatchObject({ result: { count: 1, more_records: false }, csv: `Id,Last_Name,Account_Name,Phone\n${ids[2] ?? ''},D,${account},\n` });
    expect((await call('bulk/v8/read', { query: { module: { api_name: 'Contacts' }, fields: ['Nothing'] } })).status).toBe(400);
  });
});

describe('bulk writes of Zoho CRM', () => {
  it('take a file of records once it was brought, and say of each what became of it', async () => {
    const { orgId, apiUrl, accessToken } = await control.createZohoOrg();
    const { id } = await control.addZohoRecord(orgId, 'Contacts', { Last_Name: 'A', Phone: '1' });
    const call = (path: string, more: { method?: string; body?: FormData | string; headers?: Record<string, string> } = {}) =>
      fetch(`${apiUrl}/crm/${path}`, { ...more, headers: { ...more.headers, authorization: `Zoho-oauthtoken ${accessToken}` } });
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(zipOf('Contacts.csv', `id,Last_Name,Phone,Email\n${id},,2,\n${id},,,nowhere\n`))]), 'records.zip');
    expect((await call('v8/upload', { method: 'POST', body: form })).status).toBe(403);
    const brought = await (await call('v8/upload', { method: 'POST', body: form, headers: { feature: 'bulk-write', 'x-crm-org': orgId } })).json() as { details: { file_id: string } };
    const job = {
      operation: 'update', ignore_empty: true,
      resource: [{ type: 'data', module: { api_name: 'Contacts' }, file_id: brought.details.file_id, find_by: 'id', field_mappings: ['id', 'Last_Name', 'Phone', 'Email'].map((api_name, index) => ({ api_name, index })) }],
    };
    const made = await (await call('bulk/v8/write', { method: 'POST', body: JSON.stringify(job), headers: { 'content-type': 'application/json' } })).json() as { details: { id: string } };
    expect(await (await call(`bulk/v8/write/${made.details.id}`)).json()).toMatchObject({ status: 'INPROGRESS' });
    const done = await (await call(`bulk/v8/write/${made.details.id}`)).json() as { result: { download_url: string } };
    expect(done).toMatchObject({ status: 'COMPLETED', resource: [{ file: { updated_count: 1, skipped_count: 1 } }] });
    const zip = Buffer.from(await (await fetch(done.result.download_url, { headers: { authorization: `Zoho-oauthtoken ${accessToken}` } })).arrayBuffer());
    expect(inflateRawSync(zip.subarray(30 + zip.readUInt16LE(26))).toString())
      .toBe(`"id","Last_Name","Phone","STATUS","RECORD_ID","ERRORS"\n"${id}","","","SKIPPED","","INVALID_DATA-Email"\n"${id}","","2","UPDATED","${id}",""\n`);
    expect(await control.zohoRecords(orgId, 'Contacts')).toMatchObject([{ Last_Name: 'A', Phone: '2' }]);
  });
});
