import { orderReceived } from '@crossdock/contracts';
import {
  isWooCommercePing, parseWooCommerceWebhook, verifyWooCommerceWebhook, woocommerceCredentials, type WooCommerceOrderChange,
} from '@crossdock/vendor-woocommerce';
import { requireSecrets } from '../../connections/previous-secret.ts';
import type { ConnectionWebhooks } from '../connection-webhook-source.ts';
import { webhookDelivery } from '../webhook-delivery.ts';

const { webhookSecret } = woocommerceCredentials;

/** A shop sends to an address that names its connection, signed with the connection's own secret. */
export const wooCommerceWebhooks: ConnectionWebhooks<WooCommerceOrderChange | undefined> = {
  vendor: 'woocommerce',
  secretFields: [webhookSecret],
  isPing: isWooCommercePing,
  verify: (webhook, secrets) => verifyWooCommerceWebhook({ ...webhook, secrets: requireSecrets(secrets, webhookSecret) }),
  parse: ({ headers, rawBody }) => parseWooCommerceWebhook(headers, rawBody),
  deliveries(order, { connection, webhook, publisher }) {
    if (!order) return [];
    const { change, externalId, dedupeId, payload } = order;
    return [webhookDelivery(publisher, connection, {
      kind: 'order', dedupeId, definition: orderReceived, subject: `woocommerce/${connection.id}/order/${externalId}`,
      data: { vendor: 'woocommerce', connectionId: connection.id, change, externalId, receivedAt: webhook.receivedAt.toISOString(), payload },
      body: webhook.rawBody,
    })];
  },
};
