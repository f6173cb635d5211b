import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { Failure, type CrmObject, type FieldValue } from '@crossdock/contracts';
import { derivedFields, type BulkOutcome, type BulkProgress, type CrmRecord, type RecordWrite } from '@crossdock/crm-connector';
import { describeCrmConnector, type CrmWorld } from '@crossdock/crm-connector/conformance';
import { OutboundHttp } from '@crossdock/outbound-http';
import { SandboxControl, startSandbox } from '@crossdock/sandbox';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { ZohoAuthorisation } from './zoho.authorisation.ts';
import { ZohoConnector } from './zoho.connector.ts';

const faults = { down: { kind: 'status', status: 503 }, slow: { kind: 'latency', latencyMs: 5_000 }, rate_limit: { kind: 'rate-limit' } } as const;

const modules = { contact: 'Contacts', company: 'Accounts', deal: 'Deals' } as const;
const dayMs = 86_400_000;
const signal = AbortSignal.timeout(120_000);

async function buildWorld(
  { bulkReadsFrom, scopes, ...org }: Parameters<SandboxControl['createZohoOrg']>[0] & { readonly bulkReadsFrom?: number } = {},
): Promise<CrmWorld & { readonly control: SandboxControl; readonly orgId: string; readonly accessToken: string; readonly http: OutboundHttp; readonly anotherConnector: () => ZohoConnector }> {
  const sandbox = await startSandbox({ port: 0 });
  const control = new SandboxControl(sandbox.url);
  const { orgId, clientId, clientSecret, apiUrl, refreshToken, ...granted } = await control.createZohoOrg({ location: 'eu', ...org, ...(scopes && { scopes }) });
  const http = new OutboundHttp({ metrics: new Registry(), logger: pino({ level: 'silent' }), allowPrivateNetworks: true });
  const authorisation = new ZohoAuthorisation(http, { zohoClientId: clientId, zohoClientSecret: clientSecret, zohoAccountsUrl: `${sandbox.url}/zoho/accounts/{location}` });
  const connection: Connection = {
    id: randomUUID(), tenantId: randomUUID(), vendor: 'zoho', accountId: orgId, state: 'healthy', stateSince: new Date(),
    settings: { location: 'eu', apiDomain: apiUrl, companyCurrency: 'EUR' },
  };
  let { accessToken } = granted;
  const tokens = {
    get: async () => accessToken,
    refreshAfter401: async () => {
      ({ accessToken } = await authorisation.refresh(connection, refreshToken, signal));
      return accessToken;
    },
  };
  const anotherConnector = (): ZohoConnector => new ZohoConnector({ http, tokens, changesPerPage: 5, bulkFirstPauseMs: 1, ...(bulkReadsFrom !== undefined && { bulkReadsFrom }) });
  const connector = anotherConnector();
  await connector.setUp(connection, signal);
  const edit = async (object: CrmObject, id: string, values: Record<string, unknown>) => { await control.editZohoRecord(orgId, modules[object], id, values); };
  return {
    control, http, orgId, accessToken, anotherConnector, connector, connection,
    person: {
      create: async (object, fields) => (await control.addZohoRecord(orgId, modules[object], fields)).id,
      edit: ({ object, id }, fields: Readonly<Record<string, FieldValue>>) => edit(object, id, fields),
      delete: ({ object, id }) => control.deleteZohoRecord(orgId, modules[object], id),
      associate: ({ object, id }, to) => edit(object, id, { [to.object === 'company' ? 'Account_Name' : 'Contact_Name']: { id: to.id } }),
      mergeContacts: async (winner, loser) => {
        await control.mergeZohoRecords(orgId, 'Contacts', winner, loser);
        return winner;
      },
      advance: (id) => edit('deal', id, { Stage: 'Negotiation/Review' }),
      closeAsWon: (id) => edit('deal', id, { Stage: 'Closed Won' }),
    },
    tellsWhereMergedWent: false,
    count: async (object) => (await control.zohoRecords(orgId, modules[object])).length,
    importContacts: async () => {
      const Modified_Time = new Date(Date.now() - 60_000).toISOString();
      const contacts = Array.from({ length: 12 }, () => ({ Email: `${randomUUID()}@example.com`, Last_Name: 'Imported', Modified_Time }));
      return (await Promise.all(contacts.map((contact) => control.addZohoRecord(orgId, 'Contacts', contact)))).map(({ id }) => id);
    },
    refused: [
      { because: 'it is too long', object: 'contact', fields: { Last_Name: 'x'.repeat(81) }, field: 'Last_Name' },
      { because: 'it is no address', object: 'contact', fields: { Email: 'no address' }, field: 'Email' },
      { because: 'its owner has left', object: 'contact', fields: { Owner: '6493490000000486003' }, field: 'Owner' },
      { because: 'its name is missing', object: 'deal', fields: { Deal_Name: null }, field: 'Deal_Name' },
      { because: 'the organisation keeps another currency', object: 'deal', fields: { Amount: { amountMinor: 100, currency: 'USD' } }, field: 'Amount' },
      { because: 'there is no such field', object: 'deal', fields: { [`${derivedFields.dealStatus}_`]: 'open' } },
    ],
    unknownContactId: '6493490000000000001',
    rateLimitKind: 'rate_limited',
    forgottenCursor: async () => {
      const earlier = new ZohoConnector({ http, tokens, now: () => Date.now() - 61 * dayMs });
      const description = await earlier.describe(connection, 'contact', signal);
      return (await earlier.listChanges(connection, { description, fieldNames: ['Email'] }, undefined, signal)).cursor;
    },
    expireToken: () => control.addFault('zoho', { kind: 'expire-token', account: orgId }),
    revoke: async () => {
      for (const kind of ['revoke-token', 'expire-token'] as const) await control.addFault('zoho', { kind, account: orgId });
    },
    fail: (fault, times) => control.addFault('zoho', { ...faults[fault], times }),
    clearFaults: () => control.clearFaults('zoho'),
    stop: async () => {
      await http.close();
      await sandbox.stop();
    },
  };
}

