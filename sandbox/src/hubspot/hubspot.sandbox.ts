import type { FastifyInstance } from 'fastify';
import { Consent } from '../authorization/consent.ts';
import type { TokenFaultKind } from '../control/fault.schema.ts';
import { FaultInjection } from '../fault-injection.ts';
import type { VendorSandbox } from '../vendor-sandbox.ts';
import type { WebhookDeliveries } from '../webhooks/webhook-delivery.ts';
import { WriteJournal } from '../write-journal.ts';
import { registerAssociationRoutes } from './crm/associations.routes.ts';
import { registerBatchRoutes } from './crm/batch.routes.ts';
import { accountCurrencies } from './account-currencies.ts';
import { HubSpotAccounts } from './hubspot-accounts.ts';
import { registerHubSpotControl } from './hubspot-control.routes.ts';
import { HubSpotEvents } from './hubspot-events.ts';
import { hubSpotFaultAnswers, notFound } from './hubspot-refusals.ts';
import { registerAuthorizationPage } from './oauth/authorization-page.routes.ts';
import { registerTokenRoutes } from './oauth/tokens.routes.ts';
import { registerObjectRoutes } from './crm/objects.routes.ts';
import { registerOwnerRoutes } from './owners/owners.routes.ts';
import { callingPortal, requirePortal } from './portal-session.ts';
import { registerPropertyRoutes } from './properties/properties.routes.ts';
import { registerSearchRoutes } from './crm/search.routes.ts';

/** HubSpot gives the same API at its classic addresses and, since 2026, at dated ones. */
const editions = [
  { objects: '/crm/v3/objects', properties: '/crm/v3/properties', pipelines: '/crm/v3/pipelines' },
  { objects: '/crm/objects/2026-03', properties: '/crm/properties/2026-03', pipelines: '/crm/pipelines/2026-03' },
];

export class HubSpotSandbox implements VendorSandbox {
  readonly vendor = 'hubspot';
  readonly writes = new WriteJournal();
  readonly consent = new Consent();
  private readonly accounts = new HubSpotAccounts();
  readonly faults = new FaultInjection(hubSpotFaultAnswers, { accountOf: (request) => callingPortal(request, this.accounts) });
  private readonly events: HubSpotEvents;

  constructor(deliveries: WebhookDeliveries) {
    this.events = new HubSpotEvents(deliveries);
  }

  registerApi(scope: FastifyInstance): void {
    scope.setNotFoundHandler(async (_request, reply) => {
      const refusal = notFound();
      return await reply.code(refusal.status).send(refusal.body);
    });
    registerTokenRoutes(scope, this.accounts);
    registerAuthorizationPage(scope, this.accounts, this.consent);
    void scope.register(async (crm) => {
      const portalOf = requirePortal(crm, this.accounts);
      for (const edition of editions) {
        registerBatchRoutes(crm, edition.objects, portalOf, this.writes);
        registerSearchRoutes(crm, edition.objects, portalOf);
        registerObjectRoutes(crm, edition.objects, portalOf, this.writes);
        registerPropertyRoutes(crm, edition, portalOf);
      }
      registerAssociationRoutes(crm, portalOf);
      registerOwnerRoutes(crm, portalOf);
      crm.get('/account-info/v3/details', async (request) => ({
        portalId: portalOf(request).portalId,
        accountType: 'STANDARD',
        timeZone: 'US/Eastern',
        companyCurrency: accountCurrencies.company,
        additionalCurrencies: accountCurrencies.additional,
        utcOffset: '-04:00',
        utcOffsetMilliseconds: -14_400_000,
        uiDomain: 'app.hubspot.com',
        dataHostingLocation: 'na1',
      }));
    });
  }

  registerControl(scope: FastifyInstance): void {
    registerHubSpotControl(scope, this.accounts, this.events);
  }

  spoilTokens(kind: TokenFaultKind, account: string | undefined): boolean {
    const portalId = account === undefined ? undefined : Number(account);
    if (kind === 'expire-token') this.accounts.expireAccessTokens(portalId);
    else if (kind === 'revoke-token') this.accounts.revokeRefreshTokens(portalId);
    else this.accounts.codes.expireAll();
    return true;
  }

  clear(): void {
    this.accounts.clear();
    this.events.clear();
    this.writes.clear();
    this.faults.clear();
    this.consent.clear();
  }
}
