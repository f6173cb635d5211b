import type { FastifyInstance } from 'fastify';
import { Consent } from '../authorization/consent.ts';
import type { TokenFaultKind } from '../control/fault.schema.ts';
import { FaultInjection } from '../fault-injection.ts';
import type { VendorSandbox } from '../vendor-sandbox.ts';
import { WriteJournal } from '../write-journal.ts';
import { registerBulkQueryRoutes } from './bulk/bulk-query.routes.ts';
import { registerIngestRoutes } from './bulk/ingest.routes.ts';
import { registerCompositeRoute } from './composite.routes.ts';
import { registerCollectionRoutes } from './records/collections.routes.ts';
import { registerDiscoveryRoutes, registerVersionRoute } from './discovery.routes.ts';
import { registerAuthorizationPage } from './login/authorization-page.routes.ts';
import { Grants } from './login/grants.ts';
import { registerIdentityRoutes } from './login/identity.routes.ts';
import { loginServers } from './login/login-servers.ts';
import { registerTokenRoutes } from './login/tokens.routes.ts';
import { registerMetadataRoutes } from './metadata/metadata.routes.ts';
import { requireOrg } from './org-session.ts';
import { Orgs } from './orgs.ts';
import { registerQueryRoutes } from './soql/query.routes.ts';
import { registerSalesforceControl } from './salesforce-control.routes.ts';
import { noSuchResource, salesforceFaultAnswers } from './salesforce-refusals.ts';
import { registerSObjectRoutes } from './records/sobjects.routes.ts';
import { CometdClients } from './streaming/cometd-clients.ts';
import { registerCometdRoutes } from './streaming/cometd.routes.ts';

export class SalesforceSandbox implements VendorSandbox {
  readonly vendor = 'salesforce';
  /** Who listens all the time would take up every fault that is meant for the next call. */
  readonly faults = new FaultInjection(salesforceFaultAnswers, { onlyByName: /\/cometd\// });
  readonly writes = new WriteJournal();
  readonly consent = new Consent();
  private readonly orgs = new Orgs();
  private readonly grants = new Grants();
  private readonly clients = new CometdClients();

  registerApi(scope: FastifyInstance): void {
    scope.setNotFoundHandler(async (_request, reply) => {
      const refusal = noSuchResource();
      return await reply.code(refusal.status).send(refusal.body);
    });
    for (const server of loginServers) {
      void scope.register(async (login) => {
        registerAuthorizationPage(login, this.orgs, this.grants, this.consent, server);
        registerTokenRoutes(login, this.grants, server);
        registerIdentityRoutes(login, this.grants, server);
      }, { prefix: server.prefix });
    }
    for (const prefix of ['', '/domains/:domain']) {
      void scope.register(async (api) => {
        registerVersionRoute(api);
        registerCometdRoutes(api, this.grants, this.clients);
        void api.register(async (inside) => {
          const orgOf = requireOrg(inside, this.grants);
          registerDiscoveryRoutes(inside, orgOf);
          registerMetadataRoutes(inside, orgOf);
          registerSObjectRoutes(inside, orgOf, this.writes);
          registerCollectionRoutes(inside, orgOf, this.writes);
          registerQueryRoutes(inside, orgOf);
          registerBulkQueryRoutes(inside, orgOf);
          registerIngestRoutes(inside, orgOf, this.writes);
          registerCompositeRoute(inside);
        });
      }, { prefix });
    }
  }

  registerControl(scope: FastifyInstance): void {
    registerSalesforceControl(scope, this.orgs, this.grants, this.clients);
  }

  spoilTokens(kind: TokenFaultKind, account: string | undefined): boolean {
    if (kind === 'expire-code') this.grants.codes.expireAll();
    else this.grants.endSessions(account);
    if (kind === 'revoke-token') this.grants.revokeRefreshTokens(account);
    this.clients.wakeAll();
    return true;
  }

  clear(): void {
    this.clients.clear();
    this.orgs.clear();
    this.grants.clear();
    this.consent.clear();
    this.writes.clear();
    this.faults.clear();
  }
}
