import { dataSchemaOf, envelopeSchema, eventCatalogue, successorOf, upgradeEvent, type Envelope, type EventDefinition } from '@crossdock/contracts';
import type { DeadLetterReason } from './dead-letter-store.ts';

/**
 * Whether a service has anything to do for an event; it must say the same each time it is asked. The data may not have been checked:
 * of what it does not understand it must say that it does.
 */
export type EventConcern = (event: Pick<Envelope, 'type' | 'data'>) => boolean;

export type ParsedEvent =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly reason: DeadLetterReason; readonly error: string; readonly tenantId?: string };

/**
 * Checks a message's bytes against the envelope and the schema of its type. Nothing unchecked reaches a handler. An event of an
 * older version is brought up to the newest one, which its handler is for.
 */
export function parseEvent(value: Buffer | null, catalogue: readonly EventDefinition[] = eventCatalogue): ParsedEvent {
  const json = jsonOf(value);
  return json ? checkEvent(json.value, catalogue) : notJson;
}

/**
 * The same where an event concerns a service; where it does not, it is not checked: a look at its kind and data is enough for that, and
 * those whom it concerns check it. What is not JSON, or not of the newest version of its topic's type, is checked first.
 * @returns undefined for what does not concern the service
 */
export function parseConcerned(value: Buffer | null, type: string, concerns: EventConcern, catalogue: readonly EventDefinition[] = eventCatalogue): ParsedEvent | undefined {
  const json = jsonOf(value);
  if (!json) return notJson;
  const seen = json.value;
  const isNewest = typeof seen === 'object' && seen !== null && 'type' in seen && seen.type === type && successorOf(type, catalogue) === undefined;
  if (isNewest && 'data' in seen && !concerns({ type, data: seen.data })) return undefined;
  const parsed = checkEvent(seen, catalogue);
  return !parsed.ok || concerns(parsed.envelope) ? parsed : undefined;
}

const notJson: ParsedEvent = { ok: false, reason: 'unparseable', error: 'The message is not JSON.' };

function jsonOf(value: Buffer | null): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(value?.toString('utf8') ?? '') };
  } catch {
    return undefined;
  }
}

function checkEvent(json: unknown, catalogue: readonly EventDefinition[]): ParsedEvent {
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) {
    return { ok: false, reason: 'schema_mismatch', error: `The envelope is wrong: ${describeIssues(envelope.error.issues)}` };
  }
  const { tenantid: tenantId, type } = envelope.data;
  const definition = catalogue.find((each) => each.type === type);
  if (!definition) {
    return { ok: false, reason: 'unknown_type', error: `No event of type ${type} is known to this version.`, tenantId };
  }
  const data = definition.schema.safeParse(envelope.data.data);
  if (!data.success) {
    return { ok: false, reason: 'schema_mismatch', error: `The data of ${type} is wrong: ${describeIssues(data.error.issues)}`, tenantId };
  }
  const newest = upgradeEvent({ definition, data: envelope.data.data }, catalogue);
  if (newest.definition === definition) return { ok: true, envelope: envelope.data };
  const upgraded = newest.definition.schema.safeParse(newest.data);
  if (!upgraded.success) {
    return { ok: false, reason: 'schema_mismatch', error: `The data of ${type} do not become those of ${newest.definition.type}: ${describeIssues(upgraded.error.issues)}`, tenantId };
  }
  const { type: newestType } = newest.definition;
  return { ok: true, envelope: { ...envelope.data, type: newestType, dataschema: dataSchemaOf(newestType), data: newest.data } };
}

/** Names fields and what is wrong with them, never their values. */
function describeIssues(issues: ReadonlyArray<{ path: PropertyKey[]; message: string }>): string {
  return issues.map((issue) => `${issue.path.map(String).join('.') || 'document'}: ${issue.message}`).join('; ');
}
