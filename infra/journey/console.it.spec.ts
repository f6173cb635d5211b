import { randomInt } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ROOT } from '../launch/folders.mjs';
import { ConsoleWorld } from './console-world.fixture.ts';

const walkMs = 300_000;
/** `npm run jest -- console.it` with this set writes the pictures of the pages anew. */
const picturesFolder = process.env['CONSOLE_PICTURES'] === undefined ? undefined : join(ROOT, 'docs', 'console');

const pages = [
  { path: '/console', title: 'Overview' },
  { path: '/console/connections', title: 'Connections' },
  { path: '/console/syncs', title: 'Syncs and jobs' },
] as const;

/** All services, one tenant and one browser; the steps of the walk build upon each other, so they are one test. */
describe('the console in a browser', () => {
  let world: ConsoleWorld;
  /** What axe and the sizes of windows brought to light; told together at the end. */
  const findings: string[] = [];

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

    for (const { path, title } of pages) await look(page, path, title);

    for (const kind of ['revoke-token', 'expire-token'] as const) await world.sandbox.addFault('hubspot', { kind, account: String(portalId) });
    await page.goto(`${world.origin}/console/connections`);
    await card.getByRole('button', { name: /^Probe now/ }).click();
    const banner = page.getByRole('region', { name: /must be connected again/ });
    await banner.waitFor();
    await check(page, 'a connection that needs a person');
    await banner.getByRole('button', { name: /^Reconnect/ }).click();
    await card.getByText('This account was connected just now.').waitFor();
    await card.getByText('Connected', { exact: true }).waitFor();
    expect(await banner.count()).toBe(0);

    await page.getByLabel('My Domain').fill('tea-house');
    await world.gateway.endSessions(world.tenantId);
    const ended = page.getByRole('alertdialog', { name: 'Your session has ended' });
    await ended.waitFor();
    await check(page, 'an ended session');
    const [second] = await Promise.all([page.waitForEvent('popup'), ended.getByRole('link', { name: 'Sign in again' }).click()]);
    await second.getByRole('heading', { name: 'You are signed in again' }).waitFor();
    await ended.waitFor({ state: 'detached' });
    expect(await page.getByLabel('My Domain').inputValue()).toBe('tea-house');

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    expect([...findings, ...world.faults]).toEqual([]);
    await page.context().close();
  }, walkMs);

  /** A page in light and dark, wide and narrow: axe finds nothing, nothing is cut off, and it can be skipped into by keyboard. */
  async function look(page: Page, path: string, title: string): Promise<void> {
    await page.goto(`${world.origin}${path}`);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await page.locator('.loading').first().waitFor({ state: 'detached' });
    for (const colours of ['light', 'dark'] as const) {
      await page.getByLabel('Colours').selectOption(colours);
      await check(page, `${title} in ${colours}`);
      if (picturesFolder !== undefined) {
        mkdirSync(picturesFolder, { recursive: true });
        await page.screenshot({ path: join(picturesFolder, `${title.toLowerCase().replaceAll(' ', '-')}-${colours}.png`), fullPage: true });
      }
    }
    for (const width of [360, 2_560]) {
      await page.setViewportSize({ width, height: 800 });
      if (await page.evaluate('document.documentElement.scrollWidth > innerWidth')) findings.push(`${title} is wider than a window of ${width} px`);
    }
    await page.setViewportSize({ width: 1_280, height: 800 });
  }

  async function check(page: Page, what: string): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    findings.push(...violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`));
  }
});
