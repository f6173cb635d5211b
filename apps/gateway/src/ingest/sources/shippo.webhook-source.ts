import { trackingReceived } from '@crossdock/contracts';
import { parseShippoWebhook, shippoCredentials, verifyShippoWebhook, type ShippoTrackingReport } from '@crossdock/vendor-shippo';
import { verifyingSecrets } from '../../connections/previous-secret.ts';
import type { ConnectionWebhooks } from '../connection-webhook-source.ts';
import { webhookDelivery } from '../webhook-delivery.ts';

const { webhookToken, webhookSecret } = shippoCredentials;

/** Shippo sends to an address that names the connection and holds its token, and signs where the account has signing. */
export const shippoWebhooks: ConnectionWebhooks<ShippoTrackingReport | undefined> = {
  vendor: 'shippo',
  secretFields: [webhookToken, webhookSecret],
  verify({ headers, query, rawBody, receivedAt }, secrets) {
    const given = query['token'];
    return verifyShippoWebhook({
      headers,
      token: typeof given === 'string' ? given : undefined,
      rawBody,
      nowMs: receivedAt.getTime(),
      tokens: verifyingSecrets(secrets, webhookToken),
      hmacSecrets: verifyingSecrets(secrets, webhookSecret),
    });
  },
  parse: ({ rawBody }) => parseShippoWebhook(rawBody),
  deliveries(report, { connection, webhook, publisher }) {
    if (!report) return [];
    const { tracking, test, dedupeId } = report;
    return [webhookDelivery(publisher, connection, {
      kind: 'tracking', dedupeId, definition: trackingReceived, subject: `shippo/${tracking.carrier}/${tracking.trackingNumber}`,
      data: { connectionId: connection.id, tracking, test }, body: webhook.rawBody,
    })];
  },
};
