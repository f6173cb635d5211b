import { createHmac } from 'node:crypto';
import { matchesAnySecret, refuseWebhook, type WebhookHeaders, type WebhookVerdict } from '@crossdock/signed-webhook';

export interface WooCommerceWebhookRequest {
  readonly headers: WebhookHeaders;
  /** The bytes as they came: the shop escapes slashes and letters, so a body written again does not verify. */
  readonly rawBody: Uint8Array;
  /** The webhook's secret; while it is being changed the old and the new one. */
  readonly secrets: readonly string[];
}

type Refusal = 'signature_missing' | 'signature_malformed' | 'signature_mismatch';

/**
 * Verifies the base64 HMAC-SHA256 over the raw body. There is no timestamp in it, so a repeat verifies for ever: the
 * dedupe id stands against replay.
 * Source: `generate_signature()` in includes/class-wc-webhook.php of woocommerce/woocommerce.
 */
export function verifyWooCommerceWebhook({ headers, rawBody, secrets }: WooCommerceWebhookRequest): WebhookVerdict<Refusal> {
  const signature = headers['x-wc-webhook-signature'];
  if (signature === undefined || signature === '') return refuseWebhook('signature_missing');
  // 32 bytes in base64; a header that came twice holds a comma or is a list.
  if (typeof signature !== 'string' || !/^[A-Za-z0-9+/]{43}=$/.test(signature)) return refuseWebhook('signature_malformed');
  const given = Buffer.from(signature, 'ascii');
  const matches = matchesAnySecret(given, secrets, (secret) => expectedSignature(secret, rawBody));
  return matches ? { valid: true } : refuseWebhook('signature_mismatch');
}

/**
 * Whether this is the ping that a shop sends when a webhook is made or its address changed: a form with the webhook's
 * number, unsigned. It must be answered with exactly 200 and means nothing else.
 */
export function isWooCommercePing({ headers, rawBody }: Pick<WooCommerceWebhookRequest, 'headers' | 'rawBody'>): boolean {
  const contentType = headers['content-type'];
  return headers['x-wc-webhook-signature'] === undefined
    && typeof contentType === 'string' && /^application\/x-www-form-urlencoded\b/i.test(contentType)
    && rawBody.length <= 64 && /^webhook_id=[0-9]+$/.test(Buffer.from(rawBody).toString('latin1'));
}

function expectedSignature(secret: string, rawBody: Uint8Array): Buffer {
  return Buffer.from(createHmac('sha256', decodeSpecialCharacters(secret)).update(rawBody).digest('base64'), 'ascii');
}

const specialCharacters: readonly (readonly [RegExp, string])[] = [
  [/&(?:lt|#0*60);/g, '<'], [/&(?:gt|#0*62);/g, '>'], [/&(?:quot|#0*34|#[xX]0*22);/g, '"'], [/&(?:#0*39|#[xX]0*27);/g, "'"],
  // Last, so that what it uncovers is not decoded a second time.
  [/&(?:amp|#0*38|#[xX]0*26);/g, '&'],
];

/** The shop signs with its secret after WordPress' `wp_specialchars_decode(…, ENT_QUOTES)`; most secrets have none. */
function decodeSpecialCharacters(secret: string): string {
  return specialCharacters.reduce((text, [entity, character]) => text.replace(entity, character), secret);
}
