import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@crossdock/test-stack';
import { ConsoleWorld } from './console-world.fixture.ts';
import { connectShop } from './demo-tenant.ts';
import type { OrderAnswer } from './gateway-api.ts';
import { PageInspection } from './page-inspection.fixture.ts';

const walkMs = 600_000;

const pages = [
  { path: '/console', title: 'Overview' },
  { path: '/console/connections', title: 'Connections' },
  { path: '/console/syncs', title: 'Syncs and jobs' },
] as const;

/** All services, one tenant and one browser; the steps of the walk build upon each other, so they are one test. */
describe('the console in a browser', () => {
  let world: ConsoleWorld;
  const inspection = new PageInspection();

  const ending = new AsyncDisposableStack();
  beforeAll(async () => {
    world = await ConsoleWorld.start();
    ending.defer(() => world.stop());
  }, walkMs);
  afterAll(() => ending.disposeAsync(), 120_000);

  it('leads from signing in over connecting HubSpot, its set-up, an order and its way, work that is parked and goes on, a dead letter that is replayed and the attribution report to the end of the session, without a fault of its pages', async () => {
    const page = await world.newPage();
    await world.signIn(page);
    await page.getByText('Tea & <b>Co</b>').waitFor();
    expect(await page.evaluate('[document.cookie, JSON.stringify(sessionStorage), JSON.stringify(localStorage)].join()')).not.toMatch(/eyJ|token/i);

    const portalId = randomInt(10_000_000, 99_999_999);
    const settings = world.running.settingsOf('crm-hubspot');
    await world.sandbox.createHubSpotPortal({
      portalId, webhookTargetUrl: `${world.running.gatewayUrl}/webhooks/hubspot`, clientId: settings['HUBSPOT_CLIENT_ID'], clientSecret: settings['HUBSPOT_CLIENT_SECRET'],
    });
    // Other tests have portals there as well.
    await world.sandbox.setConsent('hubspot', { account: String(portalId) });
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByText('No account is connected yet.').waitFor();
    await page.getByRole('button', { name: 'Connect HubSpot' }).click();
    const card = page.getByRole('article', { name: /^HubSpot/ });
    await card.getByText('This account was connected just now.').waitFor();
    await card.getByText('Connected', { exact: true }).waitFor();
    await card.getByText('Set-up: done').waitFor();
    await card.getByRole('button', { name: /^Probe now/ }).click();
    await card.getByText(/^Answered,/).waitFor();
    expect(await card.getByRole('meter', { name: 'Calls in 10 seconds' }).textContent()).toMatch(/^\d+ of \d+$/);

    for (const { path, title } of pages) await inspection.look(page, `${world.origin}${path}`, title);

    const [hubspot] = await world.gateway.connections(world.tenantId);
    const shop = `tea-${portalId}`;
    const shopConnectionId = await connectShop(world.gateway, world.sandbox, { tenantId: world.tenantId, shop, hubspotConnectionId: hubspot?.id ?? '' });
    const place = async (email: string): Promise<OrderAnswer> => {
      const { id } = await world.sandbox.placeWooCommerceOrder(shop, {
        status: 'processing', billing: { first_name: 'Jordan', last_name: 'Rivera', email, country: 'US' }, line_items: [{ name: 'Cold brew kit', product_id: 17, quantity: 2, total: '58.70' }],
      });
      return eventually('the order to be known', () => world.gateway.findOrder(world.tenantId, shopConnectionId, String(id)), walkMs);
    };

    // An order, from the list over its states to its whole way.
    const first = await place('jordan.rivera@example.com');
    await page.goto(`${world.origin}/console/orders`);
    await page.getByRole('row', { name: new RegExp(`^${first.order.number} Processing In step`) }).waitFor();
    await inspection.lookHere(page, 'Orders');
    await page.getByRole('link', { name: first.order.number, exact: true }).click();
    await page.getByRole('link', { name: /^HubSpot deal/ }).waitFor();
    await inspection.lookHere(page, 'Order');
    await page.getByRole('link', { name: 'Follow its whole way' }).click();
    await page.getByText('The order is processing').waitFor();
    await page.getByRole('heading', { name: 'Its way' }).waitFor();
    await inspection.lookHere(page, 'Follow a record');

    // The account breaks, and what is to be done there parks.
    for (const kind of ['revoke-token', 'expire-token'] as const) await world.sandbox.addFault('hubspot', { kind, account: String(portalId) });
    await page.goto(`${world.origin}/console/connections`);
    await card.getByRole('button', { name: /^Probe now/ }).click();
    const banner = page.getByRole('region', { name: /must be connected again/ });
    await banner.waitFor();
    await inspection.check(page, 'a connection that needs a person');
    const later = await place('sam.okafor@example.com');
    await page.goto(`${world.origin}/console/dead-letters`);
    const parked = page.getByRole('row', { name: /^Task crm\.upsert, parked unauthorised crm-hubspot/ });
    await parked.waitFor();
    await inspection.check(page, 'parked work');

    // It is mended, and the work goes on by itself.
    await page.goto(`${world.origin}/console/connections`);
    await banner.getByRole('button', { name: /^Reconnect/ }).click();
    await card.getByText('This account was connected just now.').waitFor();
    await card.getByText('Connected', { exact: true }).waitFor();
    expect(await banner.count()).toBe(0);
    await page.goto(`${world.origin}/console/orders`);
    await page.getByRole('row', { name: new RegExp(`^${later.order.number} Processing In step`) }).waitFor();
    await page.goto(`${world.origin}/console/dead-letters`);
    await page.getByText('Nothing is dead or parked.').waitFor();

    // HubSpot refuses to tell of a deal that was won there: that dies, and is replayed.
    await world.gateway.tellTouches(world.tenantId, [{ id: `touch-${portalId}`, kind: 'campaign', contactEmail: 'jordan.rivera@example.com', occurredAt: new Date(Date.now() - 86_400_000).toISOString(), channel: 'spring mail' }]);
    await world.sandbox.addFault('hubspot', { kind: 'status', status: 400, times: 1_000, account: String(portalId), pathPattern: 'deals.*read|deals/\\d' });
    const dealId = await eventually('the deal to be known', async () => (await world.gateway.findOrder(world.tenantId, shopConnectionId, first.order.number))?.crmOrderId, walkMs);
    await world.sandbox.editHubSpotRecord(portalId, 'deals', dealId, { properties: { dealstage: 'closedwon', closedate: new Date().toISOString() } });
    const dead = page.getByRole('row', { name: /^Task crm\.fetch-record invalid crm-hubspot/ });
    await dead.waitFor();
    await world.sandbox.clearFaults('hubspot');
    await page.goto(`${world.origin}/console/dead-letters`);
    await page.getByRole('button', { name: /^Look inside Task crm\.fetch-record/ }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replay it' }).click();
    const question = page.getByRole('alertdialog', { name: 'Replay it?' });
    await question.getByLabel('Why').fill('HubSpot answers again');
    await question.getByRole('button', { name: 'Replay it' }).click();
    await page.getByText('1 done.').waitFor();
    await page.getByText('Nothing is dead or parked.').waitFor();

    // The deal's revenue stands in the report.
    await eventually('the report to credit the touch', async () => (await world.gateway.revenueReport(world.tenantId)).rows.some(({ key }) => key === 'spring mail'), walkMs);
    await page.goto(`${world.origin}/console/attribution`);
    await page.getByRole('row', { name: /spring mail/ }).first().waitFor();

    await page.goto(`${world.origin}/console/connections`);
    await page.getByLabel('My Domain').fill('tea-house');
    await world.gateway.endSessions(world.tenantId);
    const ended = page.getByRole('alertdialog', { name: 'Your session has ended' });
    await ended.waitFor();
    await inspection.check(page, 'an ended session');
    const [second] = await Promise.all([page.waitForEvent('popup'), ended.getByRole('link', { name: 'Sign in again' }).click()]);
    await world.chooseAtProvider(second, 'ada');
    await second.getByRole('heading', { name: 'You are signed in again' }).waitFor();
    await ended.waitFor({ state: 'detached' });
    expect(await page.getByLabel('My Domain').inputValue()).toBe('tea-house');

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    expect([...inspection.findings, ...world.faults]).toEqual([]);
    await page.context().close();
  }, walkMs);
});
