import type { CrmObject } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi } from '../zoho.api.ts';
import { zohoLimits } from '../zoho.limits.ts';
import { zohoTime } from '../zoho.time.ts';
import { moduleOf } from './zoho.modules.ts';

const deletedSchema = z.object({
  data: z.array(z.object({ id: z.string().min(1) })),
  info: z.object({ more_records: z.boolean().nullish() }).nullish(),
});

/**
 * A page of what was deleted in a module, in whatever way; it does not say whether a record was merged into another.
 * Source: https://www.zoho.com/crm/developer/docs/api/v8/get-deleted-records.html
 * @throws Failure
 */
export async function readDeleted(
  api: ZohoApi, object: CrmObject, { page, sinceMs }: { readonly page: number; readonly sinceMs?: number },
): Promise<{ ids: string[]; hasMore: boolean }> {
  const answer = await api.send(deletedSchema, {
    method: 'GET', path: `${moduleOf(object)}/deleted?type=all&per_page=200&page=${page}`, operation: 'deleted.list',
    ...(sinceMs !== undefined && { modifiedSince: zohoTime(sinceMs) }),
  });
  return { ids: (answer?.data ?? []).map(({ id }) => id), hasMore: answer?.info?.more_records === true };
}

/** Which of these records were deleted, as far as the list of deleted records tells in so many pages. @throws Failure */
export async function findDeleted(api: ZohoApi, object: CrmObject, ids: ReadonlySet<string>): Promise<string[]> {
  const found: string[] = [];
  for (let page = 1; page <= zohoLimits.deletedPages && found.length < ids.size; page += 1) {
    const deleted = await readDeleted(api, object, { page });
    found.push(...deleted.ids.filter((id) => ids.has(id)));
    if (!deleted.hasMore) break;
  }
  return found;
}
