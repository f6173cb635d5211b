import { createHash } from 'node:crypto';
import {
  matchesAnySecret, refuseWebhook, signedText, type CheckWebhook, type RecordedWebhook, type WebhookCheck, type WebhookVerdict,
} from '@crossdock/signed-webhook';
import { hubSpotSignatureWindowMs, hubSpotSignedParts, verifyHubSpotWebhook } from './hubspot.webhook-signature.ts';

const olderSignature = 'x-hubspot-signature';

/**
 * Checks a recorded request of HubSpot: by v3, which alone the edge takes, or by v1 or v2 where it carries nothing else.
 * Source: https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation
 */
export const checkHubSpotWebhook: CheckWebhook = (webhook, secret) =>
  webhook.headers['x-hubspot-signature-v3'] === undefined && webhook.headers[olderSignature] !== undefined
    ? checkOlder(webhook, secret) : checkV3(webhook, secret);

function checkV3(webhook: RecordedWebhook, secret: string): WebhookCheck {
  const request = { ...webhook, uri: webhook.url, nowMs: webhook.receivedAt.getTime(), secrets: [secret] };
  const timestamp = webhook.headers['x-hubspot-request-timestamp'];
  const isTime = typeof timestamp === 'string' && /^\d{1,15}$/.test(timestamp);
  return {
    verdict: verifyHubSpotWebhook(request),
    proof: 'v3: base64 HMAC-SHA256 over method, address, body and timestamp', proofName: 'X-HubSpot-Signature-v3',
    windowMs: hubSpotSignatureWindowMs,
    ...(isTime && { signedText: signedText(hubSpotSignedParts(request, timestamp)), lateByMs: request.nowMs - Number(timestamp) }),
  };
}

/** v1 is a hash of secret and body; v2, which workflow actions and cards have, of secret, method, address and body. */
function checkOlder({ method, url, headers, rawBody }: RecordedWebhook, secret: string): WebhookCheck {
  const isV2 = headers['x-hubspot-signature-version'] === 'v2';
  const parts = isV2 ? [method.toUpperCase(), url, rawBody] : [rawBody];
  const verdict = ((): WebhookVerdict => {
    const signature = headers[olderSignature];
    if (typeof signature !== 'string' || !/^[0-9a-f]{64}$/i.test(signature)) return refuseWebhook('signature_malformed');
    const hash = (key: string) => parts.reduce((sum, part) => sum.update(part), createHash('sha256').update(key)).digest();
    return matchesAnySecret(Buffer.from(signature, 'hex'), [secret], hash) ? { valid: true } : refuseWebhook('signature_mismatch');
  })();
  return {
    verdict,
    proof: isV2 ? 'v2: hex SHA-256 of secret, method, address and body' : 'v1: hex SHA-256 of secret and body', proofName: 'X-HubSpot-Signature',
    signedText: signedText(['{secret}', ...parts]),
    note: 'The hub’s own address takes v3 only: v1 and v2 hold no time, so that anybody may replay them.',
  };
}
