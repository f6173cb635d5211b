import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { invalidInput } from '../hubspot-refusals.ts';
import type { PortalOf } from '../portal-session.ts';

const querySchema = z.object({
  email: z.string().optional(),
  archived: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  after: z.string().optional(),
});

/** Owners are read only; a page's cursor is the id of the last one of the page before. */
export function registerOwnerRoutes(app: FastifyInstance, portalOf: PortalOf): void {
  app.get('/crm/v3/owners', async (request) => {
    const { email, archived, limit, after = '0' } = read(querySchema, request.query, invalidInput);
    const found = portalOf(request).owners
      .filter((owner) => owner.archived === archived && (email === undefined || owner.email === email) && Number(owner.id) > Number(after));
    const results = found.slice(0, limit);
    return { results, ...(found.length > limit && { paging: { next: { after: results.at(-1)?.id } } }) };
  });
}
