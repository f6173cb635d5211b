import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { routeTerms, type CallerOf } from '../company-session.ts';
import { schemaFault } from '../pipedrive-refusals.ts';
import { sliceOf } from './record-page.ts';

const pageSchema = z.object({ limit: z.coerce.number().int().min(1).max(500).default(100), cursor: z.string().optional() });

const kinds = [
  { owner: 'deal', read: ['deals:read', 'deals:full'], write: 'deal-fields:full' },
  { owner: 'person', read: ['contacts:read', 'contacts:full'], write: 'contact-fields:full' },
  { owner: 'organization', read: ['contacts:read', 'contacts:full'], write: 'contact-fields:full' },
] as const;

/** The fields of deals, persons and organisations, version 2. */
export function registerRecordFieldRoutes(app: FastifyInstance, callerOf: CallerOf): void {
  for (const { owner, read: readScopes, write } of kinds) {
    app.get(`/api/v2/${owner}Fields`, routeTerms(10, ...readScopes, 'admin', write), async (request) => {
      const { rows, nextCursor } = sliceOf(callerOf(request).company.fields[owner].list(), read(pageSchema, request.query, schemaFault));
      return { success: true, data: rows, additional_data: { next_cursor: nextCursor } };
    });

    app.post(`/api/v2/${owner}Fields`, routeTerms(5, 'admin', write), async (request) =>
      ({ success: true, data: callerOf(request).company.fields[owner].create(request.body) }));

    app.delete<{ Params: { code: string } }>(`/api/v2/${owner}Fields/:code`, routeTerms(3, 'admin', write), async (request) =>
      ({ success: true, data: callerOf(request).company.fields[owner].remove(request.params.code) }));
  }
}
