import { randomUUID } from 'node:crypto';
import { asFailure, Failure, type Vendor } from '@crossdock/contracts';
import { tenantContext, type TenantDatabase } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import type { Connection } from '../connection.ts';
import { auditConnection } from '../health/connection-audit.ts';
import { randomToken, tokenHash, type AuthorisationStates } from './authorisation-state.ts';
import { missingScopes, type ConnectionRequest, type GrantedConnections, type GrantRefusal } from './granted-connections.ts';
import type { AuthorisationDetails, PendingAuthorisation, PendingAuthorisations } from './pending-authorisations.ts';
import type { ConnectionSecrets, ConnectionSettings, Grant } from './vendor-authorisation.ts';
import { exchangeTimeoutMs, type AuthorisationRefusal, type VendorDialogues } from './vendor-dialogues.ts';

/** How an authorisation ended. `returnTo` is a path of the installation's own. */
export type AuthorisationEnd =
  | { readonly outcome: 'connected'; readonly connection: Connection; readonly returnTo: string | undefined }
  | {
    readonly outcome: 'refused'; readonly refusal: AuthorisationRefusal; readonly vendor?: Vendor; readonly returnTo?: string | undefined;
    /** Scopes that were not given, by the vendor's names. */
    readonly missing?: readonly string[];
  };

export type AuthorisationStart =
  | { readonly outcome: 'redirect'; readonly location: URL; readonly browserToken: string }
  | { readonly outcome: 'refused'; readonly refusal: AuthorisationRefusal };

export interface AuthorisationsOptions {
  readonly database: TenantDatabase;
  readonly vendors: VendorDialogues;
  readonly pending: PendingAuthorisations;
  readonly states: AuthorisationStates;
  readonly granted: GrantedConnections;
}

/** Connects accounts: by a person's consent in the browser, or by credentials that are at hand. */
export class Authorisations {
  readonly #options: AuthorisationsOptions;

  constructor(options: AuthorisationsOptions) {
    this.#options = options;
  }

