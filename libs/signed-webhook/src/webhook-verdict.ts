/** A header or query value as Node gives it; one that came twice is joined by a comma or given as a list. */
export type ReceivedValue = string | readonly string[] | undefined;

export type WebhookHeaders = Readonly<Record<string, ReceivedValue>>;

/** Why a webhook is refused, each with a sentence for the person who asks; a vendor uses those that it can come to. */
export const webhookRefusals = {
  not_configured: 'no secret is set up',
  signature_missing: 'the header that holds the signature did not come',
  signature_malformed: 'the header does not have the form of a signature, or came twice',
  signature_mismatch: 'the signature was made with another secret, or over another text: compare what is signed, byte by byte',
  timestamp_missing: 'the header that holds the time did not come',
  timestamp_malformed: 'the header that holds the time is no time, or came twice',
  outside_window: 'the request is too old, or one of the clocks is wrong',
  credentials_missing: 'no Authorization header came',
  credentials_malformed: 'the Authorization header is not HTTP Basic, or came twice',
  credentials_mismatch: 'user or password are other ones',
  token_missing: 'no token came where it was looked for',
  token_malformed: 'the token is too long or came twice',
  token_mismatch: 'the token is another one',
  key_missing: 'the key came neither in its header nor in the address',
  key_malformed: 'the key is too long or came twice',
  key_mismatch: 'the key is another one',
} as const;
export type WebhookRefusal = keyof typeof webhookRefusals;

/** Whether a webhook is from whom it says. */
export type WebhookVerdict<Refusal extends WebhookRefusal = WebhookRefusal> =
  | { readonly valid: true }
  | { readonly valid: false; readonly reason: Refusal };

export function refuseWebhook<Refusal extends WebhookRefusal>(reason: Refusal): WebhookVerdict<Refusal> {
  return { valid: false, reason };
}
