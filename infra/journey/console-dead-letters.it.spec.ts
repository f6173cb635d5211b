import { randomBytes } from 'node:crypto';
import { installationId } from '@crossdock/contracts';
import { eventually } from '@crossdock/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { ConsoleWorld } from './console-world.fixture.ts';
import { PageInspection } from './page-inspection.fixture.ts';
import { scrollThrough } from './smooth-scroll.fixture.ts';

const walkMs = 600_000;
const many = 100_000;
const few = 230;
const script = '<img src=x onerror="document.title=1"><script>document.title=2</script>';

/** All services, one tenant whose day was bad, and one browser. */
describe('the console’s page of dead letters', () => {
  let world: ConsoleWorld;
  let books: Client;
  let page: Page;
  const inspection = new PageInspection();

  const ending = new AsyncDisposableStack();

  beforeAll(async () => {
    world = await ConsoleWorld.start();
    ending.defer(() => world.stop());
    books = new Client({ connectionString: world.running.databaseAdminUrl });
    await books.connect();
    ending.defer(() => books.end());
    page = await world.newPage();
    await world.signIn(page);
  }, walkMs);
  afterAll(() => ending.disposeAsync(), 120_000);

  it('tells what is dead and why, scrolls through a hundred thousand, shows vendors’ script as text, discards what is chosen and all that match, lets nobody act while the hub is away, and lets an operator do the same for the tenant, under their name', async () => {
    await scrollThroughAll();
    await actUponSome();
    await loseTheHub();
    await actAsOperator();
    expect([...inspection.findings, ...world.faults]).toEqual([]);
  }, walkMs);

  it('lets an operator find one of more than a thousand tenants, see the dead letters of all, go from each sort to its tenant’s, and from each figure to the dashboard that shows it', async () => {
    const own = { id: await world.gateway.createTenant(`deli-${randomBytes(3).toString('hex')}`, 'Deli & <i>Sons</i>'), name: 'Deli & <i>Sons</i>' };
    // Older than any other test's, so that they stand first.
    await books.query(
      `INSERT INTO shipping.dead_letter (id, tenant_id, origin, kind, reason, error, message_key, body, created_at)
       SELECT gen_random_uuid(), $1, 'event', 'shipping.label.requested.v1', 'not_found', 'There is no parcel ' || n || ': ' || $2::text, 'parcel/' || n, '{}', now() - interval '30 days' FROM generate_series(1, 7) n`, [own.id, script]);
    const origin = await world.admitOperators();
    const window = await world.newPage();
    await world.signIn(window, 'hopper', origin);
    await followGrafana(window);
    await findTenant(window, origin, own);
    await seeAllTenants(window, origin, own);
    expect([...inspection.findings, ...world.faults]).toEqual([]);
    await window.context().close();
  }, walkMs);

  /** Each figure leads to the dashboard on which it is, of that service or vendor alone. */
  async function followGrafana(window: Page): Promise<void> {
    const figures = '**/v1/operators/figures';
    const [told] = await Promise.all([window.waitForResponse(figures), window.reload()]);
    const json = { ...z.looseObject({}).parse(await told.json()), grafanaUrl: 'https://grafana.example.com/ops' };
    await window.route(figures, (route) => route.fulfill({ json }));
    await window.reload();
    const addressOf = (name: string): Promise<string | null> => window.getByRole('link', { name, exact: true }).getAttribute('href');
    expect(await addressOf('Open Grafana')).toBe('https://grafana.example.com/ops/d/crossdock-overview');
    expect(await addressOf('orders in Grafana')).toBe('https://grafana.example.com/ops/d/crossdock-event-core?var-service=orders');
    expect(await window.getByRole('link', { name: /open at orders in Grafana$/ }).getAttribute('href')).toBe('https://grafana.example.com/ops/d/crossdock-work?var-service=orders');
    await window.unroute(figures);
  }

  /** By typing a part of its name. */
  async function findTenant(window: Page, origin: string, { id, name }: { readonly id: string; readonly name: string }): Promise<void> {
    await books.query(`INSERT INTO gateway.tenant (tenant_id, slug, name) SELECT gen_random_uuid(), 'crowd-' || n, 'Crowd ' || n FROM generate_series(1, 1200) n`);
    await window.getByRole('button', { name: /^Tenant:/ }).click();
    const search = window.getByRole('dialog', { name: 'Whose pages do you want to see?' });
    await search.getByRole('link', { name: /^Crowd/ }).first().waitFor();
    await search.getByRole('button', { name: 'Show more' }).click();
    await search.getByRole('listitem').nth(60).waitFor();
    await inspection.check(window, 'the search for a tenant');
    await search.getByRole('searchbox').fill('nobody is called so');
    await search.getByText('No tenant is called so.').waitFor();
    await search.getByRole('searchbox').fill('deli & <I>');
    await search.getByRole('link', { name, exact: true }).waitFor();
    await search.getByRole('link', { name: /^Crowd/ }).first().waitFor({ state: 'detached' });
    await search.getByRole('searchbox').press('Enter');
    await window.waitForURL(`${origin}/console/tenants/${id}`);
    await window.getByRole('button', { name: `Tenant: ${name}` }).click();
    await search.getByRole('link', { name: 'The installation' }).click();
    await window.waitForURL(`${origin}/console`);
  }

  /** From the count of a service over all tenants' to one of them, and with a click to all of that sort in the pages of its tenant. */
  async function seeAllTenants(window: Page, origin: string, { id, name }: { readonly id: string; readonly name: string }): Promise<void> {
    await window.getByRole('link', { name: /dead at shipping$/ }).click();
    const sorts = window.getByRole('group', { name: 'Sorts' });
    const sort = sorts.getByRole('row').filter({ hasText: name });
    await sort.waitFor();
    expect((await sort.getByRole('cell').allTextContents()).slice(0, 4)).toEqual([name, 'not found', 'shipping', '7']);
    const list = window.getByRole('group', { name: 'Dead letters and parked work of all tenants' });
    await list.getByText('There is no parcel 1: ', { exact: false }).waitFor();
    await inspection.lookHere(window, 'Dead letters of all tenants');
    await window.getByRole('combobox', { name: /^Why/ }).selectOption('cursor_expired');
    await window.getByText('There is none.').waitFor();
    await window.getByRole('combobox', { name: /^Why/ }).selectOption('not_found');
    await list.getByRole('link', { name, exact: true }).first().click();
    await window.waitForURL((address) => address.pathname === `/console/tenants/${id}/dead-letters` && address.origin === origin);
    await window.getByText('7 read, which are all.').waitFor();
    expect(await window.getByRole('combobox', { name: /^Why/ }).inputValue()).toBe('not_found');
  }

  async function scrollThroughAll(): Promise<void> {
    await page.goto(`${world.origin}/console/dead-letters`);
    await page.getByText('Nothing is dead or parked.').waitFor();
    await fill('orders', 'commerce.order.received.v1', 'invalid', many);
    await fill('shipping', 'shipping.label.requested.v1', 'conflict', few);
    await page.getByRole('row', { name: /^Event commerce\.order\.received\.v1 invalid orders 100,000/ }).waitFor();
    await page.goto(`${world.origin}/console/dead-letters`);
    await page.getByText(script).first().waitFor();
    await inspection.lookHere(page, 'Dead letters');

    const scrolled = await scrollThrough(page, '.long-list', many + few);
    process.stdout.write(`Scrolled through the dead letters: ${JSON.stringify(scrolled)}\n`);
    const { lastRow, rowsInPageAtMost, start, middle, end } = scrolled;
    expect(lastRow).toBe(many + few);
    expect(rowsInPageAtMost).toBeLessThan(100);
    expect(Math.max(...[start, middle, end].map(({ threadMsPerFrame }) => threadMsPerFrame))).toBeLessThan(50);
    expect(middle.medianFrameMs).toBeLessThan(50);
    // What takes longer the longer the list is would show at its end.
    expect(end.threadMsPerFrame).toBeLessThan(3 * start.threadMsPerFrame);
  }

  async function actUponSome(): Promise<void> {
    await page.goto(`${world.origin}/console/dead-letters?service=shipping`);
    await page.getByRole('button', { name: /^Look inside/ }).first().click();
    const inside = page.getByRole('dialog', { name: /^Event shipping/ });
    await inside.getByText('"number": "42"').waitFor();
    expect(await inside.innerText()).not.toContain('ada@example.com');
    await inspection.check(page, 'a dead letter from inside');
    await inside.getByRole('button', { name: 'Close' }).click();

    for (const nth of [0, 1]) await page.getByRole('checkbox', { name: /^Choose/ }).nth(nth).check();
    await ask(page, 'Discard chosen (2)', 'sent twice by mistake');
    await page.getByText('2 done.').waitFor();
    await page.getByText('228 read, which are all.').waitFor();
    await ask(page, 'Discard all that match', 'the labels were bought by hand');
    await page.getByText(`${few - 2} done.`).waitFor();
    await page.getByText('There is none.').waitFor();
    const { rows } = await books.query<{ count: number; names: string[] }>(
      `SELECT count(*)::int AS count, array_agg(DISTINCT on_behalf_of) AS names FROM shipping.operation_audit WHERE tenant_id = $1 AND action = 'dead_letter.discard'`, [world.tenantId]);
    expect(rows).toEqual([{ count: few, names: [expect.stringMatching(/^user\//)] }]);
  }

  async function loseTheHub(): Promise<void> {
    await page.goto(`${world.origin}/console/dead-letters`);
    await page.getByRole('button', { name: 'Replay all' }).waitFor();
    await page.route('**/v1/dead-letters/summary', (route) => route.abort());
    await page.getByText(/^Shown as it was at/).waitFor();
    expect(await page.getByRole('button', { name: 'Replay all' }).getAttribute('aria-disabled')).toBe('true');
    await page.unroute('**/v1/dead-letters/summary');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText(/^Shown as it was at/).waitFor({ state: 'detached' });
  }

  async function actAsOperator(): Promise<void> {
    const origin = await world.admitOperators();
    const window = await world.newPage();
    await world.signIn(window, 'hopper', origin);
    await window.getByRole('row', { name: /^orders/ }).first().waitFor();
    await inspection.lookHere(window, 'Overview for operators');
    await window.goto(`${origin}/console/tenants/${world.tenantId}/dead-letters`);
    await window.getByRole('button', { name: /^Look inside/ }).first().click();
    // What stands in it pushes away from under the pointer what can be done with it.
    await window.getByRole('dialog').getByText('"number": "42"').waitFor();
    await ask(window, 'Discard it', 'the shop sent it twice');
    await window.getByText('1 done.').waitFor();
    const { rows } = await books.query<{ on_behalf_of: string }>(`SELECT on_behalf_of FROM orders.operation_audit WHERE tenant_id = $1 AND reason = 'the shop sent it twice'`, [world.tenantId]);
    expect(rows).toEqual([{ on_behalf_of: expect.stringMatching(/^operator\//) }]);
    await eventually('both audits to tell of it by name', async () => {
      const { rows: told } = await books.query<{ tenant_id: string }>(
        `SELECT DISTINCT tenant_id FROM journal.audit_entry WHERE action = 'POST /v1/dead-letters/:service/discard' AND tenant_id = ANY ($1) AND entry::text LIKE '%Grace Hopper%'`, [[world.tenantId, installationId]]);
      return told.length === 2;
    }, walkMs);
    await window.context().close();
  }

  /** Dead letters, each a second after the one before, of orders that a vendor wrote script into. */
  async function fill(schema: 'orders' | 'shipping', kind: string, reason: string, count: number): Promise<void> {
    await books.query(
      `INSERT INTO ${schema}.dead_letter (id, tenant_id, origin, kind, reason, error, message_key, body, created_at)
       SELECT gen_random_uuid(), $1, 'event', $2, $3, 'The line of order ' || n || ' cannot be read: ' || $4::text, 'order/' || n, convert_to($5, 'UTF8'), now() + (n - 150000) * interval '1 second'
       FROM generate_series(1, $6::int) n`,
      [world.tenantId, kind, reason, script, JSON.stringify({ number: '42', note: script, billing: { email: 'ada@example.com' } }), count]);
  }
});

async function ask(page: Page, act: string, reason: string): Promise<void> {
  await page.getByRole('button', { name: act, exact: true }).click();
  const question = page.getByRole('alertdialog', { name: `${act}?` });
  await question.getByLabel('Why').fill(reason);
  await question.getByRole('button', { name: act, exact: true }).click();
  await question.waitFor({ state: 'detached' });
}

