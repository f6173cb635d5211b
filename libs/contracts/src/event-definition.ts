import type { z } from 'zod';
import type { Envelope, EventEnvelope } from './envelope.ts';

/** The services that speak with CRMs, one a vendor; each hears all CRM events and takes up its own vendor's. */
export const crmServiceNames = ['crm-salesforce', 'crm-hubspot', 'crm-pipedrive', 'crm-zoho', 'crm-dynamics'] as const;

/** The name of a service of ours. */
export const serviceNames = ['gateway', 'auth-sso', ...crmServiceNames, 'orders', 'shipping', 'attribution', 'sync', 'journal'] as const;
export type ServiceName = (typeof serviceNames)[number];

/**
 * `fact`: something happened, and each event counts. `state`: each event holds all of its record, and consumers keep the
 * newest only, so that the last event of a record says as much as all of them; its topic is compacted.
 */
export const eventCarries = ['fact', 'state'] as const;
export type EventCarries = (typeof eventCarries)[number];

/** One kind of event: its schema, who says it, who hears it, and how its topic is laid out in Kafka. */
export interface EventDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly type: string;
  readonly description: string;
  readonly producers: readonly ServiceName[];
  readonly consumers: readonly ServiceName[];
  readonly schema: Schema;
  readonly partitions: number;
  readonly retentionHours: number;
  readonly carries: EventCarries;
  /** The major version before this one, and how its data become this one's. */
  readonly predecessor?: Predecessor;
}

/** An older version of an event, whose events are upgraded where they are read. Both versions of one fact bear one id. */
interface Predecessor {
  readonly definition: EventDefinition;
  /** @param data as the older version's schema says */
  readonly upgrade: (data: unknown) => unknown;
}

export type EventData<Definition extends EventDefinition> = z.infer<Definition['schema']>;
export type EventOf<Definition extends EventDefinition> = EventEnvelope<EventData<Definition>>;

/** Whether an event, which was held to its schema when it came, is of this kind. */
export function isEventOf<Definition extends EventDefinition>(definition: Definition, event: Envelope): event is EventOf<Definition> {
  return event.type === definition.type;
}

const defaultLayout = { partitions: 6, retentionHours: 14 * 24, carries: 'fact' } as const;

/** Declares an event. Partitions, retention and what it carries have defaults that suit most facts; the journal hears all that there are. */
export function defineEvent<Schema extends z.ZodType>(
  definition: Omit<EventDefinition<Schema>, keyof typeof defaultLayout> & Partial<Pick<EventDefinition, keyof typeof defaultLayout>>,
): EventDefinition<Schema> {
  return { ...defaultLayout, ...definition, consumers: [...new Set<ServiceName>([...definition.consumers, 'journal'])] };
}

/** The address of an event's JSON Schema in the catalogue, used as CloudEvents `dataschema`. */
export function dataSchemaOf(type: string): string {
  return `urn:crossdock:schema:${type}`;
}
