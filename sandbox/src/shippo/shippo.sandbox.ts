import type { FastifyInstance, FastifyRequest } from 'fastify';
import { FaultInjection } from '../fault-injection.ts';
import type { VendorSandbox } from '../vendor-sandbox.ts';
import type { WebhookDeliveries } from '../webhooks/webhook-delivery.ts';
import { WriteJournal } from '../write-journal.ts';
import { registerShipmentRoutes } from './shipping/shipments.routes.ts';
import { ShippoAccounts, type ShippoAccount } from './shippo-accounts.ts';
import { registerShippoControl } from './shippo-control.routes.ts';
import { ShippoEvents } from './shippo-events.ts';
import { notFound, shippoFaultAnswers } from './shippo-refusals.ts';
import { registerTrackRoutes } from './tracking/tracks.routes.ts';
import { registerTransactionRoutes } from './shipping/transactions.routes.ts';
import { registerWebhookRoutes } from './webhooks.routes.ts';

export class ShippoSandbox implements VendorSandbox {
  readonly vendor = 'shippo';
  readonly faults = new FaultInjection(shippoFaultAnswers);
  readonly writes = new WriteJournal();
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
    registerShipmentRoutes(scope, accountOf, this.writes);
    registerTransactionRoutes(scope, accountOf, this.writes, this.events);
    registerTrackRoutes(scope, accountOf, this.writes);
    registerWebhookRoutes(scope, accountOf, this.writes);
  }

  registerControl(scope: FastifyInstance): void {
    registerShippoControl(scope, this.accounts, this.events);
  }

  /** API tokens can be taken back but do not expire. */
  spoilTokens(kind: 'revoke-token' | 'expire-token', account: string | undefined): boolean {
    if (kind === 'expire-token') return false;
    this.accounts.revokeTokens(account);
    return true;
  }

  clear(): void {
    this.accounts.clear();
    this.writes.clear();
    this.faults.clear();
  }
}
