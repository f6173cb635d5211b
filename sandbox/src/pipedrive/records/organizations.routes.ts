import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { WriteJournal } from '../../write-journal.ts';
import { routeTerms, type CallerOf } from '../company-session.ts';
import type { Company } from '../pipedrive-companies.ts';
import type { Organization } from './organization-records.ts';
import { pageOf } from './record-page.ts';
import { idOf } from './record-path.ts';

const readTerms = ['contacts:read', 'contacts:full'] as const;

/** Organisations, version 2. */
export function registerOrganizationRoutes(app: FastifyInstance, callerOf: CallerOf, writes: WriteJournal): void {
  app.get('/api/v2/organizations', routeTerms(10, ...readTerms), async (request) => {
    const { company } = callerOf(request);
    const { custom_fields: codes } = z.object({ custom_fields: z.string().optional() }).parse(request.query);
    const { rows, nextCursor } = pageOf(company.organizations.table.list().filter((row) => !row.is_deleted), request.query);
    return { success: true, data: rows.map((row) => organizationAnswer(company, row, codes)), additional_data: { next_cursor: nextCursor } };
  });

  app.get<{ Params: { id: string } }>('/api/v2/organizations/:id', routeTerms(1, ...readTerms), async (request) => {
    const { company } = callerOf(request);
    return { success: true, data: organizationAnswer(company, company.organizations.table.getAny(idOf(request.params.id))) };
  });

  app.post('/api/v2/organizations', routeTerms(5, 'contacts:full'), async (request) => {
    const { company } = callerOf(request);
    const organization = company.organizations.create(request.body, 'api');
    writes.count(company.options.domain, 'organizations', String(organization.id), 'created');
    return { success: true, data: organizationAnswer(company, organization) };
  });

  app.patch<{ Params: { id: string } }>('/api/v2/organizations/:id', routeTerms(5, 'contacts:full'), async (request) => {
    const { company } = callerOf(request);
    const { organization, changed } = company.organizations.update(idOf(request.params.id), request.body, 'api');
    writes.count(company.options.domain, 'organizations', String(organization.id), changed ? 'updated' : 'unchanged');
    return { success: true, data: organizationAnswer(company, organization) };
  });

  app.delete<{ Params: { id: string } }>('/api/v2/organizations/:id', routeTerms(3, 'contacts:full'), async (request) => {
    const { company } = callerOf(request);
    const id = idOf(request.params.id);
    company.organizations.delete(id, 'api');
    writes.count(company.options.domain, 'organizations', String(id), 'deleted');
    return { success: true, data: { id } };
  });
}

/** An organisation as it is answered: with every field of the company's own, or those that were asked for. */
export function organizationAnswer(company: Company, organization: Organization, codes?: string): Record<string, unknown> {
  return { ...organization, custom_fields: company.fields.organization.chosen(organization.custom_fields, codes) };
}