describeCrmConnector('Zoho', buildWorld);
describeCrmConnector('Zoho (which reads all there is by jobs)', () => buildWorld({ bulkReadsFrom: 0, bulkReadPageSize: 12 }));
describeCrmConnector('Zoho (which writes by jobs)', async () => ({ ...await buildWorld(), writesByJobs: true }));

describe('the Zoho records beside what all have in common', () => {
  let world: Awaited<ReturnType<typeof buildWorld>>;
  const describeOf = (object: CrmObject) => world.connector.describe(world.connection, object, signal);
  const write = async (object: CrmObject, ...writes: RecordWrite[]) => (await world.connector.write(world.connection, await describeOf(object), writes, signal))
    .map((result) => (result instanceof Failure ? result.kind : result.id));

  beforeAll(async () => {
    world = await buildWorld();
  });
  afterAll(() => world.stop());

  it('give a deal several contacts, and take each of them away again', async () => {
    const contacts = await write('contact', ...['a', 'b', 'c'].map((key) => ({ target: { key }, fields: { Email: `${key}@example.com` } })));
    const refs = contacts.map((id) => ({ object: 'contact', id }) as const);
    const [deal = ''] = await write('deal', { target: { key: 'order/1' }, fields: { Deal_Name: 'Order 1' }, associate: refs });
    const associations = async () => {
      const selection = { description: await describeOf('deal'), fieldNames: ['Deal_Name'] };
      const found = (await world.connector.getByIds(world.connection, selection, [deal], signal)).get(deal);
      return found && 'associations' in found ? found.associations : [];
    };
    expect(await associations()).toEqual(refs);
    await write('deal', { target: { id: deal }, fields: {}, dissociate: refs.slice(0, 2) });
    expect(await associations()).toEqual(refs.slice(2));
  });

  it('find an address with an apostrophe instead of doubling the contact', async () => {
    const meant = (key: string): RecordWrite => ({
      target: { key, adoptBy: [{ field: 'Email', value: "o'brien@example.com", anyKey: true }] }, fields: { Email: "o'brien@example.com", Last_Name: "O'Brien" },
    });
    const [first] = await write('contact', meant('first'));
    expect(await write('contact', meant('second'))).toEqual([first]);
  });

  it('leave a lost deal in the one of several lost stages that people chose', async () => {
    const [id = ''] = await write('deal', { target: { key: 'order/2' }, fields: { Deal_Name: 'Order 2' } });
    await world.control.editZohoRecord(world.orgId, 'Deals', id, { Stage: 'Closed Lost to Competition' });
    await write('deal', { target: { id }, fields: { [derivedFields.dealStatus]: 'lost' } });
    expect(await world.control.zohoRecords(world.orgId, 'Deals')).toContainEqual(expect.objectContaining({ id, Stage: 'Closed Lost to Competition' }));
  });

  it('read more fields than one query takes', async () => {
    for (let made = 0; made < 60; made += 5) {
      const fields = Array.from({ length: 5 }, (_, index) => ({ field_label: `Extra ${made + index}`, data_type: 'text' }));
      await fetch(`${String(world.connection.settings['apiDomain'])}/crm/v8/settings/fields?module=Accounts`, {
        method: 'POST', headers: { authorization: `Zoho-oauthtoken ${world.accessToken}`, 'content-type': 'application/json' }, body: JSON.stringify({ fields }),
      });
    }
    const [id = ''] = await write('company', { target: { key: 'company/1' }, fields: { Account_Name: 'Muster', Extra_1: 'one', Extra_59: 'fifty-nine' } });
    const description = await describeOf('company');
    const selection = { description, fieldNames: description.fields.map(({ name }) => name) };
    const { records } = await world.connector.listChanges(world.connection, selection, undefined, signal);
    expect(records).toMatchObject([{ id, fields: { Account_Name: 'Muster', Extra_1: 'one', Extra_59: 'fifty-nine', Extra_2: null } }]);
    expect((await world.connector.getByIds(world.connection, selection, [id], signal)).get(id)).toEqual(records[0]);
  });

  it('tell of a change that commits late, with a time that was passed already', async () => {
    const selection = { description: await describeOf('contact'), fieldNames: ['Email'] };
    let page = await world.connector.listChanges(world.connection, selection, undefined, signal);
    while (page.hasMore) page = await world.connector.listChanges(world.connection, selection, page.cursor, signal);
    const late = await world.control.addZohoRecord(world.orgId, 'Contacts', { Last_Name: 'Late', Modified_Time: new Date(Date.now() - 90_000).toISOString() });
    const told = new Set<string>();
    do {
      page = await world.connector.listChanges(world.connection, selection, page.cursor, signal);
      for (const { id } of page.records) told.add(id);
    } while (page.hasMore);
    expect(told).toContain(late.id);
  });

  describe('meet what Zoho does not take', () => {
    const makeField = (body: Record<string, unknown>) => fetch(`${String(world.connection.settings['apiDomain'])}/crm/v8/settings/fields?module=Contacts`, {
      method: 'POST', headers: { authorization: `Zoho-oauthtoken ${world.accessToken}`, 'content-type': 'application/json' }, body: JSON.stringify({ fields: [{ data_type: 'text', ...body }] }),
    });
    const aContact = (fields: RecordWrite['fields'] = {}): RecordWrite => ({ target: { key: randomUUID() }, fields: { Email: `${randomUUID()}@example.com`, Last_Name: 'Muster', ...fields } });

    it('and let a field that an administrator has removed hold up neither reading nor other writes, and say which write names it', async () => {
      await makeField({ field_label: 'Colour' });
      const description = await describeOf('contact');
      const [id = ''] = await write('contact', aContact({ Colour: 'red' }));
      await world.control.removeZohoField(world.orgId, 'Contacts', 'Colour');
      const selection = { description, fieldNames: ['Last_Name', 'Colour'] };
      const found = (await world.connector.getByIds(world.connection, selection, [id], signal)).get(id);
      expect(found).toMatchObject({ fields: { Last_Name: 'Muster' } });
      expect(found && 'fields' in found && Object.keys(found.fields)).toEqual(['Last_Name']);
      const later = new ZohoConnector({ http: world.http, tokens: { get: async () => world.accessToken, refreshAfter401: async () => world.accessToken } });
      const results = await later.write(world.connection, description, [aContact(), aContact({ Colour: 'blue' }), aContact()], signal);
      expect(results.map((result) => (result instanceof Failure ? [result.kind, result.field] : result.outcome))).toEqual(['written', ['invalid', 'Colour'], 'written']);
    });

    it('and call what may not be doubled a conflict that holds back no other', async () => {
      await makeField({ field_label: 'Badge', unique: { casesensitive: false } });
      expect((await write('contact', aContact({ Badge: '7' }), aContact({ Badge: '7' }), aContact({ Badge: '8' }))).map((result) => (/^\d+$/.test(result) ? 'written' : result)))
        .toEqual(['written', 'conflict', 'written']);
    });

    it('and say that a record was deleted between the look at it and the write', async () => {
      const [gone = '', present = ''] = await write('contact', aContact(), aContact());
      await world.control.deleteZohoRecord(world.orgId, 'Contacts', gone);
      expect(await write('contact', ...[gone, present].map((id) => ({ target: { id }, fields: { First_Name: 'Anna' } })))).toEqual(['not_found', present]);
    });

    it('and take a locked record for one that is free soon, also alone in its call, and write the others of its call', async () => {
      const [locked = '', free = ''] = await write('contact', aContact(), aContact());
      const both = [locked, free].map((id) => ({ target: { id }, fields: { First_Name: 'Anna' } }));
      await world.control.lockZohoRecord(world.orgId, 'Contacts', locked, true);
      expect([await write('contact', ...both), await write('contact', ...both.slice(0, 1))]).toEqual([['conflict', free], ['conflict']]);
      await world.control.lockZohoRecord(world.orgId, 'Contacts', locked, false);
      expect(await write('contact', ...both)).toEqual([locked, free]);
    });
  });
});

