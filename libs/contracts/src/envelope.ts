import { z } from 'zod';

/**
 * The CloudEvents 1.0 envelope every event travels in (https://github.com/cloudevents/spec), with the extension
 * attributes of the hub. `id` is deterministic where the cause is: the same cause gives the same id, so a repeat
 * is recognised anywhere.
 */
export const envelopeSchema = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  /** Service that says it, as `/crossdock/<service>`. */
  source: z.string().min(1),
  /** `<domain>.<entity>.<past-tense>.v<major>`; the Kafka topic bears the same name. */
  type: z.string().regex(/^[a-z]+(\.[a-z_]+)+\.v[1-9][0-9]*$/),
  time: z.iso.datetime({ precision: 3 }),
  /** The record the event is about; with the tenant it is the Kafka key, so one record's events stay in order. */
  subject: z.string().min(1).max(512),
  datacontenttype: z.literal('application/json'),
  dataschema: z.string().min(1),
  tenantid: z.uuid(),
  /** Same for everything that one cause from outside set in motion. */
  correlationid: z.uuid(),
  /** The id of the event that led to this one; absent at the edge. */
  causationid: z.uuid().optional(),
  /** W3C trace context. */
  traceparent: z.string().optional(),
  data: z.unknown(),
});

export type Envelope = z.infer<typeof envelopeSchema>;

/** An envelope whose data passed the schema of its type. */
export type EventEnvelope<Data> = Envelope & { readonly data: Data };

/** The Kafka key: everything of one record of one tenant lands in one partition, in order. */
export function eventKey(envelope: Pick<Envelope, 'tenantid' | 'subject'>): string {
  return `${envelope.tenantid}/${envelope.subject}`;
}
