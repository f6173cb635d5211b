import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { Failure, type CrmObject, type FieldValue } from '@crossdock/contracts';
import { derivedFields, type RecordWrite } from '@crossdock/crm-connector';
import { describeCrmConnector, type CrmWorld } from '@crossdock/crm-connector/conformance';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox } from '@crossdock/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { PipedriveAuthorisation } from './pipedrive.authorisation.ts';
import { PipedriveConnector } from './pipedrive.connector.ts';

const faults = { down: { kind: 'status', status: 503 }, slow: { kind: 'latency', latencyMs: 5_000 }, rate_limit: { kind: 'rate-limit' } } as const;

const paths = { contact: 'persons', company: 'organizations', deal: 'deals' } as const;
const dayMs = 86_400_000;
const signal = AbortSignal.timeout(120_000);

/** The hub's fields of a person as Pipedrive's pages keep them. */
function asPerson({ email, last_name: lastName, first_name: firstName }: Readonly<Record<string, FieldValue>>): Record<string, unknown> {
  const name = [firstName, lastName].filter((part) => typeof part === 'string').join(' ');
  return { ...(name !== '' && { name }), ...(typeof email === 'string' && { emails: [{ value: email, primary: true }] }) };
}

async function buildWorld(): Promise<CrmWorld & { readonly control: SandboxControl; readonly domain: string; readonly apiDomain: string; readonly accessToken: string; readonly http: OutboundHttp }> {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const { domain, companyId, apiDomain, clientId, clientSecret, ...granted } = await control.createPipedriveCompany();
  const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
  const authorisation = new PipedriveAuthorisation(http, {
    pipedriveOauthUrl: `${sandbox.url}/pipedrive`, pipedriveCompanyUrl: `${sandbox.url}/pipedrive`, pipedriveClientId: clientId, pipedriveClientSecret: clientSecret,
  });
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'pipedrive', accountId: String(companyId), settings: {}, endpoint: apiDomain, state: 'healthy', stateSince: new Date(),
  };
  let { accessToken, refreshToken } = granted;
  const tokens = {
    get: async () => accessToken,
    refreshAfter401: async () => {
      const renewed = await authorisation.refresh(connection, refreshToken, signal);
      refreshToken = renewed.refreshToken ?? refreshToken;
      accessToken = renewed.accessToken;
      return accessToken;
    },
  };
  const connector = new PipedriveConnector({ http, tokens, changesPerPage: 5 });
  await connector.setUp(connection, signal);
  const edit = async (object: CrmObject, id: string, values: Record<string, unknown>) => { await control.editPipedriveRecord(domain, paths[object], id, values); };
  return {
    control, http, domain, apiDomain, accessToken, connector, connection,
    person: {
      create: async (object, fields) => String((await control.addPipedriveRecord(domain, paths[object], object === 'contact' ? asPerson(fields) : fields))['id']),
      edit: ({ object, id }, fields) => edit(object, id, object === 'contact' ? asPerson(fields) : fields),
      delete: ({ object, id }) => control.deletePipedriveRecord(domain, paths[object], id),
      associate: ({ object, id }, to) => edit(object, id, { [to.object === 'company' ? 'org_id' : 'person_id']: Number(to.id) }),
      mergeContacts: async (winner, loser) => {
        await control.mergePipedrivePersons(domain, winner, loser);
        return winner;
      },
      advance: (id) => edit('deal', id, { stage_id: 3 }),
      closeAsWon: (id) => edit('deal', id, { status: 'won' }),
    },
    tellsWhereMergedWent: false,
    count: async (object) => (await control.pipedriveRecords(domain, paths[object])).length,
    importContacts: async () => {
      const update_time = `${new Date(Date.now() - 60_000).toISOString().slice(0, 19)}Z`;
      const persons = Array.from({ length: 12 }, () => ({ name: 'Imported', emails: [{ value: `${randomUUID()}@example.com` }], update_time }));
      return (await Promise.all(persons.map((person) => control.addPipedriveRecord(domain, 'persons', person)))).map(({ id }) => String(id));
    },
    refused: [
      { because: 'its title is too long', object: 'deal', fields: { title: 'x'.repeat(256) }, field: 'title' },
      { because: 'it is no address', object: 'contact', fields: { email: 'no address' }, field: 'email' },
      { because: 'the company has no such currency', object: 'deal', fields: { value: { amountMinor: 100, currency: 'BRL' } }, field: 'value' },
      { because: 'somebody switched the currency off', object: 'deal', fields: { value: { amountMinor: 100, currency: 'EEK' } }, field: 'value' },
      { because: 'its name is missing', object: 'company', fields: { name: null }, field: 'name' },
      { because: 'there is no such field', object: 'deal', fields: { colour: 'red' }, field: 'colour' },
    ],
    unknownContactId: '999999999',
    rateLimitKind: 'rate_limited',
    forgottenCursor: async () => {
      const earlier = new PipedriveConnector({ http, tokens, now: () => Date.now() - 31 * dayMs });
      const description = await earlier.describe(connection, 'contact', signal);
      return (await earlier.listChanges(connection, { description, fieldNames: ['email'] }, undefined, signal)).cursor;
    },
    expireToken: () => control.addFault('pipedrive', { kind: 'expire-token', account: domain }),
    revoke: () => control.addFault('pipedrive', { kind: 'revoke-token', account: domain }),
    fail: (fault, times) => control.addFault('pipedrive', { ...faults[fault], times }),
    clearFaults: () => control.clearFaults('pipedrive'),
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}

