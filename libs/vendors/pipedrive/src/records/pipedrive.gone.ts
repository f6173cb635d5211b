import type { CrmObject } from '@crossdock/contracts';
import { z } from 'zod';
import type { PipedriveSession } from '../pipedrive.api.ts';
import { pipedriveLimits } from '../pipedrive.limits.ts';
import { toSeconds } from '../pipedrive.mapping.ts';
import { kindOf, rowSchema } from './pipedrive.kinds.ts';

export interface GonePlace {
  /** ISO 8601 with milliseconds. */
  readonly since: string;
  /** How many of those that share that time have been told. */
  readonly start: number;
  /** Pipedrive's own place in a list of deals. */
  readonly page?: string | undefined;
}

export interface GonePage {
  readonly ids: readonly number[];
  /** Where to go on; absent where nothing is left. */
  readonly next?: GonePlace;
}

/** A page of what was deleted. Deals have a list of it; persons and organisations are among the recent changes of version 1. @throws Failure */
export function readGone(session: PipedriveSession, object: CrmObject, place: GonePlace & { readonly limit: number }): Promise<GonePage> {
  return object === 'deal' ? deletedDeals(session, place) : recentlyDeleted(session, object, place);
}

async function deletedDeals(session: PipedriveSession, { since, limit, page }: GonePlace & { readonly limit: number }): Promise<GonePage> {
  const { rows, nextCursor } = await session.page({
    operation: 'deals.deleted', path: `${pipedriveLimits.apiV2}/deals`,
    query: { status: 'deleted', updated_since: toSeconds(since), sort_by: 'update_time', sort_direction: 'asc', limit, ...(page !== undefined && { cursor: page }) },
  }, rowSchema);
  const ids = rows.map(({ id }) => id);
  return nextCursor === undefined ? { ids } : { ids, next: { since, start: 0, page: nextCursor } };
}

const recentsSchema = z.object({
  data: z.array(z.object({ id: z.int().positive(), data: z.object({ active_flag: z.boolean().nullish() }).nullish() })).nullable(),
  additional_data: z.object({
    last_timestamp_on_page: z.string().nullish(), pagination: z.object({ more_items_in_collection: z.boolean() }).nullish(),
  }).nullish(),
});

async function recentlyDeleted(session: PipedriveSession, object: CrmObject, { since, start, limit }: GonePlace & { readonly limit: number }): Promise<GonePage> {
  const { data, additional_data: more } = await session.whole({
    operation: 'recents.list', path: `${pipedriveLimits.apiV1}/recents`,
    query: { since_timestamp: since.slice(0, 19).replace('T', ' '), items: kindOf(object).owner, start, limit },
  }, recentsSchema);
  const rows = data ?? [];
  const ids = rows.filter((row) => row.data?.active_flag === false).map(({ id }) => id);
  const last = more?.last_timestamp_on_page;
  if (more?.pagination?.more_items_in_collection !== true || !last) return { ids };
  return { ids, next: placeAfter({ since, count: start + rows.length }, new Date(`${last.replace(' ', 'T')}Z`).toISOString()) };
}

/** The list is asked for from the last time on: records that change move to its end, and no count of those before it holds. */
function placeAfter({ since, count }: { readonly since: string; readonly count: number }, last: string): GonePlace {
  return last > since ? { since: last, start: 0 } : { since, start: count };
}
