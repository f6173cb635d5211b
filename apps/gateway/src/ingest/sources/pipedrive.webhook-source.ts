import { parsePipedriveWebhook, pipedriveCredentials, verifyPipedriveWebhook, type PipedriveTouch } from '@crossdock/vendor-pipedrive';
import { requireSecrets } from '../../connections/previous-secret.ts';
import type { ConnectionWebhooks } from '../connection-webhook-source.ts';
import { touchDelivery } from '../webhook-delivery.ts';

const { webhookSecret } = pipedriveCredentials;

/** Pipedrive sends to an address that names the connection, with a password of that connection's own. */
export const pipedriveWebhooks: ConnectionWebhooks<PipedriveTouch[]> = {
  vendor: 'pipedrive',
  secretFields: [webhookSecret],
  verify: ({ headers }, secrets) => verifyPipedriveWebhook({ headers, passwords: requireSecrets(secrets, webhookSecret) }),
  parse: ({ rawBody }) => parsePipedriveWebhook(rawBody),
  deliveries: (touches, { connection, publisher }) =>
    touches.map((touch) => touchDelivery(publisher, 'pipedrive', connection, touch)),
};
