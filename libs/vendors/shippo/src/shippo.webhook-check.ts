import { signedText, type CheckWebhook } from '@crossdock/signed-webhook';
import { shippoLimits } from './shippo.limits.ts';
import { verifyShippoWebhook } from './shippo.webhook-signature.ts';

const signatureHeader = 'shippo-auth-signature';

/** Checks a recorded request of Shippo: by its signature where it carries one, else by the token in the address. */
export const checkShippoWebhook: CheckWebhook = ({ url, headers, rawBody, receivedAt }, secret) => {
  const nowMs = receivedAt.getTime();
  const signature = headers[signatureHeader];
  if (signature === undefined) {
    const token = new URL(url).searchParams.get('token') ?? undefined;
    return {
      verdict: verifyShippoWebhook({ headers, rawBody, nowMs, token, tokens: [secret], hmacSecrets: [] }),
      proof: 'the token in the registered address; nothing is signed', proofName: 'token (query)',
      note: 'Where the connection has a signing secret, the hub takes signed requests only.',
    };
  }
  const [, seconds] = typeof signature === 'string' ? /^t=(\d{1,12}),/.exec(signature) ?? [] : [];
  return {
    verdict: verifyShippoWebhook({ headers, rawBody, nowMs, token: undefined, tokens: [], hmacSecrets: [secret] }),
    proof: 'hex HMAC-SHA256 over timestamp, a dot and the body', proofName: 'Shippo-Auth-Signature', windowMs: shippoLimits.signatureWindowMs,
    ...(seconds !== undefined && { signedText: signedText([`${seconds}.`, rawBody]), lateByMs: nowMs - Number(seconds) * 1_000 }),
  };
};
