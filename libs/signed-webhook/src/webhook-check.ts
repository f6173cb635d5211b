import type { WebhookHeaders, WebhookVerdict } from './webhook-verdict.ts';

/** A request of a vendor as somebody recorded it. */
export interface RecordedWebhook {
  readonly method: string;
  /** The full address that the vendor called. */
  readonly url: string;
  /** By their names in small letters. */
  readonly headers: WebhookHeaders;
  readonly rawBody: Uint8Array;
  readonly receivedAt: Date;
}

/** How a webhook was checked, for a person who asks why it was refused. It holds no secret. */
export interface WebhookCheck {
  readonly verdict: WebhookVerdict;
  /** What proves the sender, in words: `base64 HMAC-SHA256`. */
  readonly proof: string;
  /** The header or query parameter that the proof was looked for in. */
  readonly proofName: string;
  /** What was looked for is the secret itself, so that it is not shown. */
  readonly isProofSecret?: boolean;
  /** What the signature is over; `{secret}` stands for the secret. Absent where nothing is signed. */
  readonly signedText?: string;
  /** How long after its own time the request came; negative where the sender's clock is ahead. */
  readonly lateByMs?: number;
  /** How far the clock may be off. */
  readonly windowMs?: number;
  /** What else somebody should know. */
  readonly note?: string;
}

/** Checks a recorded request with one secret, by the code that the edge uses. */
export type CheckWebhook = (webhook: RecordedWebhook, secret: string) => WebhookCheck;

/** Parts of what is signed, as text. */
export function signedText(parts: ReadonlyArray<string | Uint8Array>): string {
  return Buffer.concat(parts.map((part) => Buffer.from(part))).toString('utf8');
}
