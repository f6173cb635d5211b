import { matchesAnySecret, refuseWebhook, type WebhookHeaders, type WebhookVerdict } from '@crossdock/signed-webhook';

export interface PipedriveWebhookRequest {
  readonly headers: WebhookHeaders;
  /** Passwords that the webhook was made with; while one is changed the old and the new one. */
  readonly passwords: readonly string[];
}

type Refusal = 'credentials_missing' | 'credentials_malformed' | 'credentials_mismatch';

/** The user name that webhooks are made with. */
export const pipedriveWebhookUser = 'crossdock';

/**
 * Verifies a webhook of Pipedrive. Nothing is signed: whoever sends it shows by HTTP Basic the user and password that the
 * webhook was made with, so that the body is believed only as far as to read the record anew.
 * Source: https://pipedrive.readme.io/docs/guide-for-webhooks-v2
 */
export function verifyPipedriveWebhook({ headers, passwords }: PipedriveWebhookRequest): WebhookVerdict<Refusal> {
  const header = headers['authorization'];
  if (header === undefined) return refuseWebhook('credentials_missing');
  const encoded = typeof header === 'string' ? /^Basic ([A-Za-z0-9+/]{1,2048}={0,2})$/i.exec(header)?.[1] : undefined;
  if (encoded === undefined) return refuseWebhook('credentials_malformed');
  const matches = matchesAnySecret(Buffer.from(encoded, 'base64'), passwords, (password) => Buffer.from(`${pipedriveWebhookUser}:${password}`));
  return matches ? { valid: true } : refuseWebhook('credentials_mismatch');
}
