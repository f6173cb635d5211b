import type { CheckWebhook } from '@crossdock/signed-webhook';
import { dynamicsKeyHeader, verifyDynamicsWebhook } from './dynamics.webhook-signature.ts';

/** Checks a recorded request of Dynamics by the key that its endpoint was registered with. */
export const checkDynamicsWebhook: CheckWebhook = ({ url, headers }, secret) => ({
  verdict: verifyDynamicsWebhook({ headers, code: new URL(url).searchParams.get('code') ?? undefined, keys: [secret] }),
  proof: `the key in the header ${dynamicsKeyHeader} or as code in the address; nothing is signed`,
  proofName: headers[dynamicsKeyHeader] === undefined ? 'code (query)' : dynamicsKeyHeader, isProofSecret: true,
  note: 'The body is believed only as far as to read the row anew.',
});
