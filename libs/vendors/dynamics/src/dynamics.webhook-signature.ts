import { matchesAnySecret, refuseWebhook, type ReceivedValue, type WebhookHeaders, type WebhookVerdict } from '@crossdock/signed-webhook';

export interface DynamicsWebhookRequest {
  readonly headers: WebhookHeaders;
  /** The query parameter `code`, where the endpoint was registered with a webhook key. */
  readonly code: ReceivedValue;
  /** Keys that the endpoint was registered with; while one is changed the old and the new one. */
  readonly keys: readonly string[];
}

type Refusal = 'key_missing' | 'key_malformed' | 'key_mismatch';

/** The header that an endpoint is registered with, if it is registered with a header. */
export const dynamicsKeyHeader = 'x-crossdock-key';
const maxKeyLength = 512;

/**
 * Verifies a webhook of Dataverse. Nothing is signed: it shows the key that its endpoint was registered with, in a header
 * or as `code` in the address, so that the body is believed only as far as to read the row anew.
 * Source: https://learn.microsoft.com/power-apps/developer/data-platform/register-web-hook
 */
export function verifyDynamicsWebhook({ headers, code, keys }: DynamicsWebhookRequest): WebhookVerdict<Refusal> {
  const given = headers[dynamicsKeyHeader] ?? code;
  if (given === undefined || given === '') return refuseWebhook('key_missing');
  if (typeof given !== 'string' || given.length > maxKeyLength) return refuseWebhook('key_malformed');
  return matchesAnySecret(Buffer.from(given), keys, (key) => Buffer.from(key)) ? { valid: true } : refuseWebhook('key_mismatch');
}
