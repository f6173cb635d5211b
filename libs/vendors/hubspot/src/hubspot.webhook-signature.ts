import { createHmac } from 'node:crypto';
import { matchesAnySecret, refuseWebhook, type WebhookHeaders, type WebhookVerdict } from '@crossdock/signed-webhook';

export interface HubSpotWebhookRequest {
  readonly method: string;
  /** The full address as HubSpot called it, from `https://` to the end of the query. */
  readonly uri: string;
  readonly headers: WebhookHeaders;
  /** The bytes of the body as they came; a body that was parsed and written again does not verify. */
  readonly rawBody: Uint8Array;
  readonly nowMs: number;
  /** Client secrets of the app; while a secret is rotated the old and the new one. */
  readonly secrets: readonly string[];
}

type Refusal =
  | 'signature_missing' | 'signature_malformed' | 'timestamp_missing' | 'timestamp_malformed'
  | 'outside_window' | 'signature_mismatch';

const signatureHeader = 'x-hubspot-signature-v3';
const timestampHeader = 'x-hubspot-request-timestamp';

/** HubSpot asks to refuse older requests; a clock ahead of ours is held to the same span. */
export const hubSpotSignatureWindowMs = 300_000;

/**
 * Verifies HubSpot's v3 signature: base64 HMAC-SHA256 with the app's client secret over method, address, body and
 * timestamp. Only v3 counts: HubSpot also sends its v1 header, a plain hash without a time, which anyone may replay.
 * Source: https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
 */
export function verifyHubSpotWebhook(request: HubSpotWebhookRequest): WebhookVerdict<Refusal> {
  const signature = request.headers[signatureHeader];
  if (signature === undefined) return refuseWebhook('signature_missing');
  // 32 bytes in base64; a header that came twice holds a comma or is a list.
  if (typeof signature !== 'string' || !/^[A-Za-z0-9+/]{43}=$/.test(signature)) return refuseWebhook('signature_malformed');

  const timestamp = request.headers[timestampHeader];
  if (timestamp === undefined) return refuseWebhook('timestamp_missing');
  if (typeof timestamp !== 'string' || !/^[0-9]{1,15}$/.test(timestamp)) return refuseWebhook('timestamp_malformed');
  if (Math.abs(request.nowMs - Number(timestamp)) > hubSpotSignatureWindowMs) return refuseWebhook('outside_window');

  const given = Buffer.from(signature, 'ascii');
  const matches = matchesAnySecret(given, request.secrets, (secret) => expectedSignature(secret, request, timestamp));
  return matches ? { valid: true } : refuseWebhook('signature_mismatch');
}

/** What v3 signs, in order. */
export function hubSpotSignedParts(
  { method, uri, rawBody }: Pick<HubSpotWebhookRequest, 'method' | 'uri' | 'rawBody'>, timestamp: string,
): Array<string | Uint8Array> {
  return [`${method.toUpperCase()}${decodeSignedUri(uri)}`, rawBody, timestamp];
}

function expectedSignature(secret: string, request: HubSpotWebhookRequest, timestamp: string): Buffer {
  const hmac = createHmac('sha256', secret);
  for (const part of hubSpotSignedParts(request, timestamp)) hmac.update(part);
  return Buffer.from(hmac.digest('base64'), 'ascii');
}

/** HubSpot signs the address with these twelve escapes decoded, and with all others left as they are. */
function decodeSignedUri(uri: string): string {
  return uri.replace(/%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (escape) => decodeURIComponent(escape));
}
