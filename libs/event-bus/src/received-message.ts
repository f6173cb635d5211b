import type { Envelope } from '@crossdock/contracts';
import type { EventContext } from './event-context.ts';

/** A message as it came from Kafka, with the handler it is for. */
export interface ReceivedMessage {
  readonly topic: string;
  /** The event type the topic is for: its name without the installation's prefix. */
  readonly type: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly value: Buffer | null;
  readonly isCancelled: () => boolean;
  readonly handler: (envelope: Envelope, context: EventContext) => Promise<void>;
  /** Where the handler takes many events of one tenant in one call. */
  readonly manyHandler?: ((envelopes: readonly Envelope[], context: EventContext) => Promise<void>) | undefined;
  /** Where that call may bring events of several types. */
  readonly takesTypesTogether?: boolean;
}
