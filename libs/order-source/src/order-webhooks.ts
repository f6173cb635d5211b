import type { WebhookHeaders, WebhookVerdict } from '@crossdock/signed-webhook';

/** Where a shop is to tell of its orders. */
export interface WebhookTarget {
  /** The gateway's address for this connection's webhooks. */
  readonly url: string;
  /** Kept sealed with the connection; the shop signs with it. */
  readonly secret: string;
}

/** What had to be done to a shop's webhooks, by the shop's names of their topics; empty where all was well. */
export interface WebhookUpkeep {
  readonly made: readonly string[];
  /** Switched on again, having been `paused` by a person or `disabled` by the shop after failures. */
  readonly resumed: ReadonlyArray<{ readonly topic: string; readonly was: 'paused' | 'disabled' }>;
  /** Told to send to the gateway's present address. */
  readonly moved: readonly string[];
  /** Taken away, having been there twice. */
  readonly removed: readonly string[];
}

/** What a verified webhook says of an order. */
export interface OrderNotice {
  readonly change: 'created' | 'updated' | 'deleted' | 'restored';
  /** The order's id in the shop. */
  readonly externalId: string;
  /** Same for every delivery of the same content. */
  readonly dedupeId: string;
  /** The order as the shop tells it; of one that was deleted it may be no more than the id. */
  readonly payload: Record<string, unknown>;
}

interface ReceivedWebhook {
  readonly headers: WebhookHeaders;
  /** The bytes as they came. */
  readonly rawBody: Uint8Array;
}

/** How a shop's webhooks are believed and read. */
export interface OrderWebhooks {
  /** Under which field the vault keeps the secret that they are signed with. */
  readonly secretField: string;
  /** Whether this is a vendor's unsigned trial of an address, to be answered with exactly 200. */
  isPing(webhook: ReceivedWebhook): boolean;
  /** @param secrets the present one and, while it is exchanged, the one before */
  verify(webhook: ReceivedWebhook, secrets: readonly string[]): WebhookVerdict;
  /**
   * Reads a verified webhook; undefined where it is not about an order.
   * @throws Failure `invalid` where headers or body are not as documented.
   */
  parse(webhook: ReceivedWebhook): OrderNotice | undefined;
}
