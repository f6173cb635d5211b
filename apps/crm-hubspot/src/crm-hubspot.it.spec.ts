import { randomUUID } from 'node:crypto';
import { crmRecordTouched, crmUpsertCompleted, crmUpsertRequested, dealChanged, type RequestedRecord } from '@crossdock/contracts';
import { CrmServiceWorld, RecordTenant } from '@crossdock/crm-service/crm-service.fixture';
import { describeRecordService } from '@crossdock/crm-service/record-service.conformance';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { crmHubSpotDefinition } from './crm-hubspot.definition.ts';

const app = { clientId: randomUUID(), clientSecret: randomUUID() };
/** All that connecting an account asks for, but for what is optional. */
const neededScopes = ['contacts', 'companies', 'deals'].flatMap((type) => ['objects', 'schemas'].flatMap((area) => [`crm.${area}.${type}.read`, `crm.${area}.${type}.write`]));
let world: CrmServiceWorld;

beforeAll(async () => {
  world = await CrmServiceWorld.start('hubspot', crmHubSpotDefinition, (sandboxUrl) => ({
    hubspotApiUrl: `${sandboxUrl}/hubspot`, hubspotClientId: app.clientId, hubspotClientSecret: app.clientSecret,
  }));
});

afterAll(() => world.stop(), 60_000);

/** A tenant whose HubSpot account is connected, and has been set up if so. */
async function tenant({ setUp = true, scopes }: { readonly setUp?: boolean; readonly scopes?: string[] } = {}) {
  const portal = await world.control.createHubSpotPortal({ ...app, ...(scopes && { scopes }) });
  const shop = await world.tenant({ accountId: String(portal.portalId), tokens: portal });
  if (setUp) await shop.connected();
  return {
    shop, portalId: portal.portalId,
    deals: () => shop.hears(dealChanged),
    /** The line items of all deals, in words. */
    lineItems: async () => (await world.control.hubSpotRecords(portal.portalId, 'line_items'))
      .map(({ properties: { name, quantity, amount } }) => `${quantity} ${name} ${amount}`).sort(),
    touch: (dealId: string, times = 1) => Promise.all(Array.from({ length: times }, () => shop.say(crmRecordTouched, {
      vendor: 'hubspot', connectionId: shop.connection.id, object: 'deal', externalId: dealId, change: 'changed', occurredAt: new Date().toISOString(),
    }))),
    tasks: (state: string) => world.admin.query<unknown[]>('SELECT 1 FROM task WHERE tenant_id = $1 AND state = $2', [shop.tenantId, state]),
  };
}

