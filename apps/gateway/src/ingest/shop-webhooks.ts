import { orderReceived, type ShopVendor } from '@crossdock/contracts';
import type { OrderNotice, OrderWebhooks } from '@crossdock/order-source';
import { requireSecrets } from '../connections/previous-secret.ts';
import type { ConnectionWebhooks } from './connection-webhook-source.ts';
import { webhookDelivery } from './webhook-delivery.ts';

/** A shop sends to an address that names its connection, signed with the connection's own secret. */
export function shopWebhooks(vendor: ShopVendor, own: OrderWebhooks): ConnectionWebhooks<OrderNotice | undefined> {
  return {
    vendor,
    secretFields: [own.secretField],
    isPing: (webhook) => own.isPing(webhook),
    verify: (webhook, secrets) => own.verify(webhook, requireSecrets(secrets, own.secretField)),
    parse: (webhook) => own.parse(webhook),
    deliveries(order, { connection, webhook, publisher }) {
      if (!order) return [];
      const { change, externalId, dedupeId, payload } = order;
      return [webhookDelivery(publisher, connection, {
        kind: 'order', dedupeId, definition: orderReceived, subject: `${vendor}/${connection.id}/order/${externalId}`,
        data: { vendor, connectionId: connection.id, change, externalId, receivedAt: webhook.receivedAt.toISOString(), payload },
        body: webhook.rawBody,
      })];
    },
  };
}
