import type { FastifyInstance } from 'fastify';
import { read } from '../../request-bodies.ts';
import { objectTypeOf } from './crm-object-types.ts';
import { searchRecords, searchSchema } from './crm-search.ts';
import { invalidInput } from '../hubspot-refusals.ts';
import type { PortalOf } from '../portal-session.ts';
import { recordAnswer } from './record-answer.ts';

export function registerSearchRoutes(app: FastifyInstance, base: string, portalOf: PortalOf): void {
  app.post<{ Params: { type: string } }>(`${base}/:type/search`, async (request) => {
    const portal = portalOf(request);
    const type = objectTypeOf(request.params.type);
    const body = read(searchSchema, request.body ?? {}, invalidInput);
    const found = searchRecords(portal.definitions, portal.records.list(type), body, Date.now());
    return {
      total: found.total,
      results: found.page.map(({ record, properties }) => recordAnswer(portal, { ...record, properties }, body.properties)),
      ...(found.after === undefined ? {} : { paging: { next: { after: found.after } } }),
    };
  });
}
