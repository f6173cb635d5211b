import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { ConsoleWorld } from './console-world.fixture.ts';
import { PageInspection } from './page-inspection.fixture.ts';

const walkMs = 600_000;
/** What a vendor's account may call a word, a label or a campaign. */
const script = '<script>alert(1)</script>';

describe('the console’s pages on which people work', () => {
  let world: ConsoleWorld;
  let hubspot: Awaited<ReturnType<ConsoleWorld['connectHubSpot']>>;

  const ending = new AsyncDisposableStack();
  beforeAll(async () => {
    world = await ConsoleWorld.start();
    ending.defer(() => world.stop());
    hubspot = await world.connectHubSpot({ 'North': 'North', 'South': script, 'Deep South': 'Deep South' });
  }, walkMs);
  afterAll(() => ending.disposeAsync(), 120_000);

  const mappingAddress = (connection = hubspot.connectionId): string => `${world.origin}/console/mappings?connection=${connection}&object=contact`;
  const rowOf = (page: Page, canonical: string): Locator => page.getByRole('listitem', { name: canonical, exact: true });
  const save = (page: Page): Locator => page.getByRole('button', { name: 'Save', exact: true });

  it('check a mapping as it is typed, pair words by list and by drag, try it on a record and save it', async () => {
    const inspection = new PageInspection();
    await world.sandbox.addHubSpotRecord(hubspot.portalId, 'contacts', { properties: { email: 'joan@example.com', firstname: 'Joan', region: 'North' } });
    const page = await world.newPage();
    await world.signIn(page);
    await page.goto(mappingAddress());
    await rowOf(page, 'email').getByText('e-mail', { exact: true }).first().waitFor();

    await page.getByLabel('Name at the hub').fill('Region');
    await page.getByLabel('Its field in HubSpot').selectOption('region');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await rowOf(page, 'Region').getByText('Error:').waitFor();
    await rowOf(page, 'Region').getByLabel('Field in HubSpot').selectOption({ label: 'Not mapped' });

    await page.getByLabel('Name at the hub').fill('region');
    await page.getByLabel('Its field in HubSpot').selectOption('region');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    const region = rowOf(page, 'region');
    for (const word of ['north', 'south']) {
      await region.getByLabel('Word at the hub').fill(word);
      await region.getByRole('button', { name: /^Add/ }).click();
    }
    await region.getByLabel('Written for north').selectOption({ label: 'North' });
    await region.getByLabel('Written for south').selectOption({ label: script });
    await region.locator('li').filter({ hasText: 'Deep South' }).dragTo(region.getByRole('row', { name: /^south/ }));
    await eventually('the word to be dropped', async () => await region.getByLabel('Also read as south').first().inputValue() === 'Deep South');
    await rowOf(page, 'email').getByLabel('Field in HubSpot').selectOption({ label: 'Region <img src=x onerror=alert(1)> (region), word of a list' });
    await rowOf(page, 'email').getByText('Error:').first().waitFor();
    expect(await save(page).getAttribute('title')).toBe('First correct the errors.');
    await rowOf(page, 'email').getByLabel('Field in HubSpot').selectOption({ label: 'As by default' });

    await page.getByText('nothing is wrong with it').waitFor();
    await page.getByLabel('Its id in HubSpot, or its e-mail').fill('joan@example.com');
    await page.getByRole('button', { name: 'Try', exact: true }).click();
    const tried = page.getByRole('group', { name: 'What becomes of the record' }).getByRole('row', { name: /^region/ });
    await tried.waitFor();
    expect(await tried.getByRole('cell').allTextContents()).toEqual(['North region', '–', 'north', 'North']);
    await inspection.lookHere(page, 'Mappings');
    await save(page).click();
    await page.getByText('Version 1 holds').waitFor();
    expect([...inspection.findings, ...world.faults]).toEqual([]);
    await page.context().close();
  }, walkMs);

  it('tell the second of two who change one mapping, show what differs, and lose nothing of either, also when a session ends', async () => {
    const inspection = new PageInspection();
    const [ada, grace] = await Promise.all([world.newPage(), world.newPage()]);
    for (const [page, login] of [[ada, 'ada'], [grace, 'grace']] as const) {
      await world.signIn(page, login);
      await page.goto(mappingAddress().replace('contact', 'company'));
      await rowOf(page, 'phone').waitFor();
    }
    // The second page does not see the first one's version before it saves.
    const { promise: refused, resolve: release } = Promise.withResolvers<undefined>();
    grace.on('response', (response) => { if (response.status() === 412) release(undefined); });
    await grace.route('**/mappings/company', async (route) => {
      if (route.request().method() === 'GET') await refused;
      await route.continue();
    });
    await ada.bringToFront();
    for (const canonical of ['phone', 'country']) await rowOf(ada, canonical).getByLabel('Field in HubSpot').selectOption({ label: 'Neither read nor written' });
    await rowOf(grace, 'phone').getByLabel('Field in HubSpot').selectOption({ label: 'Phone number (phone), phone number' });
    await rowOf(grace, 'phone').getByLabel('Direction').selectOption({ label: 'Only read' });
    await rowOf(grace, 'domain').getByLabel('Field in HubSpot').selectOption({ label: 'Neither read nor written' });
    for (const page of [ada, grace]) await page.getByText('nothing is wrong with it').waitFor();
    await save(ada).click();
    await ada.getByText('Version 1 holds').waitFor();

    await save(grace).click();
    const told = grace.getByRole('alert').filter({ hasText: 'Somebody else changed this mapping while you did' });
    await told.waitFor();
    const differing = async (canonical: string): Promise<string[]> => (await told.getByRole('row', { name: new RegExp(`^${canonical}`) }).getByRole('cell').allTextContents()).slice(0, 3);
    expect(await differing('country')).toEqual(['As by default', 'Neither read nor written', 'As by default']);
    expect(await differing('domain')).toEqual(['As by default', 'As by default', 'Neither read nor written']);
    expect(await differing('phone')).toEqual(['As by default', 'Neither read nor written', 'phone; only read']);
    expect(await told.getByRole('row').count()).toBe(4);
    await inspection.lookHere(grace, 'Mapping that two people change');

    await world.gateway.endSessions(world.tenantId);
    const ended = grace.getByRole('alertdialog', { name: 'Your session has ended' });
    await ended.waitFor();
    const [second] = await Promise.all([grace.waitForEvent('popup'), ended.getByRole('link', { name: 'Sign in again' }).click()]);
    await world.chooseAtProvider(second, 'grace');
    await second.getByRole('heading', { name: 'You are signed in again' }).waitFor();
    await ended.waitFor({ state: 'detached' });

    await told.getByRole('button', { name: 'Bring both together' }).click();
    expect(await rowOf(grace, 'country').getByLabel('Field in HubSpot').inputValue()).toBe('off');
    await grace.getByText('nothing is wrong with it').waitFor();
    await save(grace).click();
    await grace.getByText('Version 2 holds').waitFor();
    expect(await rowOf(grace, 'phone').getByLabel('Direction').inputValue()).toBe('in');
    expect([...inspection.findings, ...world.faults]).toEqual([]);
    await Promise.all([ada.context().close(), grace.context().close()]);
  }, walkMs);

  it('show what was saved of a mapping, compare it with what holds, and go back to it unless somebody else was faster', async () => {
    const inspection = new PageInspection();
    const { connectionId } = await world.connectHubSpot();
    const page = await world.newPage();
    await world.signIn(page);
    await page.goto(mappingAddress(connectionId));
    await page.getByText('No version was saved yet.').waitFor();
    for (const [nth, canonical] of [[1, 'phone'], [2, 'country']] as const) {
      await rowOf(page, canonical).getByLabel('Field in HubSpot').selectOption({ label: 'Neither read nor written' });
      await page.getByText('nothing is wrong with it').waitFor();
      await save(page).click();
      await page.getByText(`Version ${nth} holds`).waitFor();
    }
    const version = (name: string): Locator => page.getByRole('article', { name, exact: true });
    await version('Version 2').getByText('It changed country.').waitFor();
    await version('Version 2').getByText('Holds', { exact: true }).waitFor();
    await version('Version 1').getByText('It changed phone.').waitFor();
    await version('Version 1').getByText(/^Saved on .* by Ada$/).waitFor();
    await version('Version 1').getByText('Compare').click();
    expect(await version('Version 1').getByRole('row', { name: /^country/ }).getByRole('cell').allTextContents()).toEqual(['Neither read nor written', 'As by default']);
    await inspection.lookHere(page, 'Versions of a mapping');

    // Work that is not saved is not lost by going back.
    const goBack = (name: string): Locator => version(name).getByRole('button', { name: /^Make it hold again/ });
    await rowOf(page, 'lastName').getByLabel('Field in HubSpot').selectOption({ label: 'Neither read nor written' });
    expect(await goBack('Version 1').getAttribute('title')).toBe('First save or discard what you changed.');
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await goBack('Version 1').click();
    const question = page.getByRole('alertdialog', { name: 'Make version 1 hold again?' });
    expect(await question.getByRole('row').count()).toBe(2);
    await inspection.check(page, 'a version to go back to');
    await question.getByRole('button', { name: 'Make it hold again' }).click();
    await page.getByText('Version 1 holds').waitFor();
    expect(await rowOf(page, 'country').getByLabel('Field in HubSpot').inputValue()).toBe('default');

    // Somebody else saves while the question is open, and this page does not hear of it before it is answered.
    const { promise: answered, resolve: release } = Promise.withResolvers<undefined>();
    await page.route('**/mappings/contact', async (route) => {
      await answered;
      await route.continue();
    });
    await goBack('The defaults').click();
    const grace = await world.newPage();
    await world.signIn(grace, 'grace');
    await grace.goto(mappingAddress(connectionId));
    await rowOf(grace, 'email').waitFor();
    await rowOf(grace, 'lastName').getByLabel('Field in HubSpot').selectOption({ label: 'Neither read nor written' });
    await grace.getByText('nothing is wrong with it').waitFor();
    await save(grace).click();
    await grace.getByText('Version 3 holds').waitFor();
    await page.bringToFront();
    page.on('response', (response) => { if (response.status() === 412) release(undefined); });
    await page.getByRole('alertdialog').getByRole('button', { name: 'Make it hold again' }).click();
    await page.getByText('Somebody else changed it after you opened it.', { exact: false }).waitFor();
    await version('Version 3').getByText('Holds', { exact: true }).waitFor();
    await version('Version 3').getByText(/^Saved on .* by Grace$/).waitFor();
    await page.unroute('**/mappings/contact');
    await goBack('The defaults').click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Make it hold again' }).click();
    await page.getByText('The defaults hold.').waitFor();
    expect([...inspection.findings, ...world.faults]).toEqual([]);
    await Promise.all([page.context().close(), grace.context().close()]);
  }, walkMs);

  it('keep what was read with its age while the hub is away, bar what would change something, and show nothing of another tenant’s account', async () => {
    const inspection = new PageInspection();
    const page = await world.newPage();
    await world.signIn(page);
    await page.goto(mappingAddress().replace('contact', 'deal'));
    await rowOf(page, 'status').getByLabel('Field in HubSpot').selectOption({ label: 'Neither read nor written' });
    await page.getByText('Changed and not saved yet').waitFor();
    await page.route('**/v1/**', (route) => route.abort());
    await page.getByText(/^Shown as it was at/).first().waitFor();
    expect(await save(page).getAttribute('title')).toBe('The hub cannot be reached. Check your network; what is shown may be out of date.');
    expect(await rowOf(page, 'status').getByLabel('Field in HubSpot').inputValue()).toBe('off');
    await inspection.check(page, 'a page while the hub is away');
    await page.unroute('**/v1/**');
    await page.getByText(/^Shown as it was at/).first().waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Discard changes' }).click();

    const other = await world.gateway.createTenant(`other-${randomBytes(3).toString('hex')}`, 'Other');
    const portal = await world.sandbox.createHubSpotPortal({});
    const foreign = await world.gateway.createConnection(other, { vendor: 'hubspot', accountId: String(portal.portalId), credentials: { access_token: portal.accessToken, refresh_token: portal.refreshToken } });
    await page.goto(mappingAddress(foreign));
    await page.getByText('It is gone, or was never one of yours. Check the link.').waitFor();
    expect([...inspection.findings, ...world.faults]).toEqual([]);
    await page.context().close();
  }, walkMs);

  it('begin a sync with what the hub says at the field that it is about, and compare on demand', async () => {
    const inspection = new PageInspection();
    const second = await world.connectHubSpot();
    const page = await world.newPage();
    await world.signIn(page);
    await page.goto(`${world.origin}/console/syncs`);
    // What is read meanwhile stands above it, and pushes it away from under the pointer.
    await page.getByText('Nothing is kept in step yet.').waitFor();
    await page.getByText('Begin a sync').click();
    await page.getByRole('button', { name: 'Begin', exact: true }).click();
    for (const field of [page.getByLabel('Name', { exact: true }), page.getByRole('group', { name: 'Accounts' })]) await eventually('the fault at its field', async () => await field.getAttribute('aria-invalid') === 'true');
    await inspection.check(page, 'a sync that is begun');
    await page.getByLabel('Name', { exact: true }).fill(script);
    await page.getByLabel(new RegExp(`^HubSpot, .*${hubspot.portalId}`)).selectOption({ label: 'Only read' });
    await page.getByLabel(new RegExp(`^HubSpot, .*${second.portalId}`)).selectOption({ label: 'Only written' });
    await page.getByLabel('Kind of records').selectOption({ label: 'Companies' });
    await page.getByRole('button', { name: 'Begin', exact: true }).click();
    await page.getByText('It has begun').waitFor();
    const card = page.getByRole('article', { name: script });
    await card.getByText('Companies between HubSpot (read only) and HubSpot (written only)').waitFor();
    await card.getByText('In step').waitFor();
    await card.getByRole('button', { name: /^Compare now/ }).click();
    await card.getByText(/^Comparison of/).waitFor();
    await card.getByText(/: done,/).waitFor();
    // The name is taken: the hub says so beside it.
    await page.getByLabel('Name', { exact: true }).fill(script);
    await page.getByLabel(new RegExp(`^HubSpot, .*${hubspot.portalId}`)).selectOption({ label: 'Only read' });
    await page.getByRole('button', { name: 'Begin', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'There is a sync named' }).waitFor();
    expect(await page.getByLabel('Name', { exact: true }).getAttribute('aria-invalid')).toBe('true');
    expect([...inspection.findings, ...world.faults]).toEqual([]);
    await page.context().close();
  }, walkMs);

  it('connect accounts with what the hub and the vendor say at the field that it is about, tell who did what, and let a key that was taken back be replaced', async () => {
    const inspection = new PageInspection();
    const page = await world.newPage();
    await world.signIn(page);
    await page.goto(`${world.origin}/console/connections`);
    const form = (vendor: string): Locator => page.getByRole('article', { name: `Connect ${vendor}`, exact: true });
    const connect = async (vendor: string, field: string, value: string): Promise<void> => {
      await form(vendor).getByLabel(field).fill(value);
      await form(vendor).getByRole('button', { name: /^Connect/ }).click();
    };
    const faultAt = async (vendor: string, field: string, text: RegExp): Promise<void> => {
      await form(vendor).getByRole('alert').filter({ hasText: text }).waitFor();
      expect(await form(vendor).getByLabel(field).getAttribute('aria-invalid')).toBe('true');
    };
    await connect('WooCommerce', 'Address of the shop', 'http://shop.example.com');
    await faultAt('WooCommerce', 'Address of the shop', /must begin with https/);
    await connect('Shippo', 'API token', script);
    await faultAt('Shippo', 'API token', /must be an API token/);
    await connect('Shippo', 'API token', `shippo_test_${randomBytes(10).toString('hex')}`);
    await faultAt('Shippo', 'API token', /does not accept the API token/);
    await inspection.check(page, 'fields with faults');

    const { account, token } = await world.sandbox.createShippoAccount({ account: `kits-${randomBytes(4).toString('hex')}` });
    await connect('Shippo', 'API token', token);
    const card = page.getByRole('article', { name: /^Shippo/ });
    await card.getByText('Connected', { exact: true }).waitFor();
    await card.getByRole('meter', { name: 'Lists in 60 seconds' }).waitFor();
    await card.getByText('What was done').click();
    await card.getByText(/by Ada$/).first().waitFor();
    await inspection.check(page, 'what was done to an account');

    await world.sandbox.addFault('shippo', { kind: 'revoke-token', account });
    await card.getByRole('button', { name: /^Probe now/ }).click();
    await card.getByText('Must be connected again', { exact: true }).waitFor();
    await page.getByRole('region', { name: /must be connected again/ }).getByRole('link', { name: /^Enter a new key/ }).waitFor();
    await inspection.check(page, 'an account that needs a new key');
    await card.getByLabel('API token').fill(await world.sandbox.makeShippoToken(account));
    await card.getByRole('button', { name: /^Reconnect/ }).click();
    await card.getByText('Connected', { exact: true }).waitFor();

    await page.route('**/v1/connections**', (route) => route.abort());
    await page.getByText(/^Shown as it was at/).first().waitFor();
    for (const act of [card.getByRole('button', { name: /^Probe now/ }), form('HubSpot').getByRole('button', { name: /^Connect/ })]) {
      expect(await act.getAttribute('title')).toBe('The hub cannot be reached. Check your network; what is shown may be out of date.');
    }
    await inspection.check(page, 'connections while the hub is away');
    await page.unroute('**/v1/connections**');
    await page.goto(`${world.origin}/console/connections?connection=${randomUUID()}`);
    await page.getByText('The account that this link names is gone, or was never one of yours.').waitFor();
    expect([...inspection.findings, ...world.faults]).toEqual([]);
    await page.context().close();
  }, walkMs);

  it('read attribution by models side by side, down to the journey behind a number, and save it as files', async () => {
    const inspection = new PageInspection();
    const { portalId } = hubspot;
    const buyer = await world.sandbox.addHubSpotRecord(portalId, 'contacts', { properties: { email: 'buyer@example.com', firstname: 'Bea' } });
    const at = (daysAgo: number): string => new Date(Date.now() - daysAgo * 86_400_000).toISOString();
    await world.gateway.tellTouches(world.tenantId, [
      { id: 'visit-1', kind: 'web', contactEmail: 'buyer@example.com', occurredAt: at(9), channel: 'search', campaign: script },
      { id: 'visit-2', kind: 'web', contactEmail: 'buyer@example.com', occurredAt: at(5), channel: 'mail', campaign: 'spring' },
      { id: 'visit-3', kind: 'web', contactEmail: 'buyer@example.com', occurredAt: at(2), channel: 'fair' },
    ]);
    const deal = await world.sandbox.addHubSpotRecord(portalId, 'deals', { properties: { dealname: `Tea ${script}`, amount: '90.00', deal_currency_code: 'USD' } });
    await world.sandbox.associateHubSpotRecords(portalId, { type: 'deals', id: deal.id }, { type: 'contacts', id: buyer.id });
    await world.sandbox.editHubSpotRecord(portalId, 'deals', deal.id, { properties: { dealstage: 'closedwon', closedate: at(0) } });
    await eventually('the credit', async () => (await world.gateway.revenueReport(world.tenantId)).rows.some(({ credits }) => credits.some(({ revenue }) => revenue.length > 0)), 60_000);

    const page = await world.newPage();
    await world.signIn(page);
    await page.getByRole('link', { name: 'Attribution' }).click();
    const report = page.getByRole('group', { name: 'Report' });
    await report.getByRole('row', { name: /^search/ }).waitFor();
    expect(await report.getByRole('row', { name: /^search/ }).getByRole('cell').allTextContents()).toEqual(['1', '–', 'US$90.00 for search: deals1 deal', '–0 deals', 'US$30.00 for search: deals0.33 deals']);
    await page.getByLabel('Revenue by').selectOption({ label: 'Campaign' });
    await report.getByRole('row', { name: script }).waitFor();
    await page.getByLabel('Shapley').check();
    await report.getByRole('columnheader', { name: 'Shapley' }).waitFor();
    await report.getByRole('link', { name: `for ${script}: deals` }).last().click();
    await page.getByText(`Tea ${script}`).click();
    const journey = page.getByRole('group', { name: /^Journey to Tea/ });
    await journey.getByText('The deal is won.').waitFor();
    expect(await journey.getByRole('row').count()).toBe(5);
    await inspection.lookHere(page, 'Attribution');

    for (const [name, begins] of [['Save as CSV', 'campaign,'], ['Save as Parquet', 'PAR1']] as const) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()]);
      expect((await readFile(await download.path())).subarray(0, begins.length).toString()).toBe(begins);
    }
    await page.getByLabel('Revenue by').selectOption({ label: 'Month' });
    await report.getByRole('columnheader', { name: 'All models' }).waitFor();
    await report.getByRole('link').first().click();
    await page.getByText(`Tea ${script}`).waitFor();
    expect([...inspection.findings, ...world.faults]).toEqual([]);
    await page.context().close();
  }, walkMs);
});
