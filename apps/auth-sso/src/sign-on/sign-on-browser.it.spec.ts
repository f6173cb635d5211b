import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { z } from 'zod';
import { tenantA } from '../clients/client.fixture.ts';
import { launchHeadless } from './headless-browser.fixture.ts';
import { SignOnWorld } from './sign-on-world.fixture.ts';

const timeoutMs = 60_000;
const renewalSchema = z.object({ status: z.int(), roles: z.array(z.string()).optional() });

/** What assistive software builds upon, and whether our one style holds. */
const outline = `({
  language: document.documentElement.lang, headings: document.querySelectorAll('h1').length, mains: document.querySelectorAll('main').length,
  hasTitle: document.title.length > 0, scripts: document.scripts.length, isStyled: getComputedStyle(document.body).maxWidth !== 'none',
  unlabelled: [...document.querySelectorAll('input:not([type=hidden])')].filter(({ id }) => !document.querySelector('label[for="' + id + '"]')).length,
})`;

/** Two applications of one tenant under hosts of their own, a sign-on host and a provider, in a real browser without a window. */
describe('sign-on in a browser', () => {
  let world: SignOnWorld;
  let browser: Browser;
  const faults: string[] = [];

  beforeAll(async () => {
    world = await SignOnWorld.start();
    await world.furnish(tenantA, ['app', 'shop'], { name: 'Example Inc.', settings: { emailDomains: ['example.com'] } });
    await world.furnish(tenantA, [], { name: 'Partner & <Sons>', clientId: 'another-client', settings: { emailDomains: ['partner.example'] } });
    world.idp.accounts.set('ada', { email: 'ada@example.com', email_verified: true, name: 'Ada' });
    browser = await launchHeadless();
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    await world.stop();
  });

  /** A person's browser. Pages of the applications themselves are the test's; all pages of sign-on come from the service. */
  async function person(): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext();
    context.setDefaultTimeout(timeoutMs);
    await context.route(/localhost:\d+\/(welcome|evil)/, (route) => route.fulfill({
      contentType: 'text/html', body: `<!doctype html><title>Application</title><h1>Welcome</h1><form method="post" action="${world.origin('app')}/sign-on/sign-out"><button>Go</button></form>`,
    }));
    const page = await context.newPage();
    page.on('console', (message) => {
      if (/content security policy|refused to/i.test(message.text())) faults.push(message.text());
    });
    return { context, page };
  }

  /** What a script of the page asks for. Scripts are texts, because they run in the browser and know its world. */
  async function renew(page: Page): Promise<z.infer<typeof renewalSchema>> {
    return renewalSchema.parse(await page.evaluate(
      `fetch('/sign-on/token', { method: 'POST' }).then(async (response) => ({ status: response.status, roles: (await response.json()).roles }))`));
  }

  async function signOn(page: Page, from = 'app'): Promise<void> {
    await page.goto(`${world.origin(from)}/sign-on/start?returnTo=/welcome`);
    await page.getByLabel('Work e-mail address').fill('ada@example.com');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'Continue with Example Inc.' }).click();
    await page.getByLabel('Login').fill('ada');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${world.origin(from)}/welcome`);
  }

  it('goes from an application by e-mail address to the provider and back, then to a second domain without a question', async () => {
    const { context, page } = await person();
    await signOn(page);
    expect(await renew(page)).toMatchObject({ status: 200, roles: ['viewer'] });
    await page.goto(`${world.origin('shop')}/sign-on/start?returnTo=/welcome`);
    expect(page.url()).toBe(`${world.origin('shop')}/welcome`);
    expect(await renew(page)).toMatchObject({ status: 200 });
    expect(await page.evaluate('document.cookie')).toBe('');
    const cookies = await context.cookies();
    expect(cookies.filter(({ name }) => name.includes('crossdock')).length).toBeGreaterThanOrEqual(4);
    for (const { name, secure, httpOnly, domain } of cookies.filter(({ name: cookie }) => cookie.includes('crossdock'))) {
      expect([name.startsWith('__Host-'), secure, httpOnly, domain.startsWith('.')]).toEqual([true, true, true, false]);
    }
    await context.close();
  }, 120_000);

  it('shows plain pages that can be used by keyboard and read aloud, and names of others are text', async () => {
    const { context, page } = await person();
    await page.goto(`${world.origin('app')}/sign-on/start`);
    expect(await page.getByRole('link', { name: 'Sign in with Partner & <Sons>' }).count()).toBe(1);
    for (const path of ['', '/sign-on/arrive?token=x', '/sign-on/start?returnTo=//evil.example']) {
      if (path !== '') await page.goto(`${world.origin('app')}${path}`);
      expect(await page.evaluate(outline)).toEqual({ language: 'en', headings: 1, mains: 1, hasTitle: true, scripts: 0, isStyled: true, unlabelled: 0 });
    }
    expect(faults).toEqual([]);
    await context.close();
  }, 120_000);

  it('does not let a page of another site sign a person out, and signs out of both domains at once when the person does', async () => {
    const { context, page } = await person();
    await signOn(page, 'shop');
    await page.goto(`${world.origin('app')}/sign-on/start?returnTo=/welcome`);
    await page.goto(`${world.origin('evil')}/evil`);
    const [refused] = await Promise.all([page.waitForResponse(/sign-out/), page.getByRole('button', { name: 'Go' }).click()]);
    expect(refused.status()).toBe(403);
    await page.goto(`${world.origin('app')}/welcome`);
    expect((await renew(page)).status).toBe(200);
    await page.getByRole('button', { name: 'Go' }).click();
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await page.goto(`${world.origin('shop')}/welcome`);
    expect((await renew(page)).status).toBe(401);
    await context.close();
  }, 120_000);
});
