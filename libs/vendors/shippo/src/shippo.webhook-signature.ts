import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { shippoLimits } from './shippo.limits.ts';

/** Header and query values as Node gives them; one that came twice is joined by a comma or given as a list. */
type Received = string | readonly string[] | undefined;

export interface ShippoWebhookRequest {
  readonly headers: Readonly<Record<string, Received>>;
  /** The `token` of the address's query. */
  readonly token: Received;
  /** The bytes of the body as they came. */
  readonly rawBody: Uint8Array;
  readonly nowMs: number;
  /** Tokens that may stand in the registered address; while it is being changed the old and the new one. */
  readonly tokens: readonly string[];
  /** Secrets that Shippo signs with, where the account has signing: then a token alone is not enough. */
  readonly hmacSecrets: readonly string[];
}

export type WebhookRefusal =
  | 'not_configured' | 'token_missing' | 'token_malformed' | 'token_mismatch'
  | 'signature_missing' | 'signature_malformed' | 'outside_window' | 'signature_mismatch';
export type WebhookVerdict = { readonly valid: true } | { readonly valid: false; readonly reason: WebhookRefusal };

const maxTokenLength = 200;

/**
 * Verifies a webhook by what the account is set up for: the header `Shippo-Auth-Signature: t=<unix s>,v1=<hex>`, an
 * HMAC-SHA256 over `<t>.<raw body>`, or else the token in the registered address.
 * Source: https://docs.goshippo.com/tracking/webhook-security
 */
export function verifyShippoWebhook(request: ShippoWebhookRequest): WebhookVerdict {
  if (request.hmacSecrets.length > 0) return verifySignature(request);
  return request.tokens.length > 0 ? verifyToken(request) : refuse('not_configured');
}

function verifySignature({ headers, rawBody, nowMs, hmacSecrets }: ShippoWebhookRequest): WebhookVerdict {
  const header = headers['shippo-auth-signature'];
  if (header === undefined || header === '') return refuse('signature_missing');
  const [, timestamp, signature] = typeof header === 'string' && header.length <= 200
    ? /^t=([0-9]{1,12}),\s?v1=([0-9a-f]{64})$/i.exec(header) ?? [] : [];
  if (timestamp === undefined || signature === undefined) return refuse('signature_malformed');
  if (Math.abs(nowMs - Number(timestamp) * 1_000) > shippoLimits.signatureWindowMs) return refuse('outside_window');
  const given = Buffer.from(signature, 'hex');
  // Every secret is tried, so that the time taken does not tell which one fits.
  const matches = hmacSecrets.filter((secret) =>
    timingSafeEqual(given, createHmac('sha256', secret).update(`${timestamp}.`).update(rawBody).digest()));
  return matches.length > 0 ? { valid: true } : refuse('signature_mismatch');
}

function verifyToken({ token, tokens }: ShippoWebhookRequest): WebhookVerdict {
  if (token === undefined || token === '') return refuse('token_missing');
  if (typeof token !== 'string' || token.length > maxTokenLength) return refuse('token_malformed');
  const given = digest(token);
  const matches = tokens.filter((expected) => expected !== '' && timingSafeEqual(given, digest(expected)));
  return matches.length > 0 ? { valid: true } : refuse('token_mismatch');
}

/** Digests are of one length, so that comparing them tells nothing of the token's. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function refuse(reason: WebhookRefusal): WebhookVerdict {
  return { valid: false, reason };
}
