import { dataSchemaOf, envelopeSchema, eventCatalogue, upgradeEvent, type Envelope, type EventDefinition } from '@crossdock/contracts';
import type { DeadLetterReason } from './dead-letter-store.ts';

export type ParsedEvent =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly reason: DeadLetterReason; readonly error: string; readonly tenantId?: string };

/**
 * Checks a message's bytes against the envelope and the schema of its type. Nothing unchecked reaches a handler. An event of an
 * older version is brought up to the newest one, which its handler is for.
 */
export function parseEvent(value: Buffer | null, catalogue: readonly EventDefinition[] = eventCatalogue): ParsedEvent {
  let json: unknown;
  try {
    json = JSON.parse(value?.toString('utf8') ?? '');
  } catch {
    return { ok: false, reason: 'unparseable', error: 'The message is not JSON.' };
  }
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
