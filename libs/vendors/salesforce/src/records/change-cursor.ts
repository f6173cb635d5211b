import { Failure, parseJson } from '@crossdock/contracts';
import { z } from 'zod';
import { salesforceLimits } from '../salesforce.limits.ts';

const timeSchema = z.iso.datetime({ precision: 3 });

/**
 * Where a list of changes stands. A pass goes through what has changed since `low`, in the order of time and id: first the
 * records, then, of deals, the contacts' roles, whose changes do not touch the deal itself.
 */
const positionSchema = z.strictObject({
  stage: z.enum(['records', 'roles']),
  /** When the pass began. */
  startedAt: timeSchema,
  /** What changed before was told by the pass before; absent where all there is is told. */
  low: timeSchema.optional(),
  /** The last record that was told. */
  after: z.strictObject({ at: timeSchema, id: z.string().regex(/^\w{15,18}$/) }).optional(),
  /** This pass only follows one that took several pages, for what changed while they were read. */
  isFollowUp: z.literal(true).optional(),
});
export type ChangePosition = z.infer<typeof positionSchema>;

/** All there is of a kind is read by a job in the background. */
const bulkSchema = z.strictObject({
  stage: z.literal('bulk'),
  startedAt: timeSchema,
  jobId: z.string().regex(/^\w{15,18}$/),
  /** The job is done. */
  isComplete: z.literal(true).optional(),
  /** Where its results go on. */
  locator: z.string().max(500).optional(),
});
export type BulkPosition = z.infer<typeof bulkSchema>;

/** Between two passes: what changed since then is to be told. */
const restSchema = z.strictObject({ since: timeSchema });
const cursorSchema = z.union([restSchema, bulkSchema, positionSchema]);

/** Salesforce keeps whole seconds, and clocks differ a little. */
const clockDifferenceMs = 3_000;

/** @throws Failure `cursor_expired` for what no such list gave, or one that is too old for deletions still to be seen. */
export function readCursor(text: string | undefined, nowMs: number): ChangePosition | BulkPosition {
  const startedAt = new Date(nowMs).toISOString();
  if (text === undefined) return { stage: 'records', startedAt };
  const parsed = cursorSchema.safeParse(parseJson(text));
  if (!parsed.success) throw expired('The cursor is none of Salesforce’s.');
  const cursor = parsed.data;
  const since = 'since' in cursor ? cursor.since : cursor.startedAt;
  if (nowMs - Date.parse(since) > salesforceLimits.changesRememberedMs) throw expired(`Salesforce does not tell any more what was deleted since ${since}.`);
  return 'since' in cursor ? { stage: 'records', startedAt, low: cursor.since } : cursor;
}

/** From where what changes from now on is told. */
export function cursorFromNow(nowMs: number): string {
  return JSON.stringify({ since: new Date(nowMs - salesforceLimits.changesOverlapMs).toISOString() } satisfies z.infer<typeof restSchema>);
}

export function writeCursor(position: ChangePosition | BulkPosition): string {
  return JSON.stringify(position);
}

/** Where to go on after a pass: over what changed while its pages were read, and then after a while, with overlap. */
export function cursorAfterPass(
  { startedAt, isFollowUp }: Pick<ChangePosition, 'startedAt' | 'isFollowUp'>, { tookPages }: { readonly tookPages: boolean },
): { readonly cursor: string; readonly hasMore: boolean } {
  const startedMs = Date.parse(startedAt);
  if (tookPages && isFollowUp === undefined) {
    const low = new Date(startedMs - clockDifferenceMs).toISOString();
    return { cursor: writeCursor({ stage: 'records', startedAt, low, isFollowUp: true }), hasMore: true };
  }
  const since = new Date(startedMs - salesforceLimits.changesOverlapMs).toISOString();
  return { cursor: JSON.stringify({ since } satisfies z.infer<typeof restSchema>), hasMore: false };
}

/** Since when changes of roles are told: with all deals come their roles, so that only later ones are news. */
export function lowOfRoles({ low, startedAt }: ChangePosition): string {
  return low ?? new Date(Date.parse(startedAt) - clockDifferenceMs).toISOString();
}

function expired(message: string): Failure {
  return new Failure('cursor_expired', `${message} Everything must be read anew.`);
}
