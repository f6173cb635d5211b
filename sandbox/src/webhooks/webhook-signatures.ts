import { createHash, createHmac } from 'node:crypto';

/** The only escapes that HubSpot undoes in the address before it signs (its request-validation page). */
const hubSpotUndoneEscapes = /%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** HubSpot v3: base64 HMAC-SHA256 over method, address, body and time (ms), under the app's client secret. */
export function signHubSpotV3(
  clientSecret: string,
  request: { method: string; url: string; body: Buffer; timestampMs: number },
): string {
  const address = request.url.replace(hubSpotUndoneEscapes, (escape) => decodeURIComponent(escape));
  return createHmac('sha256', clientSecret)
    .update(request.method + address)
    .update(request.body)
    .update(String(request.timestampMs))
    .digest('base64');
}

/** HubSpot v1: hex SHA-256 of the secret followed by the body; a plain hash, not an HMAC. */
export function signHubSpotV1(clientSecret: string, body: Buffer): string {
  return createHash('sha256').update(clientSecret).update(body).digest('hex');
}

/** Shippo: `t=<unix seconds>,v1=<hex HMAC-SHA256 over "t.body">` (its webhook security page). */
export function signShippo(secret: string, body: Buffer, timestampSeconds: number): string {
  const mac = createHmac('sha256', secret).update(`${String(timestampSeconds)}.`).update(body).digest('hex');
  return `t=${String(timestampSeconds)},v1=${mac}`;
}

/** WooCommerce: base64 HMAC-SHA256 over the raw body (WC_Webhook::generate_signature). */
export function signWooCommerce(secret: string, body: Buffer): string {
  return createHmac('sha256', decodeSpecialChars(secret)).update(body).digest('base64');
}

/** Salesforce: base64 HMAC-SHA256 over identity address and issue time, in the token answer. */
export function signSalesforceToken(clientSecret: string, identityUrl: string, issuedAtMs: string): string {
  return createHmac('sha256', clientSecret).update(identityUrl + issuedAtMs).digest('base64');
}

/** WordPress undoes the five HTML escapes in a stored secret before it signs. */
function decodeSpecialChars(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#0?39;/g, "'")
    .replace(/&amp;/g, '&');
}