describeCrmConnector('Pipedrive', buildWorld);

describe('the Pipedrive records beside what all have in common', () => {
  let world: Awaited<ReturnType<typeof buildWorld>>;
  const describeOf = (object: CrmObject) => world.connector.describe(world.connection, object, signal);
  const write = async (object: CrmObject, ...writes: RecordWrite[]) => (await world.connector.write(world.connection, await describeOf(object), writes, signal))
    .map((result) => (result instanceof Failure ? result.kind : result.id));
  async function changes(object: CrmObject, cursor?: string) {
    const description = await describeOf(object);
    const selection = { description, fieldNames: description.fields.map(({ name }) => name) };
    const [records, gone] = [new Map<string, unknown>(), new Set<string>()];
    for (;;) {
      const page = await world.connector.listChanges(world.connection, selection, cursor, signal);
      for (const record of page.records) records.set(record.id, record);
      for (const { id } of page.gone) gone.add(id);
      cursor = page.cursor;
      if (!page.hasMore) return { records, gone, cursor };
    }
  }

  beforeAll(async () => {
    world = await buildWorld();
  });
  afterAll(() => world.stop());

  it('give a deal several people, and take each of them away again', async () => {
    const persons = await write('contact', ...['a', 'b', 'c'].map((key) => ({ target: { key }, fields: { email: `${key}@example.com` } })));
    const refs = persons.map((id) => ({ object: 'contact', id }) as const);
    const [deal = ''] = await write('deal', { target: { key: 'order/1' }, fields: { title: 'Order 1' }, associate: refs });
    expect((await changes('deal')).records.get(deal)).toMatchObject({ associations: refs });
    await write('deal', { target: { id: deal }, fields: {}, dissociate: refs.slice(0, 2) });
    expect((await changes('deal')).records.get(deal)).toMatchObject({ associations: refs.slice(2) });
  });

  it('keep options by their numbers, and amounts and people of the company’s own fields', async () => {
    const field = async (body: Record<string, unknown>) => fetch(`${world.apiDomain}/api/v2/dealFields`, {
      method: 'POST', headers: { authorization: `Bearer ${world.accessToken}`, 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    await field({ field_name: 'Size', field_type: 'enum', options: [{ label: 'Small' }, { label: 'Large' }] });
    await field({ field_name: 'Colours', field_type: 'set', options: [{ label: 'Red' }, { label: 'Blue' }] });
    await field({ field_name: 'Deposit', field_type: 'monetary' });
    await field({ field_name: 'Weight', field_type: 'double' });
    const { fields } = await describeOf('deal');
    const nameOf = (label: string) => fields.find((each) => each.label === label)?.name ?? '';
    const optionOf = (label: string, option: string) => fields.find((each) => each.label === label)?.options?.find((each) => each.label === option)?.value ?? '';
    const values = {
      title: 'Order 2', owner_id: fields.find(({ name }) => name === 'owner_id')?.options?.[0]?.value ?? '', expected_close_date: '2026-12-24',
      [nameOf('Size')]: optionOf('Size', 'Large'), [nameOf('Colours')]: [optionOf('Colours', 'Red'), optionOf('Colours', 'Blue')],
      [nameOf('Deposit')]: { amountMinor: 1_050, currency: 'USD' }, [nameOf('Weight')]: '2.5',
    };
    const [id = ''] = await write('deal', { target: { key: 'order/2' }, fields: values });
    expect((await changes('deal')).records.get(id)).toMatchObject({ fields: values });
    expect(await write('deal', { target: { id }, fields: { [nameOf('Size')]: '999' } })).toEqual(['invalid']);
    await write('deal', { target: { id }, fields: { [nameOf('Size')]: null, [nameOf('Deposit')]: null } });
    expect((await changes('deal')).records.get(id)).toMatchObject({ fields: { ...values, [nameOf('Size')]: null, [nameOf('Deposit')]: null } });
  });

  it('empty nothing, and say which write names it, once an administrator has removed a field', async () => {
    const headers = { authorization: `Bearer ${world.accessToken}`, 'content-type': 'application/json' };
    const address = `${world.apiDomain}/api/v2/organizationFields`;
    await fetch(address, { method: 'POST', headers, body: JSON.stringify({ field_name: 'Colour', field_type: 'varchar' }) });
    const description = await describeOf('company');
    const colour = description.fields.find(({ label }) => label === 'Colour')?.name ?? '';
    const writes = ['Red', 'Blue'].map((name) => ({ target: { key: name }, fields: { name, [colour]: name } }));
    const [red = ''] = await write('company', ...writes);
    await fetch(`${address}/${colour}`, { method: 'DELETE', headers });
    const found = (await world.connector.getByIds(world.connection, { description, fieldNames: ['name', colour] }, [red], signal)).get(red);
    expect(found && 'fields' in found && found.fields).toEqual({ name: 'Red' });
    const results = await world.connector.write(world.connection, description, [...writes, { target: { key: 'Green' }, fields: { name: 'Green' } }], signal);
    expect(results.map((result) => (result instanceof Failure ? [result.kind, result.field] : result.outcome))).toEqual([['invalid', colour], ['invalid', colour], 'written']);
  });

  it('say that a record was deleted between the look at it and the write', async () => {
    const [id = '', present = ''] = await write('contact', ...['e', 'f'].map((key) => ({ target: { key }, fields: { email: `${key}@example.com` } })));
    await world.control.addFault('pipedrive', { kind: 'status', status: 404, pathPattern: `^PATCH .*/persons/${id}` });
    expect(await write('contact', ...[id, present].map((each) => ({ target: { id: each }, fields: { last_name: 'Muster' } })))).toEqual(['not_found', present]);
  });

  it('are not given to one who has left, nor keep an option that is none, and hold back no other', async () => {
    await fetch(`${world.apiDomain}/api/v2/organizationFields`, {
      method: 'POST', headers: { authorization: `Bearer ${world.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ field_name: 'Tier', field_type: 'enum', options: [{ label: 'Gold' }] }),
    });
    const description = await describeOf('company');
    const left = description.fields.find(({ name }) => name === 'owner_id')?.options?.find(({ isActive }) => !isActive)?.value ?? '';
    const tier = description.fields.find(({ label }) => label === 'Tier')?.name ?? '';
    const company = (fields: RecordWrite['fields'] = {}): RecordWrite => ({ target: { key: randomUUID() }, fields: { name: 'Muster', ...fields } });
    const results = await world.connector.write(world.connection, description, [company(), company({ owner_id: left }), company({ [tier]: '999' }), company()], signal);
    expect(results.map((result) => (result instanceof Failure ? [result.kind, result.field] : result.outcome))).toEqual(['written', ['invalid', 'owner_id'], ['invalid', tier], 'written']);
  });

  it('may be changed in the same moment, which is tried again and holds back no other', async () => {
    const [id = '', free = ''] = await write('company', ...['g', 'h'].map((key) => ({ target: { key }, fields: { name: key } })));
    await world.control.addFault('pipedrive', { kind: 'status', status: 409, pathPattern: `^PATCH .*/organizations/${id}` });
    const both = [id, free].map((each) => ({ target: { id: each }, fields: { name: 'Muster' } }));
    expect([await write('company', ...both), await write('company', ...both)]).toEqual([['conflict', free], [id, free]]);
  });

  it('tell of deals that are archived, and of those that are deleted', async () => {
    const [archived = '', deleted = ''] = await write('deal', ...['3', '4'].map((key) => ({ target: { key }, fields: { title: `Order ${key}` } })));
    const { cursor } = await changes('deal');
    await world.control.editPipedriveRecord(world.domain, 'deals', archived, { is_archived: true });
    await world.control.deletePipedriveRecord(world.domain, 'deals', deleted);
    const { records, gone } = await changes('deal', cursor);
    expect([records.has(archived), records.has(deleted), gone]).toEqual([true, false, new Set([deleted])]);
  });

  it('keep the addresses that a person has beside the main one, and both parts of the name', async () => {
    const [id = ''] = await write('contact', { target: { key: 'd' }, fields: { email: 'd@example.com', first_name: 'Anna', last_name: 'van der Berg' } });
    await world.control.editPipedriveRecord(world.domain, 'persons', id, { emails: [{ value: 'd@example.com', primary: true }, { value: 'private@example.com' }] });
    await write('contact', { target: { id }, fields: { email: 'new@example.com', first_name: 'Ann' } });
    expect((await changes('contact')).records.get(id)).toMatchObject({ fields: { email: 'new@example.com', first_name: 'Ann', last_name: 'van der Berg' } });
    expect(await world.control.pipedriveRecords(world.domain, 'persons')).toContainEqual(expect.objectContaining({
      name: 'Ann van der Berg', emails: [expect.objectContaining({ value: 'new@example.com' }), expect.objectContaining({ value: 'private@example.com' })],
    }));
  });

  it('find a record whose creation was answered too late to be heard', async () => {
    await world.control.addFault('pipedrive', { kind: 'reset', phase: 'after', pathPattern: '^POST .*/organizations$' });
    const lost = { target: { key: 'company/1' }, fields: { name: 'Muster Ltd' } };
    expect(await write('company', lost)).toEqual(['outcome_unknown']);
    const before = await world.count('company');
    expect(await write('company', lost)).toEqual([expect.stringMatching(/^\d+$/)]);
    expect(await world.count('company')).toBe(before);
  });

  it('say that writes wait for the set-up, and who may own a record', async () => {
    const other = await buildWorld();
    const description = await other.connector.describe(other.connection, 'deal', signal);
    expect(description.fields.find(({ name }) => name === 'owner_id')?.options).toMatchObject([{ isActive: true }, { isActive: false }]);
    const fresh = await other.control.createPipedriveCompany();
    const connector = new PipedriveConnector({ http: other.http, tokens: { get: async () => fresh.accessToken, refreshAfter401: async () => fresh.accessToken } });
    const connection = { ...other.connection, id: randomUUID(), endpoint: fresh.apiDomain };
    const results = await connector.write(connection, description, [{ target: { key: 'k' }, fields: { title: 'D', [derivedFields.dealStatus]: 'open' } }], signal);
    expect(results).toMatchObject([{ kind: 'dependency_missing' }]);
    await other.stop();
  });
});