/** A person consents once more, and the connection has the tokens that follow. */
async function reconnect({ shop, portalId }: Awaited<ReturnType<typeof tenant>>): Promise<void> {
  const redirectUri = 'https://hub.example/oauth/callback';
  const scope = neededScopes.join(' ');
  const page = new URL(`${world.sandbox.url}/hubspot/oauth/${String(portalId)}/authorize`);
  page.search = new URLSearchParams({ client_id: app.clientId, redirect_uri: redirectUri, scope }).toString();
  const code = (await world.control.openAuthorizationPage(page)).searchParams.get('code') ?? '';
  const answer = await fetch(`${world.sandbox.url}/hubspot/oauth/v3/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, client_id: app.clientId, client_secret: app.clientSecret }),
  });
  const renewed = z.object({ access_token: z.string(), refresh_token: z.string() }).parse(await answer.json());
  await world.tenants.transaction(shop.tenantId, async (manager) => {
    await world.connections.tokens.keep(manager, shop.connection, { accessToken: renewed.access_token, refreshToken: renewed.refresh_token });
    await world.connections.health.move(manager, shop.connection, 'connecting');
  });
  await shop.connected();
}

const aContact = (email = `${randomUUID()}@example.com`): RequestedRecord => ({ object: 'contact', fields: { email, firstName: 'Anna' } });
const aDeal = (contactIds: string[] = []) => ({
  object: 'deal' as const, externalKey: `order/${randomUUID()}`, contactIds,
  fields: { name: 'Order 1001', status: 'open' as const, amount: { amountMinor: 12_935, currency: 'EUR' } },
});
const aLine = (key: string, quantity: number, amountMinor: number) => ({ key, name: `Item ${key}`, quantity, unitPrice: { amountMinor, currency: 'EUR' } });
/** HubSpot's answer to a call that names a property which the account does not have. */
const wrongProperty = {
  status: 'error', category: 'VALIDATION_ERROR',
  message: 'Property values were not valid: [{"isValid":false,"message":"Property \\"phone\\" does not exist","error":"PROPERTY_DOESNT_EXIST","name":"phone"}]',
};

describe('the HubSpot service', () => {
  it('carries contact and deal into HubSpot and tells when a person wins the deal, once', async () => {
    const { shop, portalId, deals, touch, tasks } = await tenant();
    const contactId = await shop.upserted(aContact('anna@example.com'));
    const dealId = await shop.upserted(aDeal([contactId]));

    await world.control.editHubSpotRecord(portalId, 'deals', dealId, { properties: { dealstage: 'closedwon' } });
    await touch(dealId);
    const [deal] = await eventually('the won deal', () => deals().length > 0 && deals());
    expect(deal).toMatchObject({
      source: { vendor: 'hubspot', connectionId: shop.connection.id, externalId: dealId }, status: 'won',
      amount: { amountMinor: 12_935, currency: 'EUR' }, contacts: [{ externalId: contactId, email: 'anna@example.com' }],
    });

    await touch(dealId, 50);
    await touch(dealId);
    await eventually('all tasks to be done', async () => (await tasks('ready')).length + (await tasks('running')).length === 0);
    await shop.upsert(aContact());
    expect(deals()).toHaveLength(1);
  });

  it('says a deal again when only its contacts changed, which does not move its modified time', async () => {
    const { shop, deals, touch } = await tenant();
    const deal = aDeal();
    const dealId = await shop.upserted(deal);
    await touch(dealId);
    await eventually('the deal', () => deals().length === 1);
    const contactId = await shop.upserted(aContact());
    await shop.upsert({ ...deal, contactIds: [contactId] });
    await touch(dealId);
    await eventually('the deal with its contact', () => deals().length === 2);
    expect(deals()[1]).toMatchObject({ contacts: [{ externalId: contactId }] });
  });

  it('writes and answers once when a request comes three times', async () => {
    const { shop, portalId } = await tenant({ setUp: false });
    const requestId = await shop.ask(aContact(), { times: 3 });
    await shop.answerTo(requestId);
    await shop.upsert(aContact());
    expect(shop.answersTo(requestId)).toHaveLength(1);
    expect(await world.control.hubSpotRecords(portalId, 'contacts')).toHaveLength(2);
  });

  it('waits with deals until the account is set up', async () => {
    const { shop, tasks } = await tenant({ setUp: false });
    const requestId = await shop.ask(aDeal());
    await eventually('the deal to wait', async () => (await tasks('waiting')).length > 0);
    await shop.connected();
    expect(await shop.answerTo(requestId)).toMatchObject({ outcome: 'upserted', created: true });
  });

  it('says that a record was refused and why, and does the others', async () => {
    const { shop } = await tenant();
    const requestId = await shop.ask({ ...aDeal(['999999999']) });
    const others = await Promise.all([shop.ask(aContact()), shop.ask(aContact())]);
    expect(await shop.answerTo(requestId)).toMatchObject({ outcome: 'refused', kind: 'not_found' });
    for (const other of others) expect(await shop.answerTo(other)).toMatchObject({ outcome: 'upserted' });
  });

  it('carries a deal with its contact in one request, and does neither twice', async () => {
    const { shop, portalId, deals, touch } = await tenant();
    const requestId = await shop.ask({ ...aDeal(), contact: { email: 'ben@example.com' } });
    const contactId = await eventually('the contact', () => shop.answersTo(requestId)[0]?.contact);
    expect(shop.answersTo(requestId)).toMatchObject([{ object: 'deal', result: { outcome: 'upserted', created: true }, contact: { outcome: 'upserted', created: true } }]);
    const [deal] = await world.control.hubSpotRecords(portalId, 'deals');
    await touch(deal?.id ?? '');
    const [told] = await eventually('the deal', () => deals().length > 0 && deals());
    expect(told?.contacts).toMatchObject([{ ...(contactId.outcome === 'upserted' && { externalId: contactId.crmId }), email: 'ben@example.com' }]);
  });

  it('gives a deal its lines as line items, which follow when the order is edited, and asks nothing for those that it has', async () => {
    const { shop, lineItems } = await tenant();
    const deal = { ...aDeal(), lines: [aLine('a', 2, 500), aLine('b', 1, 250)] };
    const first = await shop.ask(deal);
    await shop.answerTo(first);
    expect(shop.answersTo(first)).toMatchObject([{ result: { outcome: 'upserted', created: true }, lines: { outcome: 'written', count: 2 } }]);
    expect(await lineItems()).toEqual(['1 Item b 2.5', '2 Item a 10']);

    const again = await shop.ask({ ...deal, fields: { ...deal.fields, status: 'won' } });
    await shop.answerTo(again);
    expect(shop.answersTo(again)[0]).not.toHaveProperty('lines');

    await shop.upsert({ ...deal, lines: [aLine('a', 3, 500)] });
    expect(await lineItems()).toEqual(['3 Item a 15']);
    await shop.upsert({ ...aDeal(), externalKey: deal.externalKey });
    expect(await lineItems()).toEqual(['3 Item a 15']);
  });

  it('writes a deal whose lines HubSpot refuses, and says so; where HubSpot is away both are done later', async () => {
    const { shop, lineItems } = await tenant();
    const deal = { ...aDeal(), lines: [aLine('a', 1, -500)] };
    const refused = await shop.ask(deal);
    expect(await shop.answerTo(refused)).toMatchObject({ outcome: 'upserted' });
    expect(shop.answersTo(refused)[0]?.lines).toMatchObject({ outcome: 'refused', kind: 'invalid' });

    await world.control.addFault('hubspot', { kind: 'status', status: 503, times: 1, pathPattern: 'line_items/batch/create' });
    const later = await shop.ask({ ...deal, lines: [aLine('a', 1, 700)] });
    await eventually('the answer to what was tried again', () => shop.answersTo(later).length > 0, 60_000);
    expect(shop.answersTo(later)).toMatchObject([{ lines: { outcome: 'written', count: 1 } }]);
    expect(await lineItems()).toEqual(['1 Item a 7']);
  });

  it('leaves the lines to the text of the deal where the account did not agree to line items', async () => {
    const { shop, lineItems } = await tenant({ scopes: ['oauth', 'crm.objects.owners.read', ...neededScopes] });
    const requestId = await shop.ask({ ...aDeal(), lines: [aLine('a', 1, 500)] });
    expect(await shop.answerTo(requestId)).toMatchObject({ outcome: 'upserted' });
    expect(shop.answersTo(requestId)[0]).not.toHaveProperty('lines');
    expect(await lineItems()).toEqual([]);
  });

  it.each([['contact', 'deal'], ['deal', 'contact']] as const)('takes the other where the %s of a pair is refused, and keeps the refused one as a task of its own', async (refused, other) => {
    const { shop, tasks } = await tenant();
    await world.control.addFault('hubspot', { kind: 'status', status: 400, times: 2, pathPattern: `${refused}s/batch/upsert`, body: wrongProperty });
    const requestId = await shop.ask({ ...aDeal(), contact: { email: `${randomUUID()}@example.com` } });
    await eventually('both answers', () => shop.answersTo(requestId).length === 2);
    expect(shop.answersTo(requestId)).toMatchObject([
      { object: other, result: { outcome: 'upserted' } }, { object: refused, result: { outcome: 'refused', kind: 'invalid' } },
    ]);
    expect(await tasks('dead')).toHaveLength(1);
  });

  it('refuses a pair of which neither can be taken as one', async () => {
    const { shop, tasks } = await tenant();
    await world.control.addFault('hubspot', { kind: 'status', status: 400, times: 2, pathPattern: 'batch/upsert', body: wrongProperty });
    const requestId = await shop.ask({ ...aDeal(), contact: { email: `${randomUUID()}@example.com` } });
    await shop.answerTo(requestId);
    expect(shop.answersTo(requestId)).toMatchObject([{ object: 'deal', result: { outcome: 'refused' }, contact: { outcome: 'refused' } }]);
    expect(await tasks('dead')).toHaveLength(1);
  });

  it('rests while the account is disconnected and goes on by itself when it is connected again', async () => {
    const here = await tenant();
    const { shop, portalId, tasks } = here;
    for (const kind of ['revoke-token', 'expire-token'] as const) await world.control.addFault('hubspot', { kind, account: String(portalId) });
    const requestId = await shop.ask(aContact());
    await eventually('the connection to need a person', async () => (await shop.current())?.state === 'needs_reconnect');
    await eventually('the upsert to rest', async () => (await tasks('parked')).length === 1);

    await reconnect(here);
    expect(await shop.answerTo(requestId)).toMatchObject({ outcome: 'upserted', created: true });
  });

  it('leaves what concerns other CRMs to their services', async () => {
    const { shop, portalId } = await tenant({ setUp: false });
    const requestId = randomUUID();
    await shop.say(crmUpsertRequested, { requestId, vendor: 'salesforce', connectionId: shop.connection.id, record: aContact() });
    await shop.say(crmRecordTouched, {
      vendor: 'salesforce', connectionId: shop.connection.id, object: 'deal', externalId: '1', change: 'changed', occurredAt: new Date().toISOString(),
    });
    await shop.upsert(aContact());
    expect(shop.hears(crmUpsertCompleted)).toHaveLength(1);
    expect(await world.control.hubSpotRecords(portalId, 'contacts')).toHaveLength(1);
  });
});

describeRecordService('HubSpot', async () => new RecordTenant(world, (await tenant()).shop));
