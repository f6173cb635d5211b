import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { CallerOf } from '../company-session.ts';
import { schemaFault } from '../pipedrive-refusals.ts';
import type { Deal } from './deal-records.ts';
import type { Organization, OrganizationRecords } from './organization-records.ts';
import type { Person, PersonRecords } from './person-records.ts';
import { sliceOf } from './record-page.ts';

const searchSchema = z.object({
  term: z.string(),
  fields: z.string().optional(),
  exact_match: z.stringbool().default(false),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().optional(),
});

/** Search over what its index knows; exact matches are without regard to case. */
export function registerSearchRoutes(app: FastifyInstance, callerOf: CallerOf): void {
  app.get('/api/v2/persons/search', { config: { pipedrive: { cost: 20, scopes: ['contacts:read', 'contacts:full', 'search:read'], search: true } } }, async (request) => {
    const { persons, organizations } = callerOf(request).company;
    return found(request.query, persons.table.searchable(), ['name', 'email', 'phone', 'notes', 'custom_fields'], (person: Person) => ({
      name: [person.name], email: person.emails.map(({ value }) => value), phone: person.phones.map(({ value }) => value), custom_fields: textsOf(person),
    }), (person) => ({
      id: person.id, type: 'person', name: person.name, phones: person.phones.map(({ value }) => value), emails: person.emails.map(({ value }) => value),
      visible_to: person.visible_to, owner: { id: person.owner_id }, organization: linkTo(organizations, person.org_id), custom_fields: textsOf(person), notes: [],
    }));
  });

  app.get('/api/v2/deals/search', { config: { pipedrive: { cost: 20, scopes: ['deals:read', 'deals:full', 'search:read'], search: true } } }, async (request) => {
    const { deals, persons, organizations } = callerOf(request).company;
    return found(request.query, deals.table.searchable(), ['title', 'notes', 'custom_fields'], (deal: Deal) => ({
      title: [deal.title], custom_fields: textsOf(deal),
    }), (deal) => ({
      id: deal.id, type: 'deal', title: deal.title, value: deal.value, currency: deal.currency, status: deal.status, visible_to: deal.visible_to,
      owner: { id: deal.owner_id }, stage: { id: deal.stage_id, name: 'Qualified' }, person: linkTo(persons, deal.person_id),
      organization: linkTo(organizations, deal.org_id), custom_fields: textsOf(deal), notes: [], is_archived: deal.is_archived,
    }));
  });

  app.get('/api/v2/organizations/search', { config: { pipedrive: { cost: 20, scopes: ['contacts:read', 'contacts:full', 'search:read'], search: true } } }, async (request) => {
    const { organizations } = callerOf(request).company;
    return found(request.query, organizations.table.searchable(), ['name', 'address', 'notes', 'custom_fields'], (organization: Organization) => ({
      name: [organization.name], address: [organization.address?.value ?? ''], custom_fields: textsOf(organization),
    }), (organization) => ({
      id: organization.id, type: 'organization', name: organization.name, address: organization.address?.value ?? null, visible_to: organization.visible_to,
      owner: { id: organization.owner_id }, custom_fields: textsOf(organization), notes: [],
    }));
  });
}

const textsOf = ({ custom_fields: values }: Pick<Deal, 'custom_fields'>): string[] => Object.values(values).filter((value) => typeof value === 'string');

function linkTo(records: PersonRecords | OrganizationRecords, id: number | null): { id: number; name: string } | null {
  const record = id === null ? undefined : records.table.find(id);
  return record === undefined ? null : { id: record.id, name: record.name };
}

function found<Row>(
  query: unknown, rows: readonly Row[], searchable: readonly string[], texts: (row: Row) => Record<string, string[]>, item: (row: Row) => unknown,
): unknown {
  const asked = read(searchSchema, query, schemaFault);
  if (asked.term.trim().length < (asked.exact_match ? 1 : 2)) throw schemaFault('term', 'is too short');
  const fields = asked.fields?.split(',') ?? searchable;
  const unknown = fields.find((field) => !searchable.includes(field));
  if (unknown !== undefined) throw schemaFault('fields', `${unknown} cannot be searched`);
  const term = asked.term.toLowerCase();
  const matches = (text: string): boolean => (asked.exact_match ? text.toLowerCase() === term : text.toLowerCase().includes(term));
  const hits = rows.filter((row) => {
    const content = texts(row);
    return fields.some((field) => content[field]?.some(matches));
  });
  const { rows: page, nextCursor } = sliceOf(hits, asked);
  return { success: true, data: { items: page.map((row) => ({ result_score: 1, item: item(row) })) }, additional_data: { next_cursor: nextCursor } };
}
