import type { CheckWebhook } from '@crossdock/signed-webhook';
import { verifyZohoWebhook } from './zoho.webhook-signature.ts';

/** Checks a recorded notification for a person. */
export const checkZohoWebhook: CheckWebhook = ({ rawBody }, secret) => ({
  verdict: verifyZohoWebhook({ rawBody, tokens: [secret] }),
  proof: 'token of the channel, in the body',
  proofName: 'token',
  isProofSecret: true,
  note: 'Zoho signs nothing: whoever knows the token can send any notification.',
});
