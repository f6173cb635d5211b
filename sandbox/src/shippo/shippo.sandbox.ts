import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Consent } from '../authorization/consent.ts';
import type { TokenFaultKind } from '../control/fault.schema.ts';
import { FaultInjection } from '../fault-injection.ts';
import type { VendorSandbox } from '../vendor-sandbox.ts';
import type { WebhookDeliveries } from '../webhooks/webhook-delivery.ts';
import { WriteJournal } from '../write-journal.ts';
import { registerCarrierAccountRoute } from './carrier-accounts.routes.ts';
import { registerOAuthRoutes } from './oauth.routes.ts';
import { registerShipmentRoutes } from './shipping/shipments.routes.ts';
import { ShippoAccounts, type ShippoAccount } from './shippo-accounts.ts';
import { registerShippoControl } from './shippo-control.routes.ts';
import { ShippoEvents } from './shippo-events.ts';
import { notFound, shippoFaultAnswers } from './shippo-refusals.ts';
import { registerManifestRoutes } from './shipping/manifests.routes.ts';
import { registerRefundRoutes } from './shipping/refunds.routes.ts';
import { registerTrackRoutes } from './tracking/tracks.routes.ts';
import { registerTransactionRoutes } from './shipping/transactions.routes.ts';
import { registerWebhookRoutes } from './webhooks.routes.ts';

export class ShippoSandbox implements VendorSandbox {
  readonly vendor = 'shippo';
  readonly faults = new FaultInjection(shippoFaultAnswers);
  readonly writes = new WriteJournal();
  readonly consent = new Consent();
  private readonly accounts = new ShippoAccounts();
  private readonly events: ShippoEvents;

  constructor(deliveries: WebhookDeliveries) {
    this.events = new ShippoEvents(deliveries);
  }

  registerApi(scope: FastifyInstance): void {
    const accountOf = (request: FastifyRequest): ShippoAccount =>
      this.accounts.authenticate(request.headers.authorization);
    scope.setNotFoundHandler(async (_request, reply) => {
      const refusal = notFound();
      return await reply.code(refusal.status).send(refusal.body);
    });
    registerOAuthRoutes(scope, this.accounts, this.consent);
    registerCarrierAccountRoute(scope, accountOf);
    registerShipmentRoutes(scope, accountOf, this.writes);
    registerTransactionRoutes(scope, accountOf, this.writes, this.events);
    registerManifestRoutes(scope, accountOf, this.writes);
    registerRefundRoutes(scope, accountOf, this.writes);
    registerTrackRoutes(scope, accountOf, this.writes);
    registerWebhookRoutes(scope, accountOf, this.writes);
  }

  registerControl(scope: FastifyInstance): void {
    registerShippoControl(scope, this.accounts, this.events);
  }

  /** Tokens can be taken back but do not expire. */
  spoilTokens(kind: TokenFaultKind, account: string | undefined): boolean {
    if (kind === 'revoke-token') this.accounts.revokeTokens(account);
    if (kind === 'expire-code') this.accounts.codes.expireAll();
    return kind !== 'expire-token';
  }

  clear(): void {
    this.accounts.clear();
    this.writes.clear();
    this.faults.clear();
    this.consent.clear();
  }
}
