import { dynamicsCredentials, parseDynamicsWebhook, verifyDynamicsWebhook, type DynamicsTouch } from '@crossdock/vendor-dynamics';
import { requireSecrets } from '../../connections/previous-secret.ts';
import type { ConnectionWebhooks } from '../connection-webhook-source.ts';
import { touchDelivery } from '../webhook-delivery.ts';
import type { IncomingWebhook } from '../webhook-source.ts';

const { webhookSecret } = dynamicsCredentials;

/** Dynamics sends to an address that names the connection, with a key of that connection's own in a header or in the address. */
export const dynamicsWebhooks: ConnectionWebhooks<DynamicsTouch[]> = {
  vendor: 'dynamics',
  secretFields: [webhookSecret],
  verify: (webhook, secrets) => verifyDynamicsWebhook({ headers: webhook.headers, code: codeOf(webhook), keys: requireSecrets(secrets, webhookSecret) }),
  parse: ({ rawBody }) => parseDynamicsWebhook(rawBody),
  deliveries: (touches, { connection, publisher }) => touches
    // Another environment's key is not this one's.
    .filter((touch) => touch.organizationId === connection.accountId)
    .map((touch) => touchDelivery(publisher, 'dynamics', connection, touch)),
};

function codeOf({ query }: IncomingWebhook): string | undefined {
  const code = query['code'];
  return typeof code === 'string' ? code : undefined;
}
