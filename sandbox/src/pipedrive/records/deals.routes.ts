import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { WriteJournal } from '../../write-journal.ts';
import { routeTerms, type CallerOf } from '../company-session.ts';
import type { Company } from '../pipedrive-companies.ts';
import type { Deal } from './deal-records.ts';
import { pageOf } from './record-page.ts';
import { idOf } from './record-path.ts';

const readTerms = ['deals:read', 'deals:full'] as const;

const querySchema = z.object({
  status: z.enum(['open', 'won', 'lost', 'deleted']).optional(),
  person_id: z.coerce.number().int().optional(),
  org_id: z.coerce.number().int().optional(),
  include_fields: z.string().default(''),
  custom_fields: z.string().optional(),
});

/** Deals, version 2. A list without a status leaves deleted ones out; archived ones have a list of their own. */
export function registerDealRoutes(app: FastifyInstance, callerOf: CallerOf, writes: WriteJournal): void {
  for (const [path, cost, archived] of [['/api/v2/deals', 10, false], ['/api/v2/deals/archived', 20, true]] as const) {
    app.get(path, routeTerms(cost, ...readTerms), async (request) => {
      const { company } = callerOf(request);
      const query = querySchema.parse(request.query);
      const fitting = company.deals.table.list()
        .filter((deal) => deal.is_archived === archived && deal.is_deleted === (query.status === 'deleted'))
        .filter((deal) => query.status === undefined || deal.status === query.status)
        .filter((deal) => query.person_id === undefined || deal.person_id === query.person_id)
        .filter((deal) => query.org_id === undefined || deal.org_id === query.org_id);
      const { rows, nextCursor } = pageOf(fitting, request.query);
      return { success: true, data: rows.map((deal) => dealAnswer(company, deal, query)), additional_data: { next_cursor: nextCursor } };
    });
  }

  app.get<{ Params: { id: string } }>('/api/v2/deals/:id', routeTerms(1, ...readTerms), async (request) => {
    const { company } = callerOf(request);
    return { success: true, data: dealAnswer(company, company.deals.table.getAny(idOf(request.params.id)), querySchema.parse(request.query)) };
  });

  app.post('/api/v2/deals', routeTerms(5, 'deals:full'), async (request) => {
    const { company } = callerOf(request);
    const deal = company.deals.create(request.body, 'api');
    writes.count(company.options.domain, 'deals', String(deal.id), 'created');
    return { success: true, data: dealAnswer(company, deal) };
  });

  app.patch<{ Params: { id: string } }>('/api/v2/deals/:id', routeTerms(5, 'deals:full'), async (request) => {
    const { company } = callerOf(request);
    const { deal, changed } = company.deals.update(idOf(request.params.id), request.body, 'api');
    writes.count(company.options.domain, 'deals', String(deal.id), changed ? 'updated' : 'unchanged');
    return { success: true, data: dealAnswer(company, deal) };
  });

  app.delete<{ Params: { id: string } }>('/api/v2/deals/:id', routeTerms(3, 'deals:full'), async (request) => {
    const { company } = callerOf(request);
    const id = idOf(request.params.id);
    company.deals.delete(id, 'api');
    writes.count(company.options.domain, 'deals', String(id), 'deleted');
    return { success: true, data: { id } };
  });
}

/** A deal as it is answered: with every field of the company's own, or those that were asked for. */
export function dealAnswer(company: Company, deal: Deal, query?: z.output<typeof querySchema>): Record<string, unknown> {
  const day = (time: string | null): string | null => time?.slice(0, 10) ?? null;
  return {
    ...deal,
    local_won_date: day(deal.won_time),
    local_lost_date: day(deal.lost_time),
    local_close_date: day(deal.close_time),
    custom_fields: company.fields.deal.chosen(deal.custom_fields, query?.custom_fields),
    ...(query?.include_fields.split(',').includes('participants_count') === true && { participants_count: company.deals.participantsOf(deal.id).length }),
  };
}
