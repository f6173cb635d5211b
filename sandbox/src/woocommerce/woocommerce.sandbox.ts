import type { FastifyInstance } from 'fastify';
import { Consent } from '../authorization/consent.ts';
import type { TokenFaultKind } from '../control/fault.schema.ts';
import { FaultInjection } from '../fault-injection.ts';
import type { VendorSandbox } from '../vendor-sandbox.ts';
import type { WebhookDeliveries } from '../webhooks/webhook-delivery.ts';
import { WriteJournal } from '../write-journal.ts';
import { registerKeyApproval } from './key-approval.routes.ts';
import { registerOrderRoutes } from './orders/orders.routes.ts';
import { phpJson } from './php-json.ts';
import { ShopEvents } from './shop-events.ts';
import { shopSession } from './shop-session.ts';
import { Shops } from './shops.ts';
import { registerShopWebhookRoutes } from './webhooks.routes.ts';
import { registerWooCommerceControl } from './woocommerce-control.routes.ts';
import { noRoute, wooCommerceFaultAnswers } from './woocommerce-refusals.ts';

export class WooCommerceSandbox implements VendorSandbox {
  readonly vendor = 'woocommerce';
  readonly faults = new FaultInjection(wooCommerceFaultAnswers);
  readonly writes = new WriteJournal();
  readonly consent = new Consent();
  private readonly shops = new Shops();
  private readonly events: ShopEvents;

  constructor(deliveries: WebhookDeliveries) {
    this.events = new ShopEvents(deliveries);
  }

  registerApi(scope: FastifyInstance): void {
    scope.setReplySerializer((payload) => phpJson(payload));
    scope.setNotFoundHandler(async (_request, reply) => {
      const refusal = noRoute();
      return await reply.code(refusal.status).send(refusal.body);
    });
    registerKeyApproval(scope, this.shops, this.consent);
    void scope.register(
      async (api) => {
        const shopOf = shopSession(this.shops);
        registerOrderRoutes(api, shopOf, this.writes, this.events);
        registerShopWebhookRoutes(api, shopOf, this.writes, this.events);
      },
      { prefix: '/:shop/wp-json/wc/v3' },
    );
  }

  registerControl(scope: FastifyInstance): void {
    registerWooCommerceControl(scope, this.shops, this.events);
  }

  /** REST keys can be revoked but do not expire. */
  spoilTokens(kind: TokenFaultKind, account: string | undefined): boolean {
    if (kind !== 'revoke-token') return false;
    for (const [name, shop] of this.shops.byName) {
      if (account === undefined || name === account) shop.keys.clear();
    }
    return true;
  }

  clear(): void {
    this.shops.byName.clear();
    this.writes.clear();
    this.faults.clear();
    this.consent.clear();
  }
}
