import { envelopeSchema, findEventDefinition, type Envelope } from '@crossdock/contracts';
import type { DeadLetterReason } from './dead-letter-store.ts';

export type ParsedEvent =
  | { readonly ok: true; readonly envelope: Envelope }
  | { readonly ok: false; readonly reason: DeadLetterReason; readonly error: string; readonly tenantId?: string };

/** Checks a message's bytes against the envelope and the schema of its type. Nothing unchecked reaches a handler. */
export function parseEvent(value: Buffer | null): ParsedEvent {
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
  const definition = findEventDefinition(type);
  if (!definition) {
    return { ok: false, reason: 'unknown_type', error: `No event of type ${type} is known to this version.`, tenantId };
  }
  const data = definition.schema.safeParse(envelope.data.data);
  if (!data.success) {
    return { ok: false, reason: 'schema_mismatch', error: `The data of ${type} is wrong: ${describeIssues(data.error.issues)}`, tenantId };
  }
  return { ok: true, envelope: envelope.data };
}

/** Names fields and what is wrong with them, never their values. */
function describeIssues(issues: ReadonlyArray<{ path: PropertyKey[]; message: string }>): string {
  return issues.map((issue) => `${issue.path.map(String).join('.') || 'document'}: ${issue.message}`).join('; ');
}
