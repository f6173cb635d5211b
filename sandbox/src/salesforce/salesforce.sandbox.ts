import type { FastifyInstance } from 'fastify';
import { FaultInjection } from '../fault-injection.ts';
import type { VendorSandbox } from '../vendor-sandbox.ts';
import { WriteJournal } from '../write-journal.ts';
import { registerCollectionRoutes } from './records/collections.routes.ts';
import { registerDiscoveryRoutes, registerVersionRoute } from './discovery.routes.ts';
import { registerOAuthRoutes } from './oauth.routes.ts';
import { requireOrg } from './org-session.ts';
import { Orgs } from './orgs.ts';
import { registerQueryRoutes } from './soql/query.routes.ts';
import { registerSalesforceControl } from './salesforce-control.routes.ts';
import { noSuchResource, salesforceFaultAnswers } from './salesforce-refusals.ts';
import { registerSObjectRoutes } from './records/sobjects.routes.ts';

export class SalesforceSandbox implements VendorSandbox {
  readonly vendor = 'salesforce';
  readonly faults = new FaultInjection(salesforceFaultAnswers);
  readonly writes = new WriteJournal();
  private readonly orgs = new Orgs();

  registerApi(scope: FastifyInstance): void {
    scope.setNotFoundHandler(async (_request, reply) => {
      const refusal = noSuchResource();
      return await reply.code(refusal.status).send(refusal.body);
    });
    registerOAuthRoutes(scope, this.orgs);
    registerVersionRoute(scope);
    void scope.register(async (api) => {
      const orgOf = requireOrg(api, this.orgs);
      registerDiscoveryRoutes(api, orgOf);
      registerSObjectRoutes(api, orgOf, this.writes);
      registerCollectionRoutes(api, orgOf, this.writes);
      registerQueryRoutes(api, orgOf);
    });
  }

  registerControl(scope: FastifyInstance): void {
    registerSalesforceControl(scope, this.orgs);
  }

  spoilTokens(kind: 'revoke-token' | 'expire-token', account: string | undefined): boolean {
    this.orgs.endSessions(account);
    if (kind === 'revoke-token') this.orgs.revokeRefreshTokens(account);
    return true;
  }

  clear(): void {
    this.orgs.clear();
    this.writes.clear();
    this.faults.clear();
  }
}
