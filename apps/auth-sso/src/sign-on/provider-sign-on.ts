import type { EntityManager } from 'typeorm';
import { randomNonce, randomPKCECodeVerifier } from 'openid-client';
import type { IdentityAudit } from '../audit/identity-audit.ts';
import { readSecret, type ClaimedSecret } from '../browser/carried-secret.ts';
import { browserCookie, browserOf, cookieNames, cookieOf, newBrowser, setCookie } from '../browser/cookies.ts';
import { providersForEmail, type IdentityProvider } from '../providers/identity-provider.ts';
import { ProviderAnswerRefused } from '../providers/provider-answer.ts';
import type { IdClaims, ProviderClients } from '../providers/provider-clients.ts';
import type { ProviderRepository } from '../providers/provider.repository.ts';
import { deviceOf, type Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { TenantWork } from '../tenant-work.ts';
import { findDomain } from './application-domains.ts';
import { loginTokens } from './login-tokens.ts';
import { admitPerson } from './person-admission.ts';
import type { ProviderDialogues } from './provider-dialogues.ts';
import type { SignOnHost } from './sign-on-host.ts';
import { choicePage, dialogueRefusedPage, foundPage, personRefusedPage, providerRefusedPage, signOnPages } from './sign-on-pages.ts';
import type { SignOnReply } from './sign-on-reply.ts';
import { signOnRequests, type SignOnRequest } from './sign-on-requests.ts';

export interface ProviderSignOnOptions {
  readonly work: TenantWork;
  readonly providers: ProviderRepository;
  readonly clients: ProviderClients;
  readonly dialogues: ProviderDialogues;
  readonly sessions: Sessions;
  readonly audit: IdentityAudit;
  readonly signOnHost: SignOnHost;
  /** How long a browser keeps its key, in milliseconds. */
  readonly cookieMs: number;
  readonly now: () => Date;
}

/** The answer of a provider, as the browser brings it. */
export interface BroughtAnswer {
  readonly providerId: string;
  readonly query: string;
  readonly cookies: string | undefined;
  readonly userAgent: string | undefined;
}

/** Sign-on at the sign-on host: from an application's request by way of a provider to a session, and back with a login token. */
export class ProviderSignOn {
  readonly #options: ProviderSignOnOptions;

  constructor(options: ProviderSignOnOptions) {
    this.#options = options;
  }

  /** Who is signed on here already goes straight back; others are led to a provider. */
  async begin(cookies: string | undefined, request: string | undefined): Promise<SignOnReply> {
    const claimed = readSecret(request);
    if (!claimed || request === undefined) return { page: signOnPages.requestOver };
    return this.#options.work.run(claimed.tenantId, async (manager): Promise<SignOnReply> => {
      const found = await this.#request(manager, claimed);
      if (!found) return { page: signOnPages.requestOver };
      const session = found.linkSessionId === null ? await this.#sessionOf(manager, claimed.tenantId, cookies) : undefined;
      if (session) return this.#sendBack(manager, found, session);
      const enabled = await this.#enabledProviders(manager);
      const [only, ...others] = enabled;
      if (!only) return { page: signOnPages.noProvider };
      if (others.length === 0) return { location: hrefOf(only, request) };
      return { page: choicePage(enabled, request, (provider) => hrefOf(provider, request)) };
    });
  }

  /** Which provider an e-mail address leads to. */
  async find(request: string | undefined, email: string): Promise<SignOnReply> {
    const claimed = readSecret(request);
    if (!claimed || request === undefined) return { page: signOnPages.requestOver };
    return this.#options.work.run(claimed.tenantId, async (manager) => {
      if (!await this.#request(manager, claimed)) return { page: signOnPages.requestOver };
      const matching = providersForEmail(await this.#enabledProviders(manager), email);
      return { page: foundPage(matching.map((provider) => ({ text: `Continue with ${provider.name}`, href: hrefOf(provider, request) }))) };
    });
  }

  /** Begins a dialogue with a provider and sends the person there. */
  async leave(cookies: string | undefined, request: string | undefined, providerId: string): Promise<SignOnReply> {
    const { work, clients, dialogues, now } = this.#options;
    const claimed = readSecret(request);
    if (!claimed) return { page: signOnPages.requestOver };
    const { tenantId } = claimed;
    const browser = browserOf(cookies) ?? newBrowser();
    const secrets = { nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
    const begun = await work.run(tenantId, async (manager) => {
      const found = await this.#request(manager, claimed);
      const provider = await this.#enabledProvider(manager, providerId);
      if (!found || !provider) return undefined;
      const state = await dialogues.begin(manager, { tenantId, providerId, requestHash: found.requestHash, browserHash: browser.hash }, secrets, now());
      return { provider, state, clientSecret: await this.#options.providers.clientSecret(manager, provider) };
    });
    if (!begun) return { page: signOnPages.requestOver };
    try {
      const location = await clients.authorizationUrl(begun.provider, begun.clientSecret, { ...secrets, state: begun.state });
      return { location: location.href, cookies: [browserCookie(browser)] };
    } catch (thrown) {
      return this.#refuse(tenantId, providerId, thrown);
    }
  }

  /** Takes a provider's answer, begins a session for the person it vouches for, and sends the browser back to the application. */
  async finish({ providerId, query, cookies, userAgent }: BroughtAnswer): Promise<SignOnReply> {
    const { work, clients, dialogues, providers, audit, now } = this.#options;
    const text = new URLSearchParams(query).get('state') ?? undefined;
    const state = readSecret(text);
    if (!state || text === undefined) return { page: dialogueRefusedPage('unknown') };
    const taken = await work.run(state.tenantId, async (manager) => {
      const dialogue = await dialogues.take(manager, { ...state, text }, providerId, browserOf(cookies)?.hash, now());
      const provider = await this.#enabledProvider(manager, providerId);
      if (dialogue.outcome === 'taken' && provider) return { dialogue, provider, clientSecret: await providers.clientSecret(manager, provider) };
      const refusal = dialogue.outcome === 'refused' ? dialogue.refusal : 'unknown';
      await audit.record(manager, { action: 'sign_on', outcome: 'refused', code: refusal, actor: { kind: 'unknown' }, ...(provider && { providerId }) });
      return { dialogue: undefined, refusal };
    });
    if (!taken.dialogue) return { page: dialogueRefusedPage(taken.refusal) };
    try {
      const claims = await clients.finish(taken.provider, taken.clientSecret, query, taken.dialogue.secrets);
      return await work.run(state.tenantId, (manager) => this.#admit(manager, taken.provider, claims, { requestHash: taken.dialogue.requestHash, cookies, userAgent }));
    } catch (thrown) {
      return this.#refuse(state.tenantId, providerId, thrown);
    }
  }

  async #admit(
    manager: EntityManager, provider: IdentityProvider, claims: IdClaims,
    { requestHash, cookies, userAgent }: { readonly requestHash: Buffer } & Pick<BroughtAnswer, 'cookies' | 'userAgent'>,
  ): Promise<SignOnReply> {
    const { sessions, audit, now } = this.#options;
    const request = await signOnRequests.find(manager, requestHash, now());
    if (!request) return { page: signOnPages.requestOver };
    const linking = request.linkSessionId === null ? undefined : await sessions.find(manager, request.linkSessionId);
    // The account is added by the browser in which the person is signed on, here as well as at the application.
    if (request.linkSessionId !== null && (!linking || (await this.#sessionOf(manager, provider.tenantId, cookies))?.sessionId !== linking.sessionId)) {
      return { page: signOnPages.notSignedOn };
    }
    const admission = await admitPerson(manager, { provider, claims, linkTo: linking?.personId, audit, now: now() });
    if (admission.outcome === 'refused') {
      await audit.record(manager, {
        action: 'sign_on', outcome: 'refused', code: admission.refusal, actor: { kind: 'unknown' }, providerId: provider.providerId, domain: request.host,
      });
      return { page: personRefusedPage(admission.refusal) };
    }
    const { personId } = admission.person;
    const session = linking ?? await sessions.begin(manager, {
      tenantId: provider.tenantId, personId, providerId: provider.providerId, providerSubject: claims.sub, providerSession: claims.sid ?? null, device: deviceOf(userAgent),
    });
    await audit.record(manager, {
      action: 'sign_on', outcome: 'done', code: linking ? 'account_added' : 'signed_on', actor: { kind: 'person', id: personId },
      personId, sessionId: session.sessionId, providerId: provider.providerId, domain: request.host,
    });
    const key = await sessions.giveKey(manager, session, this.#options.signOnHost.host);
    const cookie = setCookie(cookieNames.signOn(provider.tenantId), key.text, { maxAgeSeconds: Math.floor(this.#options.cookieMs / 1_000), sameSite: 'Lax' });
    return { ...await this.#sendBack(manager, request, session), cookies: [cookie] };
  }

  /** With a login token to the application that asked, and to no other place. */
  async #sendBack(manager: EntityManager, { host, returnPath, browserHash, tenantId }: SignOnRequest, { sessionId }: Session): Promise<SignOnReply> {
    const domain = await findDomain(manager, host, this.#options.signOnHost.origin);
    if (!domain) return { page: signOnPages.noApplication };
    const token = await loginTokens.issue(manager, { tenantId, sessionId, host, returnPath, browserHash }, this.#options.now());
    return { location: `${domain.origin}/sign-on/arrive?token=${token.text}` };
  }

  async #sessionOf(manager: EntityManager, tenantId: string, cookies: string | undefined): Promise<Session | undefined> {
    const key = readSecret(cookieOf(cookies, cookieNames.signOn(tenantId)));
    return key?.tenantId === tenantId ? this.#options.sessions.open(manager, key, this.#options.signOnHost.host) : undefined;
  }

  #request(manager: EntityManager, { hash }: ClaimedSecret): Promise<SignOnRequest | undefined> {
    return signOnRequests.find(manager, hash, this.#options.now());
  }

  async #enabledProviders(manager: EntityManager): Promise<IdentityProvider[]> {
    return (await this.#options.providers.list(manager)).filter(({ settings }) => settings.isEnabled);
  }

  async #enabledProvider(manager: EntityManager, providerId: string): Promise<IdentityProvider | undefined> {
    const provider = await this.#options.providers.find(manager, providerId);
    return provider?.settings.isEnabled === true ? provider : undefined;
  }

  async #refuse(tenantId: string, providerId: string, thrown: unknown): Promise<SignOnReply> {
    if (!(thrown instanceof ProviderAnswerRefused)) throw thrown;
    const { refusal } = thrown;
    await this.#options.work.run(tenantId, (manager) => this.#options.audit.record(manager, {
      action: 'sign_on', outcome: 'refused', code: refusal, actor: { kind: 'provider', id: providerId }, providerId,
    }));
    return { page: providerRefusedPage(refusal) };
  }
}

function hrefOf({ providerId }: IdentityProvider, request: string): string {
  return `/sign-on/providers/${providerId}?request=${request}`;
}
