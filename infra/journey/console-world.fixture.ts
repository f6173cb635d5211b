import { randomBytes, randomInt } from 'node:crypto';
import { SandboxControl } from '@crossdock/sandbox';
import { eventually } from '@crossdock/test-stack';
import { Client } from 'pg';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchHeadless } from '../../apps/auth-sso/src/sign-on/headless-browser.fixture.ts';
import type { ReachableSystem } from '../running-system.ts';
import { borrowSystem } from './borrowed-system.fixture.ts';
import { admitAdministrators, admitOperators, demoPeople, type DemoPerson } from './demo-people.ts';
import { GatewayApi, GatewayRefusal } from './gateway-api.ts';

const timeoutMs = 60_000;

/** The system that tests share, a tenant of its own whose people sign on at a provider, and a browser before its console. */
export class ConsoleWorld {
  /** What the browser complained about: refused by the content security policy, or thrown by the page. */
  readonly faults: string[] = [];

  private constructor(
    readonly running: ReachableSystem, readonly gateway: GatewayApi, readonly sandbox: SandboxControl, readonly tenantId: string, readonly origin: string,
    private readonly parts: { readonly browser: Browser; readonly ending: AsyncDisposableStack },
  ) {}

  /** Where it cannot be started nothing of it is left running. */
  static async start(): Promise<ConsoleWorld> {
    const ending = new AsyncDisposableStack();
    return ConsoleWorld.#start(ending).catch(async (fault: unknown) => {
      // What failed first tells more than that something of it could not be ended either.
      await ending.disposeAsync().catch(() => undefined);
      throw fault;
    });
  }

  static async #start(ending: AsyncDisposableStack): Promise<ConsoleWorld> {
    const borrowed = await borrowSystem();
    ending.defer(() => borrowed.giveBack());
    const { running } = borrowed;
    const browser = await launchHeadless();
    ending.defer(() => browser.close());
    const gateway = await GatewayApi.forDemo(running);
    const sandbox = new SandboxControl(running.sandboxUrl);
    const slug = `tea-${randomBytes(3).toString('hex')}`;
    const tenantId = await gateway.createTenant(slug, 'Tea & <b>Co</b>');
    const origin = await admitAdministrators({ running, gateway, sandbox }, tenantId, `${slug}.localhost`);
    await untilKnown(running, origin);
    return new ConsoleWorld(running, gateway, sandbox, tenantId, origin, { browser, ending });
  }

  async stop(): Promise<void> {
    await this.parts.ending.disposeAsync();
  }

  /** A window of a person's own browser. */
  async newPage(): Promise<Page> {
    const context = await this.parts.browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: { width: 1_280, height: 800 } });
    context.setDefaultTimeout(timeoutMs);
    this.#listen(context);
    return context.newPage();
  }

  /**
   * Connects a HubSpot portal, whose contacts have the property `region` if it is given words for it.
   * @returns its id, and that of the connection once the hub has set it up
   */
  async connectHubSpot(regions?: Readonly<Record<string, string>>): Promise<{ readonly portalId: number; readonly connectionId: string }> {
    const settings = this.running.settingsOf('crm-hubspot');
    const portal = await this.sandbox.createHubSpotPortal({
      portalId: randomInt(10_000_000, 99_999_999), webhookTargetUrl: `${this.running.gatewayUrl}/webhooks/hubspot`, clientId: settings['HUBSPOT_CLIENT_ID'], clientSecret: settings['HUBSPOT_CLIENT_SECRET'],
    });
    if (regions) await this.sandbox.addHubSpotProperty(portal.portalId, 'contacts', 'region', { hasUniqueValue: false, label: 'Region <img src=x onerror=alert(1)>', words: regions });
    const connectionId = await this.gateway.createConnection(this.tenantId, {
      vendor: 'hubspot', accountId: String(portal.portalId), credentials: { access_token: portal.accessToken, refresh_token: portal.refreshToken },
    });
    await eventually('the set-up of the account', () => this.gateway.isSetUp(this.tenantId, connectionId).catch((refusal: unknown) => {
      if (refusal instanceof GatewayRefusal && refusal.status === 404) return false;
      throw refusal;
    }), timeoutMs);
    return { portalId: portal.portalId, connectionId };
  }

  #listen(context: BrowserContext): void {
    context.on('console', (message) => {
      if (/content security policy|refused to|trusted type/i.test(message.text())) this.faults.push(message.text());
    });
    context.on('weberror', (error) => this.faults.push(error.error().message));
  }

  /** Lets operators sign on to the installation. @returns where their console is. */
  async admitOperators(): Promise<string> {
    const origin = await admitOperators(this);
    await untilKnown(this.running, origin);
    return origin;
  }

  /** Signs on as one of the sandbox's people, from the page that offers it: an operator, `hopper`, at the installation's. */
  async signIn(page: Page, person: DemoPerson = 'ada', origin = this.origin): Promise<void> {
    await page.goto(`${origin}/console`);
    await page.getByRole('link', { name: 'Sign in' }).click();
    await this.chooseAtProvider(page, person);
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  }

  /** Says at the identity provider who one is. */
  async chooseAtProvider(page: Page, person: DemoPerson): Promise<void> {
    await page.getByRole('button', { name: demoPeople[person].email }).click();
  }
}

/** Asks the books: the pages of sign-on count how often one address asks, which all tests have. */
async function untilKnown({ databaseAdminUrl }: ReachableSystem, origin: string): Promise<void> {
  const books = new Client({ connectionString: databaseAdminUrl });
  await books.connect();
  try {
    await eventually('sign-on to know the domain', async () => {
      const { rowCount } = await books.query('SELECT FROM auth_sso.application_domain WHERE domain = $1 AND is_owned', [new URL(origin).hostname]);
      return rowCount === 1;
    }, timeoutMs);
  } finally {
    await books.end();
  }
}