describe('a Zoho organisation with several currencies', () => {
  it('keeps the amounts of a deal in the currency that they are in, and refuses one that it does not have', async () => {
    const world = await buildWorld({ currencies: ['EUR', 'USD', 'JPY'] });
    const { connector, connection, control, orgId } = world;
    const description = await connector.describe(connection, 'deal', signal);
    const aDeal = (currency: string, amountMinor: number): RecordWrite => ({ target: { key: randomUUID() }, fields: { Deal_Name: 'Order', Amount: { amountMinor, currency } } });
    const results = await connector.write(connection, description, [aDeal('EUR', 2_935), aDeal('USD', 2_935), aDeal('JPY', 2_935), aDeal('CHF', 2_935)], signal);
    expect(results[3]).toMatchObject({ kind: 'invalid', field: 'Amount' });
    const ids = results.flatMap((result) => (result instanceof Failure ? [] : [result.id]));
    const read = await connector.getByIds(connection, { description, fieldNames: ['Amount'] }, ids, signal);
    expect(ids.map((id) => read.get(id))).toMatchObject(['EUR', 'USD', 'JPY'].map((currency) => ({ fields: { Amount: { amountMinor: 2_935, currency } } })));
    expect((await control.zohoRecords(orgId, 'Deals')).map(({ Amount, Currency }) => [Amount, Currency])).toEqual([[29.35, 'EUR'], [29.35, 'USD'], [2_935, 'JPY']]);
    await world.person.edit({ object: 'deal', id: ids[0] ?? '' }, { Currency: 'USD' });
    expect((await connector.getByIds(connection, { description, fieldNames: ['Amount'] }, ids, signal)).get(ids[0] ?? '')).toMatchObject({ fields: { Amount: { amountMinor: 2_935, currency: 'USD' } } });
    await world.stop();
  });
});

