import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { WriteJournal } from '../../write-journal.ts';
import { routeTerms, type CallerOf } from '../company-session.ts';
import type { Company } from '../pipedrive-companies.ts';
import type { Person } from './person-records.ts';
import { pageOf } from './record-page.ts';
import { idOf } from './record-path.ts';

const readTerms = ['contacts:read', 'contacts:full'] as const;

const querySchema = z.object({ deal_id: z.coerce.number().optional(), org_id: z.coerce.number().optional(), custom_fields: z.string().optional() });

/** Persons, version 2. */
export function registerPersonRoutes(app: FastifyInstance, callerOf: CallerOf, writes: WriteJournal): void {
  app.get('/api/v2/persons', routeTerms(10, ...readTerms), async (request) => {
    const { company } = callerOf(request);
    const { deal_id: dealId, org_id: organizationId, custom_fields: codes } = querySchema.parse(request.query);
    const linked = dealId === undefined ? undefined : new Set(company.deals.participantsOf(dealId).map(({ personId }) => personId));
    const fitting = company.persons.table.list()
      .filter((row) => !row.is_deleted && linked?.has(row.id) !== false && (organizationId === undefined || row.org_id === organizationId));
    const { rows, nextCursor } = pageOf(fitting, request.query);
    return { success: true, data: rows.map((row) => personAnswer(company, row, codes)), additional_data: { next_cursor: nextCursor } };
  });

  app.get<{ Params: { id: string } }>('/api/v2/persons/:id', routeTerms(1, ...readTerms), async (request) => {
    const { company } = callerOf(request);
    return { success: true, data: personAnswer(company, company.persons.table.getAny(idOf(request.params.id))) };
  });

  app.post('/api/v2/persons', routeTerms(5, 'contacts:full'), async (request) => {
    const { company } = callerOf(request);
    const person = company.persons.create(request.body, 'api');
    writes.count(company.options.domain, 'persons', String(person.id), 'created');
    return { success: true, data: personAnswer(company, person) };
  });

  app.patch<{ Params: { id: string } }>('/api/v2/persons/:id', routeTerms(5, 'contacts:full'), async (request) => {
    const { company } = callerOf(request);
    const { person, changed } = company.persons.update(idOf(request.params.id), request.body, 'api');
    writes.count(company.options.domain, 'persons', String(person.id), changed ? 'updated' : 'unchanged');
    return { success: true, data: personAnswer(company, person) };
  });

  app.delete<{ Params: { id: string } }>('/api/v2/persons/:id', routeTerms(3, 'contacts:full'), async (request) => {
    const { company } = callerOf(request);
    const id = idOf(request.params.id);
    company.persons.delete(id, 'api');
    writes.count(company.options.domain, 'persons', String(id), 'deleted');
    return { success: true, data: { id } };
  });
}

/** A person as it is answered: with every field of the company's own, or those that were asked for. */
export function personAnswer(company: Company, person: Person, codes?: string): Record<string, unknown> {
  return { ...person, custom_fields: company.fields.person.chosen(person.custom_fields, codes) };
}