  /**
   * Begins an authorisation by consent. @returns its id, under which `start` takes a browser on.
   * @throws Failure `invalid` where the vendor offers none or the settings name no place to ask at.
   */
  async begin(
    request: ConnectionRequest, { settings, returnTo }: { readonly settings: ConnectionSettings; readonly returnTo?: string | undefined },
  ): Promise<string> {
    // What is wrong with the settings is said now, not to the person in the browser.
    this.#options.vendors.askingUrl(request.vendor, { state: 'none', codeVerifier: 'none', settings });
    const id = randomUUID();
    const details: AuthorisationDetails = { codeVerifier: randomToken(), settings: { ...settings }, ...(returnTo !== undefined && { returnTo }) };
    await this.#options.database.transaction(request.tenantId, async (manager) => {
      await this.#options.pending.add(manager, { ...request, id, startedBy: request.actor }, details);
      await auditConnection(manager, { ...request, action: 'authorisation.started', outcome: 'pending' });
    });
    return id;
  }

  /** Takes a browser to the vendor and binds the authorisation to it; a second browser is refused. */
  async start(id: string, givenBrowserToken: string | undefined): Promise<AuthorisationStart> {
    const browserToken = givenBrowserToken ?? randomToken();
    const state = await this.#options.states.make();
    return this.#options.database.systemTransaction(async (manager) => {
      const pending = await this.#options.pending.findById(manager, id);
      if (!pending) return { outcome: 'refused', refusal: 'unknown' };
      const browserHash = tokenHash(browserToken);
      const isOther = pending.isBoundToBrowser && !await this.#options.pending.isSameBrowser(manager, pending, browserHash);
      const refusal = pending.isUsed ? 'used' : pending.isExpired ? 'expired' : isOther ? 'other_browser' : undefined;
      if (refusal) return { outcome: 'refused', refusal };
      const { codeVerifier, settings } = await this.#options.pending.details(manager, pending);
      const location = this.#options.vendors.askingUrl(pending.vendor, { state, codeVerifier, settings });
      await this.#options.pending.bind(manager, pending, { state: tokenHash(state), browser: browserHash });
      return { outcome: 'redirect', location, browserToken };
    });
  }

  /** Ends an authorisation with what the vendor sent by the browser. Everything follows from `state`; it works once. */
  async finish(parameters: Readonly<Record<string, string>>, browserToken: string | undefined): Promise<AuthorisationEnd> {
    const claimed = await this.#claim(this.#options.vendors.stateIn(parameters), browserToken);
    if ('refusal' in claimed) return { outcome: 'refused', ...claimed };
    const { pending, details } = claimed;
    const { returnTo } = details;
    const request = { ...pending, actor: pending.startedBy };
    const refuse = (refusal: AuthorisationRefusal, more: { readonly detail?: string | undefined; readonly missing?: readonly string[] } = {}) =>
      this.#refuse(request, refusal, returnTo, more);
    const refused = this.#options.vendors.refusalIn(pending.vendor, parameters, details);
    if (refused) return refuse(refused.refusal, { detail: refused.detail });
    let grant: Grant;
    try {
      grant = await this.#options.vendors.grantOf(pending, parameters, details);
    } catch (thrown) {
      const { kind, message } = asFailure(thrown);
      return refuse(kind === 'invalid' ? 'wrong_place' : kind === 'transient' || kind === 'rate_limited' ? 'vendor_away' : 'refused_by_vendor', { detail: message });
    }
    const missing = missingScopes(this.#options.vendors.require(pending.vendor).scopes, grant);
    if (missing.length > 0) return refuse('missing_scopes', { detail: missing.join(' '), missing });
    const stored = await this.#store(request, grant);
    return typeof stored === 'string' ? refuse(stored) : { outcome: 'connected', connection: stored, returnTo };
  }

  /**
   * Connects an account by credentials.
   * @throws Failure `invalid`, `unauthorised` or `forbidden` for credentials that do not serve, `conflict` where the account is
   * connected elsewhere or is another than the connection's.
   */
  async connectByCredentials(
    request: ConnectionRequest, given: { readonly credentials: ConnectionSecrets; readonly settings: ConnectionSettings },
  ): Promise<Connection> {
    const flow = this.#options.vendors.credentialsOf(request.vendor);
    const party = { tenantId: request.tenantId, connectionId: request.connectionId, signal: AbortSignal.timeout(exchangeTimeoutMs) };
    const grant = await flow.authorise(party, given).catch((thrown: unknown) => { throw refusedCredentials(thrown); });
    const missing = missingScopes(this.#options.vendors.require(request.vendor).scopes, grant);
    if (missing.length > 0) throw new Failure('forbidden', `The credentials lack permissions: ${missing.join(', ')}.`, { pointer: credentialsPointer });
    const stored = await this.#store(request, grant);
    if (typeof stored !== 'string') return stored;
    await this.#refuse(request, stored, undefined);
    throw new Failure('conflict', stored === 'account_taken'
      ? `This ${request.vendor} account is connected elsewhere; disconnect it there first.`
      : `These credentials are of another ${request.vendor} account than the connection's.`, { pointer: credentialsPointer });
  }

  /** Removes authorisations that ran out more than a day ago; until then a late callback is told what happened. */
  async removeOld(manager: EntityManager): Promise<void> {
    await this.#options.pending.removeOld(manager);
  }

  /** What connecting an account again begins with: its settings, and its address where that is the tenant's own. */
  settingsAgain(connection: Connection): ConnectionSettings {
    return this.#options.vendors.find(connection.vendor)?.settingsAgain?.(connection) ?? connection.settings;
  }

  /** Finds the authorisation of a state and uses it up; what is not to be used stays as it is. */
  async #claim(
    state: string, browserToken: string | undefined,
  ): Promise<{ readonly pending: PendingAuthorisation; readonly details: AuthorisationDetails } | { readonly refusal: AuthorisationRefusal; readonly vendor?: Vendor }> {
    const isGenuine = await this.#options.states.isGenuine(state);
    return this.#options.database.systemTransaction(async (manager) => {
      const pending = isGenuine ? await this.#options.pending.findByState(manager, tokenHash(state)) : undefined;
      const isSameBrowser = pending && browserToken !== undefined && await this.#options.pending.isSameBrowser(manager, pending, tokenHash(browserToken));
      const refusal = !isGenuine ? 'forged' : !pending ? 'unknown' : pending.isUsed ? 'used' : pending.isExpired ? 'expired' : !isSameBrowser ? 'other_browser' : undefined;
      if (refusal !== undefined || !pending) {
        const found = pending && { tenantId: pending.tenantId, connectionId: pending.connectionId, vendor: pending.vendor };
        await auditConnection(manager, { ...found, actor: pending?.startedBy ?? 'unknown', action: 'authorisation.refused', outcome: refusal ?? 'unknown' });
        return { refusal: refusal ?? 'unknown', ...(pending && { vendor: pending.vendor }) };
      }
      if (!await this.#options.pending.use(manager, pending)) return { refusal: 'used', vendor: pending.vendor };
      const details = await this.#options.pending.details(manager, pending);
      const { delivered, ...others } = details;
      if (delivered) await this.#options.pending.changeDetails(manager, pending, others);
      return { pending, details };
    });
  }

  #store(request: ConnectionRequest, grant: Grant): Promise<Connection | GrantRefusal> {
    const scope = tenantContext.current() ?? { tenantId: request.tenantId, correlationId: randomUUID() };
    return tenantContext.run(scope, () => this.#options.database.transaction(request.tenantId, async (manager) => {
      const stored = await this.#options.granted.store(manager, request, grant);
      if (typeof stored !== 'string') {
        await auditConnection(manager, { ...request, connectionId: stored.id, action: 'authorisation.finished', outcome: 'connected' });
      }
      return stored;
    }));
  }

  async #refuse(
    request: ConnectionRequest, refusal: AuthorisationRefusal, returnTo: string | undefined,
    { detail, missing }: { readonly detail?: string | undefined; readonly missing?: readonly string[] } = {},
  ): Promise<AuthorisationEnd> {
    await this.#options.database.transaction(request.tenantId, (manager) =>
      auditConnection(manager, { ...request, action: 'authorisation.refused', outcome: refusal, detail }));
    return { outcome: 'refused', refusal, vendor: request.vendor, returnTo, ...(missing && { missing }) };
  }
}

/** Where callers give credentials. */
const credentialsPointer = '/credentials';

/** What a vendor that refuses credentials says concerns them, where its library names no closer place. */
function refusedCredentials(thrown: unknown): unknown {
  const isRefusal = thrown instanceof Failure && thrown.pointer === undefined && (thrown.kind === 'unauthorised' || thrown.kind === 'forbidden');
  return isRefusal ? new Failure(thrown.kind, thrown.message, { pointer: credentialsPointer, cause: thrown }) : thrown;
}