describe('very many records of Zoho', () => {
  const everyScope = ['ZohoCRM.modules.ALL', 'ZohoCRM.settings.ALL', 'ZohoCRM.org.ALL', 'ZohoCRM.users.ALL', 'ZohoCRM.coql.READ'];

  /** Fourteen contacts, and all that is told of them; another process may go on after each page, and a person changes one meanwhile. */
  async function readAll(input: Parameters<typeof buildWorld>[0], { isKilled = false, isEdited = false } = {}) {
    const world = await buildWorld({ bulkReadPageSize: 12, ...input });
    const { control, orgId, connection } = world;
    const { id: account } = await control.addZohoRecord(orgId, 'Accounts', { Account_Name: 'Muster' });
    const ids = await Promise.all(Array.from({ length: 14 }, async (_, index) => (await control.addZohoRecord(orgId, 'Contacts', { Last_Name: `M, "${index}"\nx`, Email: `c${index}@example.com`, Account_Name: { id: account } })).id));
    const selection = { description: await world.connector.describe(connection, 'contact', signal), fieldNames: ['Last_Name', 'Email', 'Phone', 'Owner'] };
    const told = new Map<string, CrmRecord>();
    const pages: number[] = [];
    let connector = world.connector;
    for (let cursor: string | undefined, hasMore = true; hasMore;) {
      const page = await connector.listChanges(connection, selection, cursor, signal);
      for (const record of page.records) told.set(record.id, record);
      pages.push(page.records.length);
      [cursor, hasMore] = [page.cursor, page.hasMore];
      if (isKilled) connector = world.anotherConnector();
      if (isEdited && pages.length === 3) await control.editZohoRecord(orgId, 'Contacts', ids[0] ?? '', { Phone: '1' });
    }
    const read = await world.connector.getByIds(connection, selection, ids, signal);
    await world.stop();
    return { told, read, pages };
  }

  it.each([['one process', false], ['processes that take over from each other', true]])('are read whole by jobs through %s, in the same form as one by one, and what changed meanwhile', async (_case, isKilled) => {
    const { told, read, pages } = await readAll({ bulkReadsFrom: 10 }, { isKilled, isEdited: true });
    expect([told.size, Object.fromEntries(told)]).toEqual([14, Object.fromEntries(read)]);
    // The first page has the job made, the second sees it done; then come twelve records of one file, a further job, two of the next, and what changed.
    expect(pages.slice(0, 5)).toEqual([0, 0, 5, 5, 2]);
  });

  it.each([
    ['where the app may not have such jobs', { bulkReadsFrom: 10, scopes: everyScope }], ['where they are not that many', { bulkReadsFrom: 14 }],
  ])('are read page by page %s', async (_case, input) => {
    const { told, read, pages } = await readAll(input);
    expect([told.size, Object.fromEntries(told)]).toEqual([14, Object.fromEntries(read)]);
    expect(pages[0]).toBe(5);
  });
});

