import { createHash } from 'node:crypto';
import { actRecorded, identityActed, type Envelope } from '@crossdock/contracts';
import { z } from 'zod';

/** What somebody did, or tried. It names nobody but by id. */
export const auditEntrySchema = z.object({
  /** The id of the event that told of it. */
  id: z.uuid(),
  /** When it was, ISO 8601 in UTC with milliseconds. */
  at: z.string(),
  actor: z.string(),
  /** `POST /v1/syncs` for a call of the interface, `identity.sign_on` for sign-on. */
  action: z.string(),
  /** The ids of what it was done to, by name. */
  record: z.record(z.string(), z.string()),
  outcome: z.enum(['asked', 'done', 'refused', 'failed']),
  /** More about it: the answer's status, why it was refused. */
  detail: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** The entry that an event is; undefined where it is none. */
export function auditEntryOf(event: Envelope): AuditEntry | undefined {
  switch (event.type) {
    case actRecorded.type: {
      const { actId, actor, action, record, outcome, status, occurredAt } = actRecorded.schema.parse(event.data);
      return { id: event.id, at: occurredAt, actor: actor.id, action, record, outcome, detail: { actId, ...(status !== undefined && { status }), ...(actor.name !== undefined && { name: actor.name }) } };
    }
    case identityActed.type: {
      const { action, outcome, code, actor, personId, sessionId, providerId, domain, occurredAt } = identityActed.schema.parse(event.data);
      return {
        id: event.id, at: occurredAt, actor: `${actor.kind}/${actor.id ?? 'unknown'}`, action: `identity.${action}`, outcome,
        record: { ...(personId !== undefined && { personId }), ...(sessionId !== undefined && { sessionId }), ...(providerId !== undefined && { providerId }) },
        detail: { code, ...(domain !== undefined && { domain }) },
      };
    }
    default: return undefined;
  }
}

/**
 * The SHA-256 of an entry at its place, over the hash of the entry before it: whoever changes, removes or inserts one has to
 * change all that follow. Names are sorted, so that it does not depend on how the entry is kept.
 */
export function hashOf(previous: Buffer, sequence: number, entry: AuditEntry): Buffer {
  return createHash('sha256').update(previous).update(JSON.stringify([sequence, sorted(entry)])).digest();
}

/** The hash before a tenant's first entry. */
export const noHash = Buffer.alloc(32);

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, held]) => [name, sorted(held)]);
}
