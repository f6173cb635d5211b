import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { WriteJournal } from '../../write-journal.ts';
import { routeTerms, type CallerOf } from '../company-session.ts';
import { pageOf } from './record-page.ts';
import { idOf } from './record-path.ts';

const readTerms = ['contacts:read', 'contacts:full'] as const;

/** Persons, version 2. */
export function registerPersonRoutes(app: FastifyInstance, callerOf: CallerOf, writes: WriteJournal): void {
  app.get('/api/v2/persons', routeTerms(10, ...readTerms), async (request) => {
    const { persons, deals } = callerOf(request).company;
    const { deal_id: dealId } = z.object({ deal_id: z.coerce.number().optional() }).parse(request.query);
    const linked = dealId === undefined ? undefined : new Set(deals.participantsOf(dealId).map(({ personId }) => personId));
    const { rows, nextCursor } = pageOf(persons.table.list().filter((row) => !row.is_deleted && linked?.has(row.id) !== false), request.query);
    return { success: true, data: rows, additional_data: { next_cursor: nextCursor } };
  });

  app.get<{ Params: { id: string } }>('/api/v2/persons/:id', routeTerms(1, ...readTerms), async (request) =>
    ({ success: true, data: callerOf(request).company.persons.table.get(idOf(request.params.id)) }));

  app.post('/api/v2/persons', routeTerms(5, 'contacts:full'), async (request) => {
    const { company } = callerOf(request);
    const person = company.persons.create(request.body, 'api');
    writes.count(company.options.domain, 'persons', String(person.id), 'created');
    return { success: true, data: person };
  });

  app.patch<{ Params: { id: string } }>('/api/v2/persons/:id', routeTerms(5, 'contacts:full'), async (request) => {
    const { company } = callerOf(request);
    const { person, changed } = company.persons.update(idOf(request.params.id), request.body, 'api');
    writes.count(company.options.domain, 'persons', String(person.id), changed ? 'updated' : 'unchanged');
    return { success: true, data: person };
  });

  app.delete<{ Params: { id: string } }>('/api/v2/persons/:id', routeTerms(3, 'contacts:full'), async (request) => {
    const { company } = callerOf(request);
    const id = idOf(request.params.id);
    company.persons.delete(id, 'api');
    writes.count(company.options.domain, 'persons', String(id), 'deleted');
    return { success: true, data: { id } };
  });
}
