import { randomUUID } from 'node:crypto';
import type { Connection } from '@crossdock/connections';
import { crmRecordTouched, deterministicId, type CrmVendor, type EventData, type EventDefinition } from '@crossdock/contracts';
import type { EventPublisher } from '@crossdock/event-bus';
import { dedupeKeyOf } from './dedupe-key.ts';
import type { WebhookDelivery } from './webhook-source.ts';

/** One thing that a webhook tells, the event that says it on, and what of the webhook is kept. */
export interface ToldEvent<Definition extends EventDefinition> {
  /** Kind of object, by which the vendor's ids are unique. */
  readonly kind: string;
  /** The vendor's id of the delivery, or what stands for it: the same however often it is sent. */
  readonly dedupeId: string;
  readonly definition: Definition;
  readonly subject: string;
  readonly data: EventData<Definition>;
  readonly body: Buffer;
}

/** The event has an id that follows from the delivery, so that what is read again says the same event again. */
export function webhookDelivery<Definition extends EventDefinition>(
  publisher: EventPublisher, { id: connectionId, tenantId, vendor }: Connection, { kind, dedupeId, definition, subject, data, body }: ToldEvent<Definition>,
): WebhookDelivery {
  const dedupeKey = dedupeKeyOf({ vendor, tenantId, connectionId, kind }, dedupeId);
  const envelope = publisher.envelope({ tenantId, correlationId: randomUUID() }, definition, {
    id: deterministicId('webhook', dedupeKey.toString('hex')), subject, data,
  });
  return { vendor, connectionId, dedupeKey, envelope, body };
}

/** That something happened to a record of a CRM. */
export interface RecordTouch extends Omit<EventData<typeof crmRecordTouched>, 'vendor' | 'connectionId'> {
  readonly dedupeId: string;
}

/** Only what was touched is kept: a body may hold the record whole or the webhook's secret, and the hub reads the record anew. */
export function touchDelivery(publisher: EventPublisher, vendor: CrmVendor, connection: Connection, touch: RecordTouch): WebhookDelivery {
  const { dedupeId, object, externalId, change, occurredAt } = touch;
  return webhookDelivery(publisher, connection, {
    kind: object, dedupeId, definition: crmRecordTouched, subject: `${vendor}/${object}/${externalId}`,
    data: { vendor, connectionId: connection.id, object, externalId, change, occurredAt },
    body: Buffer.from(JSON.stringify(touch)),
  });
}
