import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import type { DeadLetterFilter } from './dead-letter-filter.ts';

export const deadLetterSummarySchema = z.object({
  id: z.string(),
  origin: z.enum(['event', 'task', 'webhook']),
  state: z.enum(['dead', 'parked']),
  kind: z.string(),
  reason: z.string(),
  error: z.string(),
  tenantId: z.uuid().nullable(),
  /** What it is about: the message key of an event, the record of a task. */
  record: z.string().nullable(),
  at: z.date(),
  atMicros: z.string(),
});
export type DeadLetterSummary = z.infer<typeof deadLetterSummarySchema>;

export interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const micros = '(extract(epoch FROM created_at) * 1000000)::bigint::text';

/** Conditions that letters and tasks share; each names its parameter. `$8` and `$9` are the cursor's time and id. */
const shared = `
  ($2::text IS NULL OR kind = $2) AND ($4::uuid IS NULL OR tenant_id = $4)
  AND ($5::timestamptz IS NULL OR created_at < $5) AND ($6::timestamptz IS NULL OR created_at >= $6)
  AND ($8::bigint IS NULL OR (created_at, id::text COLLATE "C") > (timestamptz 'epoch' + $8::bigint * interval '1 microsecond', $9::text))
  ORDER BY created_at, id::text COLLATE "C" LIMIT $10`;

/**
 * What could not be worked off: messages and webhooks among the dead letters, and tasks that are dead or parked. Oldest
 * first, because that is the order to work them off in. A task's time is when it was put in.
 */
export async function listDeadLetters(manager: EntityManager, filter: DeadLetterFilter, { limit, cursor }: Page): Promise<DeadLetterSummary[]> {
  const [cursorMicros, cursorId] = cursor?.split('.') ?? [];
  const rows = await manager.query<unknown[]>(
    `SELECT * FROM ((SELECT id::text, origin, 'dead' AS state, kind, reason, error, tenant_id AS "tenantId", message_key AS record, created_at AS at, ${micros} AS "atMicros"
      FROM dead_letter
      WHERE ($1::text IS NULL OR origin = $1) AND ($3::text IS NULL OR reason = $3) AND ($7::text IS NULL OR $7 = 'dead') AND ${shared})
     UNION ALL
     (SELECT id::text, 'task', state, kind, coalesce(last_error_kind, 'unexpected'), coalesce(last_error, ''), tenant_id, record_key, created_at, ${micros}
      FROM task
      WHERE state IN ('dead', 'parked') AND ($1::text IS NULL OR $1 = 'task') AND ($3::text IS NULL OR coalesce(last_error_kind, 'unexpected') = $3)
        AND ($7::text IS NULL OR state = $7) AND ${shared})) AS letters
     ORDER BY at, id COLLATE "C" LIMIT $10`,
    [
      filter.origin ?? null, filter.kind ?? null, filter.reason ?? null, filter.tenantId ?? null, filter.before ?? null, filter.since ?? null,
      filter.state ?? null, cursorMicros ?? null, cursorId ?? null, limit,
    ],
  );
  return rows.map((row) => deadLetterSummarySchema.parse(row));
}

/** Where it stands in the list of any service: a cursor behind which the list goes on. */
export function placeOf({ atMicros, id }: DeadLetterSummary): string {
  return `${atMicros}.${id}`;
}

/** The cursor behind the last one of a full page; nothing where the page was not full. */
export function cursorAfter(page: readonly DeadLetterSummary[], limit: number): string | undefined {
  const last = page.at(-1);
  return page.length === limit && last ? placeOf(last) : undefined;
}
