import type { FastifyInstance } from 'fastify';
import { Consent } from '../authorization/consent.ts';
import type { TokenFaultKind } from '../control/fault.schema.ts';
import { FaultInjection } from '../fault-injection.ts';
import type { VendorSandbox } from '../vendor-sandbox.ts';
import type { WebhookDeliveries } from '../webhooks/webhook-delivery.ts';
import { WriteJournal } from '../write-journal.ts';
import { registerAccountsRoutes } from './accounts/accounts.routes.ts';
import { registerAuthorizationPage } from './accounts/authorization-page.routes.ts';
import { ZohoGrants } from './accounts/zoho-grants.ts';
import { registerBulkReadRoutes } from './bulk/bulk-read.routes.ts';
import { registerBulkWriteRoutes } from './bulk/bulk-write.routes.ts';
import { registerNotificationRoutes } from './notifications/notifications.routes.ts';
import { ZohoEvents } from './notifications/zoho-events.ts';
import { requireOrg } from './org-session.ts';
import { registerContactRoleRoutes } from './records/contact-roles.routes.ts';
import { registerCoqlRoute } from './records/coql.routes.ts';
import { registerRecordListRoutes } from './records/record-list.routes.ts';
import { registerRecordRoutes } from './records/records.routes.ts';
import { registerSettingsRoutes } from './settings/settings.routes.ts';
import { registerZohoControl } from './zoho-control.routes.ts';
import { ZohoOrgs } from './zoho-orgs.ts';
import { invalidUrl, zohoFaultAnswers } from './zoho-refusals.ts';

export class ZohoSandbox implements VendorSandbox {
  readonly vendor = 'zoho';
  readonly faults = new FaultInjection(zohoFaultAnswers);
  readonly writes = new WriteJournal();
  readonly consent = new Consent();
  private readonly orgs = new ZohoOrgs();
  private readonly grants = new ZohoGrants();
  private readonly events: ZohoEvents;

  constructor(deliveries: WebhookDeliveries) {
    this.events = new ZohoEvents(deliveries);
  }

  registerApi(scope: FastifyInstance): void {
    scope.setNotFoundHandler(async (_request, reply) => {
      const refusal = invalidUrl();
      return await reply.code(refusal.status).send(refusal.body);
    });
    registerAuthorizationPage(scope, this.orgs, this.grants, this.consent);
    registerAccountsRoutes(scope, this.orgs, this.grants);
    void scope.register(
      async (api) => {
        const orgOf = requireOrg(api, this.grants);
        registerSettingsRoutes(api, orgOf);
        registerNotificationRoutes(api, orgOf);
        registerCoqlRoute(api, orgOf);
        registerBulkReadRoutes(api, orgOf);
        registerBulkWriteRoutes(api, orgOf, this.writes);
        registerContactRoleRoutes(api, orgOf);
        registerRecordListRoutes(api, orgOf);
        registerRecordRoutes(api, orgOf, this.writes);
      },
      { prefix: '/apis/:location' },
    );
  }

  registerControl(scope: FastifyInstance): void {
    registerZohoControl(scope, this.orgs, this.grants, this.events);
  }

  spoilTokens(kind: TokenFaultKind, account: string | undefined): boolean {
    if (kind === 'expire-code') this.grants.codes.expireAll();
    else if (kind === 'expire-token') this.grants.expireAccessTokens(account);
    else this.grants.revokeRefreshTokens(account);
    return true;
  }

  clear(): void {
    this.orgs.clear();
    this.grants.clear();
    this.consent.clear();
    this.writes.clear();
    this.faults.clear();
  }
}
