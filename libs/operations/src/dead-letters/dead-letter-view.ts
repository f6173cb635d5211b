import { createHash } from 'node:crypto';
import { findDeadLetter } from '@crossdock/event-bus';
import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { timestampSchema } from '@crossdock/contracts';
import { auditViewSchema, listAudit } from '../audit/operation-audit.ts';
import { redactDocument, redactText } from '../redaction.ts';
import { isTaskId } from './dead-letter-filter.ts';
import { cursorAfter, deadLetterSummarySchema, placeOf, type DeadLetterSummary } from './dead-letter-list.ts';

/** A line of the list, without secrets and personal data. */
export const deadLetterLineSchema = deadLetterSummarySchema.omit({ atMicros: true }).extend({ at: timestampSchema }).meta({ id: 'ListedDeadLetter' });
type DeadLetterLine = z.infer<typeof deadLetterLineSchema>;

/** A line with its place, which is a cursor in the list of any service: where several lists become one it goes on behind it. */
const placedLineSchema = deadLetterLineSchema.extend({ place: z.string() }).meta({ id: 'PlacedDeadLetter' });
export const deadLetterPageSchema = z.object({ items: z.array(placedLineSchema).readonly(), nextCursor: z.string().exactOptional() });
export type DeadLetterPage = z.infer<typeof deadLetterPageSchema>;

/** One dead letter with all that may be seen of it. */
export const deadLetterViewSchema = deadLetterLineSchema.extend({
  headers: z.unknown(),
  content: z.union([z.object({ json: z.unknown() }), z.object({ bytes: z.int(), sha256: z.string() })]).describe('The content where it is JSON, redacted; other bytes are not shown, only measured.'),
  message: z.object({
    topic: z.string(),
    partition: z.int(),
    offset: z.string(),
  }).exactOptional(),
  attempts: z.int().exactOptional().describe('Tries of a task.'),
  history: z.array(auditViewSchema).readonly().describe('What operators did with it before, newest first.'),
}).meta({ id: 'DeadLetter' });
export type DeadLetterView = z.infer<typeof deadLetterViewSchema>;

const historyLength = 20;

/** @param limit how many were asked for */
export function viewPage(page: readonly DeadLetterSummary[], limit: number): DeadLetterPage {
  const nextCursor = cursorAfter(page, limit);
  return { items: page.map((line) => ({ ...viewLine(line), place: placeOf(line) })), ...(nextCursor !== undefined && { nextCursor }) };
}

function viewLine({ at, atMicros: _, record, error, ...rest }: DeadLetterSummary): DeadLetterLine {
  return { ...rest, record: record === null ? null : redactText(record), error: redactText(error), at: at.toISOString() };
}

export async function viewDeadLetter(manager: EntityManager, id: string): Promise<DeadLetterView | undefined> {
  const view = isTaskId(id) ? await viewTask(manager, id) : await viewLetter(manager, id);
  return view && { ...view, history: await listAudit(manager, { recordId: id, limit: historyLength }) };
}

async function viewLetter(manager: EntityManager, id: string): Promise<Omit<DeadLetterView, 'history'> | undefined> {
  const letter = await findDeadLetter(manager, id);
  if (!letter) return undefined;
  const { topic, partition, offset, key } = letter.message ?? {};
  return {
    id, origin: letter.origin, state: 'dead', kind: letter.kind, reason: letter.reason, error: redactText(letter.error),
    tenantId: letter.tenantId ?? null, record: key === undefined ? null : redactText(key), at: letter.createdAt.toISOString(),
    headers: redactDocument(letter.headers), content: viewBytes(letter.body),
    ...(topic !== undefined && partition !== undefined && offset !== undefined && { message: { topic, partition, offset } }),
  };
}

const taskSchema = z.object({
  state: z.enum(['dead', 'parked']), kind: z.string(), record_key: z.string(), tenant_id: z.uuid(), payload: z.unknown(), attempt: z.number(),
  last_error_kind: z.string().nullable(), last_error: z.string().nullable(), created_at: z.date(),
});

async function viewTask(manager: EntityManager, id: string): Promise<Omit<DeadLetterView, 'history'> | undefined> {
  const [found] = await manager.query<unknown[]>(
    `SELECT state, kind, record_key, tenant_id, payload, attempt, last_error_kind, last_error, created_at
     FROM task WHERE id = $1 AND state IN ('dead', 'parked')`,
    [id],
  );
  if (found === undefined) return undefined;
  const task = taskSchema.parse(found);
  return {
    id, origin: 'task', state: task.state, kind: task.kind, reason: task.last_error_kind ?? 'unexpected', error: redactText(task.last_error ?? ''),
    tenantId: task.tenant_id, record: redactText(task.record_key), at: task.created_at.toISOString(),
    headers: {}, content: { json: redactDocument(task.payload) }, attempts: task.attempt,
  };
}

function viewBytes(body: Buffer): DeadLetterView['content'] {
  try {
    const json: unknown = JSON.parse(body.toString('utf8'));
    if (typeof json === 'object' && json !== null) return { json: redactDocument(json) };
  } catch {
    // Not JSON: anything may stand in it.
  }
  return { bytes: body.length, sha256: createHash('sha256').update(body).digest('hex') };
}
