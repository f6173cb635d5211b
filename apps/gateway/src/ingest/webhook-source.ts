import type { Envelope, Vendor } from '@crossdock/contracts';

/** A webhook as it came, before anybody believes it. */
export interface IncomingWebhook {
  readonly method: string;
  /** Path with query, as called. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly rawBody: Buffer;
  /** The connection named by the address, where the vendor's webhooks go to an address a connection. */
  readonly connectionId: string | undefined;
  readonly receivedAt: Date;
}

/** A webhook that was verified when it came and kept because it could not be read; its signature is gone. */
export type KeptWebhook = Pick<IncomingWebhook, 'headers' | 'rawBody' | 'connectionId' | 'receivedAt'>;

/** One thing that a verified webhook tells, ready to be stored and said on. */
export interface WebhookDelivery {
  readonly vendor: Vendor;
  readonly connectionId: string;
  /** SHA-256 over vendor, tenant, connection, kind and unique id: the same delivery gives the same key. */
  readonly dedupeKey: Buffer;
  readonly envelope: Envelope;
  readonly body: Buffer;
}

/** What a vendor's part of the edge makes of a webhook. */
export type WebhookReading =
  | { readonly outcome: 'verified'; readonly deliveries: readonly WebhookDelivery[] }
  /** The vendor only tries whether the address answers. */
  | { readonly outcome: 'ping' }
  | { readonly outcome: 'bad_signature'; readonly reason: string; readonly connectionId?: string }
  | { readonly outcome: 'unknown_tenant' }
  /** The signature holds, the body is not JSON. */
  | { readonly outcome: 'malformed'; readonly reason: string }
  /** The signature holds, but the body does not fit what the vendor documents: it is kept as a dead letter. */
  | { readonly outcome: 'unreadable'; readonly tenantId?: string; readonly reason: string };

/** One vendor's way of sending webhooks. */
export interface WebhookSource {
  readonly vendor: Vendor;
  /**
   * @throws Failure `transient` or a database error where it cannot be verified at present; the caller answers 503.
   * `unauthorised` where the connection's secret is not there or does not open; the caller answers 502.
   */
  read(webhook: IncomingWebhook): Promise<WebhookReading>;
  /** Reads a kept webhook again as `read` does after its signature held: for a replay once the reading was mended. */
  reread(webhook: KeptWebhook): Promise<WebhookReading>;
  /** The body as a dead letter keeps it, where the vendor puts a secret into it. Reading it again asks for none. */
  withoutSecret?(rawBody: Buffer): Buffer;
}
