import type { IdentityAudit } from '../audit/identity-audit.ts';
import { readSecret, type CarriedSecret } from '../browser/carried-secret.ts';
import { browserCookie, browserOf, cookieNames, cookieOf, newBrowser, setCookie } from '../browser/cookies.ts';
import { returnPath } from '../browser/return-path.ts';
import type { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { TenantWork } from '../tenant-work.ts';
import type { ApplicationDomain, ApplicationDomains } from './application-domains.ts';
import { loginTokens } from './login-tokens.ts';
import type { SignOnLimit } from './sign-on-limit.ts';
import { busyReply, circlePage, loginTokenRefusedPage, signOnPages } from './sign-on-pages.ts';
import type { SignOnReply } from './sign-on-reply.ts';
import { signOnRequests } from './sign-on-requests.ts';

/** What a browser brings to an application's host. */
export interface ApplicationVisit {
  readonly host: string | undefined;
  readonly cookies: string | undefined;
}

export interface ApplicationSignOnOptions {
  readonly work: TenantWork;
  readonly domains: ApplicationDomains;
  readonly sessions: Sessions;
  readonly audit: IdentityAudit;
  readonly limit: SignOnLimit;
  /** Origin of the sign-on host. */
  readonly signOnUrl: string;
  /** How long a browser keeps its key, in milliseconds. */
  readonly cookieMs: number;
  readonly now: () => Date;
}

/** Sign-on as an application sees it: people leave for the sign-on host here, and come back with a login token. */
export class ApplicationSignOn {
  readonly #options: ApplicationSignOnOptions;

  constructor(options: ApplicationSignOnOptions) {
    this.#options = options;
  }

  /** Sends a person to the sign-on host. With `link` a signed-on person adds a further account. */
  async start({ host, cookies }: ApplicationVisit, wanted: { readonly returnTo: string; readonly link: boolean }): Promise<SignOnReply> {
    const { domains, work, now, signOnUrl, limit } = this.#options;
    const domain = await domains.find(host);
    if (!domain) return { page: signOnPages.noApplication };
    const restSeconds = await limit.ofTenant(domain.tenantId);
    if (restSeconds !== undefined) return busyReply(restSeconds);
    const path = returnPath(wanted.returnTo, domain.origin);
    if (path === undefined) return { page: signOnPages.wrongReturn };
    const session = wanted.link ? await this.#sessionOf(domain, cookies) : undefined;
    if (wanted.link && !session) return { page: signOnPages.notSignedOn };
    const browser = browserOf(cookies) ?? newBrowser();
    const made = await work.run(domain.tenantId, async (manager): Promise<CarriedSecret | undefined> => {
      if (await signOnRequests.isInCircle(manager, domain.host, browser.hash, now())) return undefined;
      return signOnRequests.make(manager, {
        tenantId: domain.tenantId, host: domain.host, returnPath: path, browserHash: browser.hash, linkSessionId: session?.sessionId ?? null, madeAt: now(),
      });
    });
    if (!made) return { page: circlePage(`/sign-on/start?returnTo=${encodeURIComponent(path)}`) };
    return { location: `${signOnUrl}/sign-on/begin?request=${made.text}`, cookies: [browserCookie(browser)] };
  }

  /** Takes a login token in, and gives the browser its key to the session. */
  async arrive({ host, cookies }: ApplicationVisit, token: string | undefined): Promise<SignOnReply> {
    const { domains, work, audit, sessions, now } = this.#options;
    const domain = await domains.find(host);
    if (!domain) return { page: signOnPages.noApplication };
    const claimed = readSecret(token);
    const foreign = claimed !== undefined && claimed.tenantId !== domain.tenantId;
    // What is refused is written down too, so nothing in here throws for it.
    return work.run(domain.tenantId, async (manager): Promise<SignOnReply> => {
      const redeemed = claimed === undefined || foreign ? undefined : await loginTokens.redeem(manager, claimed, { host: domain.host, browserHash: browserOf(cookies)?.hash, now: now() });
      const session = redeemed?.sessionId === undefined ? undefined : await sessions.find(manager, redeemed.sessionId);
      if (redeemed?.outcome === 'redeemed' && session) {
        const key = await sessions.giveKey(manager, session, domain.host);
        await audit.record(manager, {
          action: 'login_token', outcome: 'done', code: 'redeemed', actor: { kind: 'person', id: session.personId },
          personId: session.personId, sessionId: session.sessionId, providerId: session.providerId, domain: domain.host,
        });
        return { location: `${domain.origin}${redeemed.returnPath}`, cookies: [this.keyCookie(key)] };
      }
      const refusal = foreign ? 'other_tenant' : redeemed?.outcome === 'refused' ? redeemed.refusal : redeemed ? 'session_over' : 'unknown';
      await audit.record(manager, {
        action: 'login_token', outcome: 'refused', code: refusal, actor: { kind: 'unknown' }, domain: domain.host,
        ...(session && { personId: session.personId, sessionId: session.sessionId }),
      });
      return { page: loginTokenRefusedPage(refusal) };
    });
  }

  /** The cookie with the key to a session at an application. */
  keyCookie({ text }: CarriedSecret): string {
    return setCookie(cookieNames.session, text, { maxAgeSeconds: Math.floor(this.#options.cookieMs / 1_000), sameSite: 'Strict' });
  }

  async #sessionOf(domain: ApplicationDomain, cookies: string | undefined): Promise<Session | undefined> {
    const key = readSecret(cookieOf(cookies, cookieNames.session));
    if (key?.tenantId !== domain.tenantId) return undefined;
    return this.#options.work.run(domain.tenantId, (manager) => this.#options.sessions.open(manager, key, domain.host));
  }
}
