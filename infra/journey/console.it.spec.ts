import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsoleWorld } from './console-world.fixture.ts';
import { PageInspection } from './page-inspection.fixture.ts';

const walkMs = 300_000;

const pages = [
  { path: '/console', title: 'Overview' },
  { path: '/console/connections', title: 'Connections' },
  { path: '/console/syncs', title: 'Syncs and jobs' },
] as const;

/** All services, one tenant and one browser; the steps of the walk build upon each other, so they are one test. */
describe('the console in a browser', () => {
  let world: ConsoleWorld;
  const inspection = new PageInspection();

  beforeAll(async () => {
    world = await ConsoleWorld.start();
  }, walkMs);
  afterAll(() => world.stop(), 120_000);

  it('leads from signing in over connecting HubSpot, its set-up, a revocation and a reconnect to the end of the session, without a fault of its pages', async () => {
    const page = await world.newPage();
    await world.signIn(page);
    await page.getByText('Tea & <b>Co</b>').waitFor();
    expect(await page.evaluate('[document.cookie, JSON.stringify(sessionStorage), JSON.stringify(localStorage)].join()')).not.toMatch(/eyJ|token/i);

    const portalId = randomInt(10_000_000, 99_999_999);
    const settings = world.running.settingsOf('crm-hubspot');
    await world.sandbox.createHubSpotPortal({
      portalId, webhookTargetUrl: `${world.running.gatewayUrl}/webhooks/hubspot`, clientId: settings['HUBSPOT_CLIENT_ID'], clientSecret: settings['HUBSPOT_CLIENT_SECRET'],
    });
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByText('No account is connected yet.').waitFor();
    await page.getByRole('button', { name: 'Connect HubSpot' }).click();
    const card = page.getByRole('article', { name: /^HubSpot/ });
    await card.getByText('This account was connected just now.').waitFor();
    await card.getByText('Connected', { exact: true }).waitFor();
    await card.getByText('Set-up: done').waitFor();
    await card.getByRole('button', { name: /^Probe now/ }).click();
    await card.getByText(/^Answered,/).waitFor();

    for (const { path, title } of pages) await inspection.look(page, `${world.origin}${path}`, title);

    for (const kind of ['revoke-token', 'expire-token'] as const) await world.sandbox.addFault('hubspot', { kind, account: String(portalId) });
    await page.goto(`${world.origin}/console/connections`);
    await card.getByRole('button', { name: /^Probe now/ }).click();
    const banner = page.getByRole('region', { name: /must be connected again/ });
    await banner.waitFor();
    await inspection.check(page, 'a connection that needs a person');
    await banner.getByRole('button', { name: /^Reconnect/ }).click();
    await card.getByText('This account was connected just now.').waitFor();
    await card.getByText('Connected', { exact: true }).waitFor();
    expect(await banner.count()).toBe(0);

    await page.getByLabel('My Domain').fill('tea-house');
    await world.gateway.endSessions(world.tenantId);
    const ended = page.getByRole('alertdialog', { name: 'Your session has ended' });
    await ended.waitFor();
    await inspection.check(page, 'an ended session');
    const [second] = await Promise.all([page.waitForEvent('popup'), ended.getByRole('link', { name: 'Sign in again' }).click()]);
    await second.getByRole('heading', { name: 'You are signed in again' }).waitFor();
    await ended.waitFor({ state: 'detached' });
    expect(await page.getByLabel('My Domain').inputValue()).toBe('tea-house');

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    expect([...inspection.findings, ...world.faults]).toEqual([]);
    await page.context().close();
  }, walkMs);
});
