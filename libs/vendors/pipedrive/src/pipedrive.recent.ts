import type { z } from 'zod';
import type { PipedriveSession } from './pipedrive.api.ts';
import { pipedriveLimits } from './pipedrive.limits.ts';
import { toSeconds } from './pipedrive.mapping.ts';

/**
 * What was made or changed in the last minutes, newest first. Search may not know it yet, and a record whose creation was
 * repeated because its answer was lost must be found.
 */
export async function recentlyChanged<Schema extends z.ZodType>(
  session: PipedriveSession, object: 'persons' | 'organizations' | 'deals', row: Schema, { nowMs, query = {} }: { readonly nowMs: number; readonly query?: Readonly<Record<string, string>> },
): Promise<Array<z.infer<Schema>>> {
  const rows: Array<z.infer<Schema>> = [];
  let cursor: string | undefined;
  for (let page = 0; page < pipedriveLimits.recentPages; page += 1) {
    const answer = await session.page({
      operation: `${object}.list`,
      path: `${pipedriveLimits.apiV2}/${object}`,
      query: {
        updated_since: toSeconds(new Date(nowMs - pipedriveLimits.recentMs).toISOString()), sort_by: 'update_time', sort_direction: 'desc',
        limit: pipedriveLimits.pageSize, ...query, ...(cursor !== undefined && { cursor }),
      },
    }, row);
    rows.push(...answer.rows);
    cursor = answer.nextCursor;
    if (cursor === undefined) break;
  }
  return rows;
}
