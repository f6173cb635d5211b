import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { CallerOf } from '../company-session.ts';
import { schemaFault } from '../pipedrive-refusals.ts';
import type { Deal } from './deal-records.ts';
import type { Person } from './person-records.ts';
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
    const { persons } = callerOf(request).company;
    return found(request.query, persons.table.searchable(), ['name', 'email', 'phone', 'notes', 'custom_fields'], (person: Person) => ({
      name: [person.name], email: person.emails.map(({ value }) => value), phone: person.phones.map(({ value }) => value),
    }), (person) => ({
      id: person.id, type: 'person', name: person.name, phones: person.phones.map(({ value }) => value), emails: person.emails.map(({ value }) => value),
      visible_to: person.visible_to, owner: { id: person.owner_id }, organization: null, custom_fields: [], notes: [],
    }));
  });

  app.get('/api/v2/deals/search', { config: { pipedrive: { cost: 20, scopes: ['deals:read', 'deals:full', 'search:read'], search: true } } }, async (request) => {
    const { deals, persons } = callerOf(request).company;
    return found(request.query, deals.table.searchable(), ['title', 'notes', 'custom_fields'], (deal: Deal) => ({
      title: [deal.title], custom_fields: textsOf(deal),
    }), (deal) => {
      const person = deal.person_id === null ? undefined : persons.table.find(deal.person_id);
      return {
        id: deal.id, type: 'deal', title: deal.title, value: deal.value, currency: deal.currency, status: deal.status, visible_to: deal.visible_to,
        owner: { id: deal.owner_id }, stage: { id: deal.stage_id, name: 'Qualified' }, person: person === undefined ? null : { id: person.id, name: person.name },
        organization: null, custom_fields: textsOf(deal), notes: [], is_archived: deal.is_archived,
      };
    });
  });
}

const textsOf = (deal: Deal): string[] => Object.values(deal.custom_fields).filter((value) => typeof value === 'string');

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
