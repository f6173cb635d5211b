import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { routeTerms, type CallerOf } from '../company-session.ts';
import { pipedriveRefusal } from '../pipedrive-refusals.ts';

const kinds = ['person', 'organization', 'deal'] as const;

const recentsSchema = z.object({
  since_timestamp: z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, 'must be a time').transform((text) => Date.parse(`${text.replace(' ', 'T')}Z`)),
  items: z.string().default(kinds.join(',')).transform((text) => text.split(',')),
  start: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** What changed of late, deleted records among them, oldest first; version 1, times without a zone. */
export function registerRecentsRoutes(app: FastifyInstance, callerOf: CallerOf): void {
  for (const base of ['/v1', '/api/v1']) {
    app.get(`${base}/recents`, routeTerms(20, 'recents:read', 'search:read'), async (request) => {
      const { persons, organizations, deals } = callerOf(request).company;
      const { since_timestamp: since, items, start, limit } = read(recentsSchema, request.query, (at, message) => pipedriveRefusal(400, `${at} ${message}`));
      const tables = { person: persons.table, organization: organizations.table, deal: deals.table };
      const rows = kinds.filter((kind) => items.includes(kind)).flatMap((kind) => tables[kind].list().map((row) => ({ kind, row })))
        .filter(({ row }) => Date.parse(row.update_time) >= since)
        .toSorted((one, other) => Date.parse(one.row.update_time) - Date.parse(other.row.update_time));
      const more = start + limit < rows.length;
      const page = rows.slice(start, start + limit);
      return {
        success: true,
        data: page.map(({ kind, row }) => ({
          item: kind, id: row.id, data: {
            id: row.id, add_time: withoutZone(row.add_time), update_time: withoutZone(row.update_time),
            ...(kind === 'deal' ? { deleted: row.is_deleted } : { active_flag: !row.is_deleted }),
          },
        })),
        additional_data: {
          last_timestamp_on_page: withoutZone(page.at(-1)?.row.update_time ?? new Date(since).toISOString()),
          pagination: { start, limit, more_items_in_collection: more, ...(more && { next_start: start + limit }) },
        },
      };
    });
  }
}

const withoutZone = (time: string): string => time.slice(0, 19).replace('T', ' ');
