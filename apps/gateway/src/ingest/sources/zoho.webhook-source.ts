import { parseZohoWebhook, verifyZohoWebhook, withoutZohoToken, zohoCredentials, type ZohoTouch } from '@crossdock/vendor-zoho';
import { verifyingSecrets } from '../../connections/previous-secret.ts';
import type { ConnectionWebhooks } from '../connection-webhook-source.ts';
import { touchDelivery } from '../webhook-delivery.ts';

const { webhookSecret } = zohoCredentials;

/** Zoho sends to an address that names the connection, with the token of the connection's channel in the body; before there is a channel there is no token. */
export const zohoWebhooks: ConnectionWebhooks<ZohoTouch[]> = {
  vendor: 'zoho',
  secretFields: [webhookSecret],
  verify: ({ rawBody }, secrets) => verifyZohoWebhook({ rawBody, tokens: verifyingSecrets(secrets, webhookSecret) }),
  withoutSecret: withoutZohoToken,
  parse: ({ rawBody }) => parseZohoWebhook(rawBody),
  deliveries: (touches, { connection, publisher }) =>
    touches.map((touch) => touchDelivery(publisher, 'zoho', connection, touch)),
};
