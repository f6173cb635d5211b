import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Vendor } from '../vendor-refusal.ts';

export interface SignedBody {
  headers: Record<string, string>;
  body: Buffer;
}

/** One message to one address, with the vendor's own rules for signing, waiting and trying again. */
export interface WebhookMessage {
  vendor: Vendor;
  account: string;
  topic: string;
  url: string;
  timeoutMs: number;
  /** Waits before each further attempt; an empty list is a vendor that never tries again. */
  retryDelaysMs: readonly number[];
  /** Makes the bytes and headers of one attempt; `attempt` counts from 0. */
  compose(attempt: number, nowMs: number): SignedBody;
  /** Headers for the same bytes sent later; without it the very same headers are sent. */
  signAgain?: (body: Buffer, nowMs: number) => Record<string, string>;
  isDelivered(status: number | null): boolean;
  mayRetry(status: number | null): boolean;
  /** Told after each attempt (the vendor's failure counter). */
  attempted?: (delivered: boolean) => void;
}

/** One attempt, as it was sent and answered. */
export interface Delivery {
  id: string;
  vendor: Vendor;
  account: string;
  topic: string;
  url: string;
  headers: Record<string, string>;
  bodyBase64: string;
  attempt: number;
  sentAt: string;
  /** The answer's status; null while it is under way and when no answer came. */
  status: number | null;
  error: string | null;
  redeliveryOf: string | null;
}

interface LoggedDelivery {
  delivery: Delivery;
  message: WebhookMessage;
}

/**
 * Sends webhooks and keeps every attempt. Waits between attempts are divided by `clockFactor`,
 * so that a day of retries can pass in seconds; time-outs are not.
 */
export class WebhookDeliveries {
  private readonly clockFactor: number;
  private readonly agent = new Agent({ keepAliveTimeout: 1_000, connections: 10 });
  private log: LoggedDelivery[] = [];
  private underWay = 0;
  private stopping = new AbortController();

  constructor(clockFactor: number) {
    this.clockFactor = clockFactor;
  }

  /** Starts the delivery and returns at once. */
  send(message: WebhookMessage): void {
    const settled = this.announce();
    void this.attemptUntilSettled(message, this.stopping.signal).finally(settled);
  }

  /** Counts a message as pending before it is made; the returned function ends that. */
  announce(): () => void {
    this.underWay += 1;
    return () => {
      this.underWay -= 1;
    };
  }

  /** Sends one attempt and waits for its answer. */
  async sendOnce(message: WebhookMessage): Promise<Delivery> {
    return await this.attempt(message, message.compose(0, Date.now()), 0, null);
  }

  /** Sends the bytes of an earlier attempt again; null when there is no such attempt. */
  async redeliver(id: string): Promise<Delivery | null> {
    const logged = this.log.find((entry) => entry.delivery.id === id);
    if (logged === undefined) return null;
    const { delivery, message } = logged;
    const body = Buffer.from(delivery.bodyBase64, 'base64');
    const headers = message.signAgain?.(body, Date.now()) ?? delivery.headers;
    return await this.attempt(message, { headers, body }, delivery.attempt, id);
  }

  list(filter: { vendor?: Vendor | undefined; account?: string | undefined }): Delivery[] {
    return this.log
      .map((entry) => entry.delivery)
      .filter((delivery) => filter.vendor === undefined || delivery.vendor === filter.vendor)
      .filter((delivery) => filter.account === undefined || delivery.account === filter.account);
  }

  /** Messages that are not settled: being sent, or waiting for their next attempt. */
  pending(): number {
    return this.underWay;
  }

  /** Forgets everything and gives up what is under way. */
  clear(): void {
    this.stopping.abort();
    this.stopping = new AbortController();
    this.log = [];
  }

  async stop(): Promise<void> {
    this.clear();
    await this.agent.destroy();
  }

  private async attemptUntilSettled(message: WebhookMessage, stopped: AbortSignal): Promise<void> {
    for (let attempt = 0; !stopped.aborted; attempt += 1) {
      const { status } = await this.attempt(message, message.compose(attempt, Date.now()), attempt, null);
      const delayMs = message.retryDelaysMs[attempt];
      if (message.isDelivered(status) || !message.mayRetry(status) || delayMs === undefined) return;
      await wait(delayMs / this.clockFactor, undefined, { signal: stopped, ref: false }).catch(() => undefined);
    }
  }

  private async attempt(
    message: WebhookMessage,
    signed: SignedBody,
    attempt: number,
    redeliveryOf: string | null,
  ): Promise<Delivery> {
    const delivery: Delivery = {
      id: randomUUID(),
      vendor: message.vendor,
      account: message.account,
      topic: message.topic,
      url: message.url,
      headers: signed.headers,
      bodyBase64: signed.body.toString('base64'),
      attempt,
      sentAt: new Date().toISOString(),
      status: null,
      error: null,
      redeliveryOf,
    };
    this.log.push({ delivery, message });
    const stopped = this.stopping.signal;
    try {
      const answer = await request(message.url, {
        method: 'POST',
        headers: signed.headers,
        body: signed.body,
        dispatcher: this.agent,
        signal: AbortSignal.any([stopped, AbortSignal.timeout(message.timeoutMs)]),
      });
      delivery.status = answer.statusCode;
      await answer.body.dump();
    } catch (error) {
      delivery.error = error instanceof Error ? error.message : String(error);
    }
    if (!stopped.aborted) message.attempted?.(message.isDelivered(delivery.status));
    return delivery;
  }
}
