import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { routeTerms, type CallerOf } from '../company-session.ts';
import { schemaFault } from '../pipedrive-refusals.ts';
import { sliceOf } from './record-page.ts';

const pageSchema = z.object({ limit: z.coerce.number().int().min(1).max(500).default(100), cursor: z.string().optional() });

/** The fields of deals, version 2. */
export function registerDealFieldRoutes(app: FastifyInstance, callerOf: CallerOf): void {
  app.get('/api/v2/dealFields', routeTerms(10, 'deals:read', 'deals:full', 'admin', 'deal-fields:full'), async (request) => {
    const { rows, nextCursor } = sliceOf(callerOf(request).company.dealFields.list(), read(pageSchema, request.query, schemaFault));
    return { success: true, data: rows, additional_data: { next_cursor: nextCursor } };
  });

  app.post('/api/v2/dealFields', routeTerms(5, 'admin', 'deal-fields:full'), async (request) =>
    ({ success: true, data: callerOf(request).company.dealFields.create(request.body) }));
}
