import { crmObjectSchema, type CrmObject } from '@crossdock/contracts';
import { tenantContext } from '@crossdock/tenancy';
import type { EntityManager } from 'typeorm';
import { v4 as uuid } from 'uuid';
import { z } from 'zod';

const rowSchema = z.object({
  connectionId: z.uuid(),
  object: crmObjectSchema,
  /** Names the polls that are under way; null where changes are not followed. */
  feedId: z.uuid().nullable(),
  pollEverySeconds: z.int().nullable(),
  /** Up to where changes were told; null until a complete reading has come to its end. */
  cursor: z.string().nullable(),
  polledAt: z.date().nullable(),
  /** Why the last poll came to nothing. */
  problem: z.string().nullable(),
  /** The complete reading that is under way. */
  scanJobId: z.uuid().nullable(),
  /** Somebody wants every record and not only what changes. */
  isComplete: z.boolean(),
});
const keySchema = rowSchema.pick({ connectionId: true, object: true });
/** How far the changes of a kind of record of an account have been told. */
export type RecordFeed = z.infer<typeof rowSchema>;
/** Which one. */
export type FeedKey = Pick<RecordFeed, 'connectionId' | 'object'>;

const columns = `connection_id AS "connectionId", object, feed_id AS "feedId", poll_every_seconds AS "pollEverySeconds", cursor,
  polled_at AS "polledAt", problem, scan_job_id AS "scanJobId", followers ? 'sync' AS "isComplete"`;
const ofFeed = 'tenant_id = $1 AND connection_id = $2 AND object = $3';

function keyOf({ connectionId, object }: FeedKey): [string, string, CrmObject] {
  return [tenantContext.require().tenantId, connectionId, object];
}

/** In the caller's tenant transaction, as all of these. */
export async function findFeed(manager: EntityManager, key: FeedKey): Promise<RecordFeed | undefined> {
  const [row] = await manager.query<unknown[]>(`SELECT ${columns} FROM record_feed WHERE ${ofFeed}`, keyOf(key));
  return row === undefined ? undefined : rowSchema.parse(row);
}

/** Which of these are followed, by one statement in the caller's transaction, which is of their tenant or has the system scope. */
export async function listFollowed(manager: EntityManager, keys: ReadonlyArray<FeedKey & { readonly tenantId: string }>): Promise<FeedKey[]> {
  return z.array(keySchema).parse(await manager.query(
    `SELECT DISTINCT connection_id AS "connectionId", object FROM record_feed
       JOIN unnest($1::uuid[], $2::uuid[], $3::text[]) AS touched (tenant_id, connection_id, object) USING (tenant_id, connection_id, object)
     WHERE feed_id IS NOT NULL`, [keys.map(({ tenantId }) => tenantId), keys.map(({ connectionId }) => connectionId), keys.map(({ object }) => object)]));
}

/** Who follows changes: those who keep all records in step, or those who need to hear of some. */
export type Follower = 'orders' | 'sync' | 'shipping';

/** A complete reading ends, and another mapping comes to hold, one after the other. */
export async function lockFeed(manager: EntityManager, key: FeedKey): Promise<void> {
  await manager.query(`SELECT 1 FROM record_feed WHERE ${ofFeed} FOR UPDATE`, keyOf(key));
}

/** Begins to follow changes, or in another rhythm. @returns the feed, unless it is followed in this rhythm already. */
export async function follow(manager: EntityManager, key: FeedKey, { follower, pollEverySeconds }: { readonly follower: Follower; readonly pollEverySeconds: number }): Promise<RecordFeed | undefined> {
  const [row] = await manager.query<unknown[]>(
    `INSERT INTO record_feed (tenant_id, connection_id, object, feed_id, poll_every_seconds, followers) VALUES ($1, $2, $3, $4, $5, jsonb_build_object($6::text, $5::integer))
     ON CONFLICT (tenant_id, connection_id, object) DO UPDATE SET feed_id = excluded.feed_id, followers = record_feed.followers || excluded.followers,
       poll_every_seconds = (SELECT min(value::integer) FROM jsonb_each_text(record_feed.followers || excluded.followers))
     WHERE record_feed.followers IS DISTINCT FROM record_feed.followers || excluded.followers
     RETURNING ${columns}`, [...keyOf(key), uuid(), pollEverySeconds, follower]);
  return row === undefined ? undefined : rowSchema.parse(row);
}

