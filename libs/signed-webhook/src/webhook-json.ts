import { Failure } from '@crossdock/contracts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads the bytes of a webhook as JSON.
 * @throws Failure `invalid` where they are none, or not UTF-8; the message names the vendor and nothing of the content.
 */
export function parseWebhookJson(rawBody: Uint8Array, vendorName: string): unknown {
  try {
    return JSON.parse(strictUtf8.decode(rawBody));
  } catch {
    throw new Failure('invalid', `The ${vendorName} webhook is not JSON in UTF-8.`);
  }
}
