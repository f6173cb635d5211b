import type { CheckWebhook } from '@crossdock/signed-webhook';
import { pipedriveWebhookUser, verifyPipedriveWebhook } from './pipedrive.webhook-signature.ts';

/** Checks a recorded request of Pipedrive by the password that its webhook was made with. */
export const checkPipedriveWebhook: CheckWebhook = ({ headers }, secret) => ({
  verdict: verifyPipedriveWebhook({ headers, passwords: [secret] }),
  proof: `user "${pipedriveWebhookUser}" and password by HTTP Basic; nothing is signed`, proofName: 'Authorization', isProofSecret: true,
  note: 'The body is believed only as far as to read the record anew.',
});