describe('very many writes to Zoho', () => {
  let world: Awaited<ReturnType<typeof buildWorld>>;
  beforeAll(async () => {
    world = await buildWorld();
  });
  afterAll(() => world.stop());

  const write = async (writes: readonly RecordWrite[], progress: BulkProgress): Promise<BulkOutcome[] | undefined> => {
    const { connector, connection } = world;
    return await connector.bulk?.write(connection, await connector.describe(connection, 'contact', signal), writes, progress, signal);
  };
  const inMemory = (): BulkProgress & { texts: string[] } => {
    const texts: string[] = [];
    return { texts, keep: async (text) => void texts.push(text) };
  };
  const aContact = (fields: RecordWrite['fields'] = {}): RecordWrite => ({ target: { key: randomUUID() }, fields: { Last_Name: 'Muster, "A"\nx', ...fields } });
  const words = (outcomes: readonly BulkOutcome[] = []): string[] => outcomes.map((outcome) => (outcome instanceof Failure ? outcome.kind : outcome === 'not_taken' ? outcome : outcome.created ? 'created' : 'changed'));

  it('go by two jobs, by id and by key, each record with a result of its own', async () => {
    const before = (await world.control.zohoRecords(world.orgId, 'Contacts')).length;
    const first = await write([...Array.from({ length: 150 }, () => aContact()), aContact({ Email: 'nowhere' })], inMemory());
    expect([words(first).filter((word) => word === 'created').length, first?.[150]]).toMatchObject([150, { kind: 'invalid', field: 'Email' }]);
    const ids = (first ?? []).flatMap((outcome) => (typeof outcome === 'object' && 'id' in outcome ? [outcome.id] : []));
    const twice = aContact();
    const again = await write([
      ...ids.map((id) => ({ target: { id }, fields: { Phone: '1' } })), { target: { id: world.unknownContactId }, fields: { Phone: '1' } }, twice, twice, { target: { id: ids[0] ?? '' }, fields: { First_Name: 'Anna' } }, aContact({ Phone: null }),
    ], inMemory());
    expect([words(again).slice(0, 150).every((word) => word === 'changed'), words(again).slice(150)]).toEqual([true, ['not_found', 'created', 'not_taken', 'not_taken', 'not_taken']]);
    const contacts = await world.control.zohoRecords(world.orgId, 'Contacts');
    expect([contacts.length - before, contacts.find(({ id }) => id === ids[0])]).toMatchObject([151, { Last_Name: 'Muster, "A"\nx', Phone: '1' }]);
  });

  it.each(['^GET .*/bulk/v8/write/\\d+$', '^GET .*/result.zip$'])('are gone on with by the same job after a process that broke off at %s', async (pathPattern) => {
    const [writes, progress] = [[aContact(), aContact({ Email: 'nowhere' })], inMemory()];
    await world.control.addFault('zoho', { kind: 'status', status: 500, pathPattern, times: 1 });
    await expect(write(writes, progress)).rejects.toMatchObject({ kind: 'transient' });
    await world.control.addFault('zoho', { kind: 'status', status: 500, pathPattern: '^POST ' });
    expect([words(await write(writes, { ...progress, kept: progress.texts[0] ?? '' })), progress.texts.length]).toEqual([['created', 'invalid'], 1]);
    await world.control.clearFaults('zoho');
  });
});

describe('very many writes to a Zoho organisation that takes no such jobs', () => {
  it('are left to be written by themselves', async () => {
    const world = await buildWorld({ scopes: ['ZohoCRM.modules.ALL', 'ZohoCRM.settings.ALL', 'ZohoCRM.org.ALL', 'ZohoCRM.users.ALL', 'ZohoCRM.coql.READ'] });
    const description = await world.connector.describe(world.connection, 'contact', signal);
    const outcomes = await world.connector.bulk?.write(world.connection, description, [{ target: { key: 'a' }, fields: { Last_Name: 'Muster' } }], { keep: async () => {} }, signal);
    expect(outcomes).toEqual(['not_taken']);
    await world.stop();
  });
});
