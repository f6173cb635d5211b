import type { Message, Producer } from 'kafkajs';
import { TracedHistogram } from '@crossdock/metrics';
import { Counter, type Registry } from 'prom-client';
import type { OutboxRow } from './outbox-rows.ts';
import { asSendSpan } from './send-span.ts';

/** CloudEvents in structured mode: the whole envelope is the value, and nothing of it is said twice. */
const headers = { 'content-type': 'application/cloudevents+json' };

/** Sends outbox rows to their topics and waits until all brokers that must have them do. */
export class BatchSender {
  readonly #producer: Producer;
  readonly #topicPrefix: string;
  readonly #published: Counter<'topic'>;
  readonly #duration: TracedHistogram<never>;
  #connected = false;

  constructor({ producer, topicPrefix, metrics }: { readonly producer: Producer; readonly topicPrefix: string; readonly metrics: Registry }) {
    this.#producer = producer;
    this.#topicPrefix = topicPrefix;
    this.#published = new Counter({
      name: 'crossdock_outbox_published_total', help: 'Outbox rows acknowledged by Kafka.', labelNames: ['topic'], registers: [metrics],
    });
    this.#duration = new TracedHistogram({
      name: 'crossdock_outbox_publish_duration_seconds', help: 'Time from sending a batch to its acknowledgement.', labelNames: [],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5], registers: [metrics],
    });
  }

  async send(rows: readonly OutboxRow[]): Promise<void> {
    if (rows.length === 0) return;
    if (!this.#connected) {
      await this.#producer.connect();
      this.#connected = true;
    }
    const byTopic = new Map<string, Message[]>();
    for (const { topic, key, payload } of rows) {
      const message = { key, value: payload, headers };
      const messages = byTopic.get(topic);
      if (messages) messages.push(message);
      else byTopic.set(topic, [message]);
    }
    await asSendSpan(rows, async () => {
      const stopTimer = this.#duration.startTimer({});
      await this.#producer.sendBatch({
        acks: -1,
        topicMessages: [...byTopic].map(([topic, messages]) => ({ topic: this.#topicPrefix + topic, messages })),
      });
      stopTimer();
    });
    for (const [topic, { length }] of byTopic) this.#published.inc({ topic }, length);
  }

  async close(): Promise<void> {
    if (this.#connected) await this.#producer.disconnect();
  }
}
