import { channel } from 'node:diagnostics_channel';

/**
 * The steps at which a process may die and nothing may be lost, doubled or turned round. Each is a channel of
 * `node:diagnostics_channel`: a crash test subscribes and ends the process there; without a subscriber it costs nothing.
 */
export const crashPoints = {
  /** A transaction that published has committed; the relay does not know of it yet. */
  outboxCommitted: channel('crossdock.outbox.committed'),
  /** Kafka has acknowledged a batch; its rows are still in the outbox. */
  relayAcknowledged: channel('crossdock.relay.acknowledged'),
  /** A batch has come from Kafka; nothing of it is in the inbox. */
  consumerFetched: channel('crossdock.consumer.fetched'),
  /** Events have had their effects; their offsets are not committed yet. */
  inboxCommitted: channel('crossdock.inbox.committed'),
} as const;

/** Says that a step has been reached. */
export function reach(point: keyof typeof crashPoints): void {
  const step = crashPoints[point];
  if (step.hasSubscribers) step.publish(point);
}
