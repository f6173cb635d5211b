import type { EventDefinition } from '@crossdock/contracts';
import { Kafka, logLevel } from 'kafkajs';
import { z } from 'zod';

const quietMs = 1_000;

const envelopeSchema = z.object({ type: z.string(), time: z.string(), correlationid: z.string(), data: z.unknown() });

/** An event as it was said: `saidMs` is when its service wrote it, `sentMs` when its relay sent it; milliseconds since the epoch. */
export interface SaidEvent {
  readonly type: string;
  readonly correlationId: string;
  readonly data: unknown;
  readonly saidMs: number;
  readonly sentMs: number;
}

/** Reads all that Kafka holds of these events, each key's in order, until nothing comes for a second: for after a measurement. */
export async function readEvents(
  brokers: string, topicPrefix: string, definitions: ReadonlyArray<Pick<EventDefinition, 'type'>>, take: (event: SaidEvent) => void,
): Promise<void> {
  const consumer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).consumer({ groupId: `${topicPrefix}bench-reader` });
  await consumer.connect();
  await consumer.subscribe({ topics: definitions.map(({ type }) => topicPrefix + type), fromBeginning: true });
  const end = Promise.withResolvers<undefined>();
  let timer: NodeJS.Timeout | undefined;
  await consumer.run({
    eachMessage: async ({ message }) => {
      clearTimeout(timer);
      timer = setTimeout(() => end.resolve(undefined), quietMs);
      const { type, time, correlationid, data } = envelopeSchema.parse(JSON.parse(message.value?.toString() ?? ''));
      take({ type, correlationId: correlationid, data, saidMs: Date.parse(time), sentMs: Number(message.timestamp) });
    },
  });
  await end.promise;
  await consumer.disconnect();
}
