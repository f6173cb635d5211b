import { signedText, type CheckWebhook } from '@crossdock/signed-webhook';
import { isWooCommercePing, verifyWooCommerceWebhook } from './woocommerce.webhook-signature.ts';

/** Checks a recorded request of a shop. The ping that a new webhook sends is unsigned, and is taken as such. */
export const checkWooCommerceWebhook: CheckWebhook = ({ headers, rawBody }, secret) => {
  const isPing = isWooCommercePing({ headers, rawBody });
  return {
    verdict: isPing ? { valid: true } : verifyWooCommerceWebhook({ headers, rawBody, secrets: [secret] }),
    proof: 'base64 HMAC-SHA256 over the body', proofName: 'X-WC-Webhook-Signature',
    ...(isPing ? { note: 'This is the ping of a new webhook: it is never signed, is answered with 200 and means nothing else.' } : {
      signedText: signedText([rawBody]),
      note: 'The signature holds no time: an old request stays valid, and the delivery’s id stands against replay.',
    }),
  };
};
