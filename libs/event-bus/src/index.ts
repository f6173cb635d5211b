export { DeadLetterRedelivery } from './dead-letter-redelivery.ts';
export {
  deadLetterReasons, findDeadLetter, keepDeadLetter, removeDeadLetter, renewDeadLetterReason,
  type DeadLetterReason, type KeptDeadLetter,
} from './dead-letter-store.ts';
export { EventContext } from './event-context.ts';
export { EventHandlers } from './event-handlers.ts';
export { EventInbox, scopeOfEvent } from './event-inbox.ts';
export type { EventConcern } from './event-parser.ts';
export { EventProcessor } from './event-processor.ts';
export { byteaArray, smallintArray, textArray, uuidArray } from './outbox/binary-array.ts';
export { EventPublisher, noveltyInsert, type NewEvent } from './outbox/event-publisher.ts';
export { InboxDays } from './inbox-days.ts';
export { kafkaAccessShape } from './kafka-access.ts';
export { createKafkaClient } from './kafka-client.ts';
export { KafkaEventTransport } from './kafka-event-transport.ts';
export { CreateEventBus1763700000001 } from './migrations/create-event-bus.ts';
export { OnEvent, takesMany } from './on-event.decorator.ts';
/** @public */
export { OnEvents, OnEventsTogether, OnEveryEvent } from './on-event.decorator.ts';
export { OutboxBacklog } from './outbox/outbox-backlog.ts';
export { OutboxRelay } from './outbox/outbox-relay.ts';
export { recordPartitioner } from './record-partitioner.ts';
export { grantAccess } from './topics/access-lists.ts';
export { agedRowsAtOnce, agedRowsRemoval, deadLetterRows, Retention, type AgedRows } from './retention.ts';
export { rewindConsumers } from './rewind-consumers.ts';
export { createTopics } from './topics/create-topics.ts';
export { replayCheckpointSchema, type ReplayCheckpoint } from './replay/replay-checkpoint.ts';
export { replayPositionSchema, type ReplayPosition } from './replay/replay-range.ts';
export { TopicReplay, type ReplayOrder } from './replay/topic-replay.ts';