/** Ends following for one of those who do; for the last of them it ends. Where it stood is kept. */
export async function unfollow(manager: EntityManager, key: FeedKey, follower: Follower): Promise<void> {
  await manager.query(
    `UPDATE record_feed SET followers = followers - $4::text,
       poll_every_seconds = (SELECT min(value::integer) FROM jsonb_each_text(followers - $4::text)),
       feed_id = CASE WHEN followers - $4::text = '{}' THEN NULL ELSE feed_id END
     WHERE ${ofFeed}`, [...keyOf(key), follower]);
}

/** A feed that nothing is known of begins at this place. */
export async function beginAt(manager: EntityManager, key: FeedKey, cursor: string): Promise<void> {
  await manager.query(`UPDATE record_feed SET cursor = $4 WHERE ${ofFeed} AND cursor IS NULL`, [...keyOf(key), cursor]);
}

/** Gives each feed of an account that is followed a new name, so that the polls that wait end. @returns them. */
export async function renewFeeds(manager: EntityManager, connectionId: string): Promise<RecordFeed[]> {
  const [rows] = await manager.query<[unknown[], number]>(
    `UPDATE record_feed SET feed_id = gen_random_uuid() WHERE tenant_id = $1 AND connection_id = $2 AND feed_id IS NOT NULL RETURNING ${columns}`,
    [tenantContext.require().tenantId, connectionId]);
  return z.array(rowSchema).parse(rows);
}

/** @returns false where another poll has moved it meanwhile. */
export async function moveCursor(manager: EntityManager, key: FeedKey, { from, to }: { readonly from: string; readonly to: string }): Promise<boolean> {
  const [, moved] = await manager.query<[unknown[], number]>(
    `UPDATE record_feed SET cursor = $5, polled_at = now(), problem = NULL WHERE ${ofFeed} AND cursor = $4`, [...keyOf(key), from, to]);
  return moved > 0;
}

/** The cursor is worth nothing any more. */
export async function forgetCursor(manager: EntityManager, key: FeedKey): Promise<void> {
  await manager.query(`UPDATE record_feed SET cursor = NULL WHERE ${ofFeed}`, keyOf(key));
}

export async function noteProblem(manager: EntityManager, key: FeedKey, problem: string): Promise<void> {
  await manager.query(`UPDATE record_feed SET problem = $4 WHERE ${ofFeed}`, [...keyOf(key), problem.slice(0, 2_000)]);
}

/** A complete reading begins; one that is under way is superseded by it. */
export async function noteScan(manager: EntityManager, key: FeedKey, jobId: string): Promise<void> {
  await manager.query(
    `INSERT INTO record_feed (tenant_id, connection_id, object, scan_job_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id, connection_id, object) DO UPDATE SET scan_job_id = excluded.scan_job_id`, [...keyOf(key), jobId]);
}

/** A complete reading came to its end; its cursor is for a feed that has none. */
export async function endScan(manager: EntityManager, key: FeedKey, jobId: string, cursor?: string): Promise<void> {
  await manager.query(
    `UPDATE record_feed SET scan_job_id = NULL, cursor = coalesce(cursor, $5) WHERE ${ofFeed} AND scan_job_id = $4`, [...keyOf(key), jobId, cursor ?? null]);
}

const unreadSchema = z.array(z.object({ object: crmObjectSchema, seconds: z.number() }));

/** By kind of record, how long ago the feed was read that has waited longest; over all tenants, in a system transaction. One that was never read is not counted: it begins with a complete reading. */
export async function longestUnread(manager: EntityManager): Promise<z.infer<typeof unreadSchema>> {
  return unreadSchema.parse(await manager.query(
    `SELECT object, greatest(0, extract(epoch FROM now() - min(polled_at)))::float8 AS seconds FROM record_feed
     WHERE feed_id IS NOT NULL AND polled_at IS NOT NULL GROUP BY object`));
}
