import type { FastifyInstance } from 'fastify';
import { Consent } from '../authorization/consent.ts';
import type { TokenFaultKind } from '../control/fault.schema.ts';
import { FaultInjection } from '../fault-injection.ts';
import type { VendorSandbox } from '../vendor-sandbox.ts';
import type { WebhookDeliveries } from '../webhooks/webhook-delivery.ts';
import { WriteJournal } from '../write-journal.ts';
import { registerBatchRoute } from './batch.routes.ts';
import { registerDynamicsControl } from './dynamics-control.routes.ts';
import { DynamicsEvents } from './dynamics-events.ts';
import { dynamicsFaultAnswers, noSuchResource } from './dynamics-refusals.ts';
import { registerEntraRoutes } from './entra/oauth.routes.ts';
import { requireEnvironment } from './environment-session.ts';
import { Environments } from './environments.ts';
import { registerActionRoutes } from './rows/actions.routes.ts';
import { registerMetadataRoutes } from './rows/metadata.routes.ts';
import { registerRowRoutes } from './rows/row.routes.ts';

/** Dataverse below an address of each environment, and Microsoft Entra beside it. */
export class DynamicsSandbox implements VendorSandbox {
  readonly vendor = 'dynamics';
  readonly faults = new FaultInjection(dynamicsFaultAnswers);
  readonly writes = new WriteJournal();
  readonly consent = new Consent();
  private readonly environments: Environments;

  constructor(deliveries: WebhookDeliveries) {
    const events = new DynamicsEvents(deliveries);
    this.environments = new Environments((environment, change) => {
      events.tell(environment, change);
    });
  }

  registerApi(scope: FastifyInstance): void {
    scope.setNotFoundHandler(async (request, reply) => {
      const refusal = noSuchResource(request.url.split('?')[0]?.split('/').at(-1) ?? '');
      return await reply.code(refusal.status).headers(refusal.headers).send(refusal.body);
    });
    registerEntraRoutes(scope, this.environments, this.consent);
    // A token is for one environment; the first part of the address only stands for its host.
    for (const prefix of ['', '/:environment']) {
      void scope.register(async (api) => {
        const environmentOf = requireEnvironment(api, this.environments);
        registerActionRoutes(api, environmentOf, this.writes);
        registerMetadataRoutes(api, environmentOf);
        registerBatchRoute(api, environmentOf);
        registerRowRoutes(api, environmentOf, this.writes);
      }, { prefix });
    }
  }

  registerControl(scope: FastifyInstance): void {
    registerDynamicsControl(scope, this.environments);
  }

  spoilTokens(kind: TokenFaultKind, account: string | undefined): boolean {
    if (kind === 'expire-token') this.environments.tokens.expireAccessTokens(account);
    else if (kind === 'revoke-token') this.environments.tokens.revokeRefreshTokens(account);
    else this.environments.tokens.expireCodes();
    return true;
  }

  clear(): void {
    this.environments.clear();
    this.writes.clear();
    this.faults.clear();
    this.consent.clear();
  }
}
