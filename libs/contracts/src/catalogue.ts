import { z } from 'zod';
import { eventCarries, type EventDefinition } from './event-definition.ts';
import { actRecorded } from './events/audit.ts';
import { orderChanged, orderReceived } from './events/commerce.ts';
import { connectionCreated, connectionHealthChanged } from './events/connection.ts';
import { crmRecordTouched, crmUpsertCompleted, crmUpsertRequested, dealChanged } from './events/crm.ts';
import {
  companyChanged, contactChanged, feedRequested, recordGone, recordsWanted, scanEnded, scanRequested, scanWithdrawn, writeCompleted, writeRequested,
} from './events/crm-records.ts';
import { identityActed, sessionEnded } from './events/identity.ts';
import { leadTaken } from './events/lead.ts';
import { orderShipped, shipmentCreated, shipmentDelivered, shipmentVoided, trackingReceived, trackingUpdated } from './events/shipping.ts';
import { personAnswered, personWanted } from './events/privacy.ts';
import { tenantDomainChanged, tenantStandingChanged } from './events/tenancy.ts';

/** Every event of the hub: topics, documents and checks follow from this list. */
export const eventCatalogue: readonly EventDefinition[] = [
  connectionCreated,
  connectionHealthChanged,
  orderReceived,
  orderChanged,
  crmRecordTouched,
  crmUpsertRequested,
  crmUpsertCompleted,
  dealChanged,
  contactChanged,
  companyChanged,
  recordGone,
  feedRequested,
  scanRequested,
  scanWithdrawn,
  scanEnded,
  recordsWanted,
  writeRequested,
  writeCompleted,
  leadTaken,
  trackingReceived,
  shipmentCreated,
  trackingUpdated,
  shipmentDelivered,
  shipmentVoided,
  orderShipped,
  sessionEnded,
  identityActed,
  tenantStandingChanged,
  tenantDomainChanged,
  actRecorded,
  personWanted,
  personAnswered,
];

const byType = new Map(eventCatalogue.map((definition) => [definition.type, definition]));

/** The definition of an event type, or undefined where the catalogue has none. */
export function findEventDefinition(type: string): EventDefinition | undefined {
  return byType.get(type);
}

/** One entry of the committed catalogue: what a reader or another system needs to consume the event. */
export const eventDescriptionSchema = z.object({
  type: z.string(),
  description: z.string(),
  producers: z.array(z.string()),
  consumers: z.array(z.string()),
  partitions: z.int(),
  retentionHours: z.int(),
  carries: z.enum(eventCarries).default('fact'),
  /** JSON Schema (draft 2020-12) of the event's `data`. */
  schema: z.record(z.string(), z.unknown()),
});
export type EventDescription = z.infer<typeof eventDescriptionSchema>;

/**
 * Describes an event for the catalogue. The schema is that of a document on its way: it leaves room for fields it does
 * not name, because within a major version optional fields may be added.
 */
export function describeEvent(definition: EventDefinition): EventDescription {
  const { type, description, producers, consumers, partitions, retentionHours, carries, schema } = definition;
  return {
    type, description, producers: [...producers], consumers: [...consumers], partitions, retentionHours, carries,
    schema: z.toJSONSchema(schema, { io: 'input' }),
  };
}

/** The text of an event's file in the committed catalogue. */
export function renderEventDescription(description: EventDescription): string {
  return `${JSON.stringify(description, undefined, 2)}\n`;
}
