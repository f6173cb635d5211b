import type { FastifyInstance } from 'fastify';
import { Consent } from '../authorization/consent.ts';
import type { TokenFaultKind } from '../control/fault.schema.ts';
import { FaultInjection } from '../fault-injection.ts';
import type { VendorSandbox } from '../vendor-sandbox.ts';
import type { WebhookDeliveries } from '../webhooks/webhook-delivery.ts';
import { WriteJournal } from '../write-journal.ts';
import { requireCaller } from './company-session.ts';
import { registerCurrencyRoutes } from './currency.routes.ts';
import { registerOAuthRoutes } from './oauth.routes.ts';
import { PipedriveCompanies } from './pipedrive-companies.ts';
import { registerPipedriveControl } from './pipedrive-control.routes.ts';
import { noSuchAddress, pipedriveFaultAnswers } from './pipedrive-refusals.ts';
import { registerDealRoutes } from './records/deals.routes.ts';
import { registerOrganizationRoutes } from './records/organizations.routes.ts';
import { registerParticipantRoutes } from './records/participants.routes.ts';
import { registerPersonRoutes } from './records/persons.routes.ts';
import { registerRecentsRoutes } from './records/recents.routes.ts';
import { registerRecordFieldRoutes } from './records/record-fields.routes.ts';
import { registerSearchRoutes } from './records/search.routes.ts';
import { registerUserRoutes } from './user.routes.ts';
import { PipedriveEvents } from './webhooks/pipedrive-events.ts';
import { registerWebhookRoutes } from './webhooks/webhooks.routes.ts';

export class PipedriveSandbox implements VendorSandbox {
  readonly vendor = 'pipedrive';
  readonly faults = new FaultInjection(pipedriveFaultAnswers);
  readonly writes = new WriteJournal();
  readonly consent = new Consent();
  private readonly companies: PipedriveCompanies;

  constructor(deliveries: WebhookDeliveries, clockFactor: number) {
    const events = new PipedriveEvents(deliveries, clockFactor);
    this.companies = new PipedriveCompanies((company, change) => {
      events.tell(company, change);
    });
  }

  registerApi(scope: FastifyInstance): void {
    scope.setNotFoundHandler(async (_request, reply) => {
      const refusal = noSuchAddress();
      return await reply.code(refusal.status).send(refusal.body);
    });
    registerOAuthRoutes(scope, this.companies, this.consent);
    void scope.register(async (api) => {
      const callerOf = requireCaller(api, this.companies);
      registerUserRoutes(api, callerOf);
      registerCurrencyRoutes(api, callerOf);
      registerSearchRoutes(api, callerOf);
      registerRecentsRoutes(api, callerOf);
      registerPersonRoutes(api, callerOf, this.writes);
      registerOrganizationRoutes(api, callerOf, this.writes);
      registerDealRoutes(api, callerOf, this.writes);
      registerParticipantRoutes(api, callerOf);
      registerRecordFieldRoutes(api, callerOf);
      registerWebhookRoutes(api, callerOf);
    });
  }

  registerControl(scope: FastifyInstance): void {
    registerPipedriveControl(scope, this.companies);
  }

  /** A revoked company has lost its app whole, and with it the access tokens. */
  spoilTokens(kind: TokenFaultKind, account: string | undefined): boolean {
    if (kind === 'expire-token') this.companies.tokens.expireAccessTokens(account);
    else if (kind === 'revoke-token') this.companies.tokens.revokeRefreshTokens(account);
    else this.companies.tokens.expireCodes();
    return true;
  }

  clear(): void {
    this.companies.clear();
    this.writes.clear();
    this.faults.clear();
    this.consent.clear();
  }
}
