import { createHash, createHmac } from 'node:crypto';
import { matchesAnySecret, refuseWebhook, type ReceivedValue, type WebhookHeaders, type WebhookVerdict } from '@crossdock/signed-webhook';
import { shippoLimits } from './shippo.limits.ts';

export interface ShippoWebhookRequest {
  readonly headers: WebhookHeaders;
  /** The `token` of the address's query. */
  readonly token: ReceivedValue;
  /** The bytes of the body as they came. */
  readonly rawBody: Uint8Array;
  readonly nowMs: number;
  /** Tokens that may stand in the registered address; while it is being changed the old and the new one. */
  readonly tokens: readonly string[];
  /** Secrets that Shippo signs with, where the account has signing: then a token alone is not enough. */
  readonly hmacSecrets: readonly string[];
}

type Refusal =
  | 'not_configured' | 'token_missing' | 'token_malformed' | 'token_mismatch'
  | 'signature_missing' | 'signature_malformed' | 'outside_window' | 'signature_mismatch';

const maxTokenLength = 200;

/**
 * Verifies a webhook by what the account is set up for: the header `Shippo-Auth-Signature: t=<unix s>,v1=<hex>`, an
 * HMAC-SHA256 over `<t>.<raw body>`, or else the token in the registered address.
 * Source: https://docs.goshippo.com/tracking/webhook-security
 */
export function verifyShippoWebhook(request: ShippoWebhookRequest): WebhookVerdict<Refusal> {
  if (request.hmacSecrets.length > 0) return verifySignature(request);
  return request.tokens.length > 0 ? verifyToken(request) : refuseWebhook('not_configured');
}

function verifySignature({ headers, rawBody, nowMs, hmacSecrets }: ShippoWebhookRequest): WebhookVerdict<Refusal> {
  const header = headers['shippo-auth-signature'];
  if (header === undefined || header === '') return refuseWebhook('signature_missing');
  const [, timestamp, signature] = typeof header === 'string' && header.length <= 200
    ? /^t=([0-9]{1,12}),\s?v1=([0-9a-f]{64})$/i.exec(header) ?? [] : [];
  if (timestamp === undefined || signature === undefined) return refuseWebhook('signature_malformed');
  if (Math.abs(nowMs - Number(timestamp) * 1_000) > shippoLimits.signatureWindowMs) return refuseWebhook('outside_window');
  const given = Buffer.from(signature, 'hex');
  const matches = matchesAnySecret(given, hmacSecrets, (secret) => createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest());
  return matches ? { valid: true } : refuseWebhook('signature_mismatch');
}

function verifyToken({ token, tokens }: ShippoWebhookRequest): WebhookVerdict<Refusal> {
  if (token === undefined || token === '') return refuseWebhook('token_missing');
  if (typeof token !== 'string' || token.length > maxTokenLength) return refuseWebhook('token_malformed');
  const matches = matchesAnySecret(digest(token), tokens.filter((expected) => expected !== ''), digest);
  return matches ? { valid: true } : refuseWebhook('token_mismatch');
}

/** Digests are of one length, so that comparing them tells nothing of the token's. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
