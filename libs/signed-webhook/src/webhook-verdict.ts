/** A header or query value as Node gives it; one that came twice is joined by a comma or given as a list. */
export type ReceivedValue = string | readonly string[] | undefined;

export type WebhookHeaders = Readonly<Record<string, ReceivedValue>>;

/** Whether a webhook is from whom it says; the reasons of a refusal are a closed set of each vendor. */
export type WebhookVerdict<Refusal extends string = string> =
  | { readonly valid: true }
  | { readonly valid: false; readonly reason: Refusal };

export function refuseWebhook<Refusal extends string>(reason: Refusal): WebhookVerdict<Refusal> {
  return { valid: false, reason };
}
