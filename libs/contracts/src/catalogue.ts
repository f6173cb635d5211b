import { z } from 'zod';
import type { EventDefinition } from './event-definition.ts';
import { orderChanged, orderReceived } from './events/commerce.ts';
import { connectionCreated } from './events/connection.ts';
import { crmRecordTouched, crmUpsertCompleted, crmUpsertRequested, dealChanged } from './events/crm.ts';
import { shipmentCreated, shipmentDelivered, trackingReceived, trackingUpdated } from './events/shipping.ts';

/** Every event of the hub: topics, documents and checks follow from this list. */
export const eventCatalogue: readonly EventDefinition[] = [
  connectionCreated,
  orderReceived,
  orderChanged,
  crmRecordTouched,
  crmUpsertRequested,
  crmUpsertCompleted,
  dealChanged,
  trackingReceived,
  shipmentCreated,
  trackingUpdated,
  shipmentDelivered,
];

const byType = new Map(eventCatalogue.map((definition) => [definition.type, definition]));

/** The definition of an event type, or undefined where the catalogue has none. */
export function findEventDefinition(type: string): EventDefinition | undefined {
  return byType.get(type);
}

/** One entry of the committed catalogue: what a reader or another system needs to consume the event. */
export function describeEvent(definition: EventDefinition): Record<string, unknown> {
  const { schema, ...rest } = definition;
  return { ...rest, schema: z.toJSONSchema(schema) };
}
