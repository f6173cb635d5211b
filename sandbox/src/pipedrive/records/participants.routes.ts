import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import { routeTerms, type CallerOf } from '../company-session.ts';
import type { Company } from '../pipedrive-companies.ts';
import { pipedriveRefusal } from '../pipedrive-refusals.ts';
import { idOf } from './record-path.ts';

const pageSchema = z.object({ start: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(500).default(100) });

/** Who has a part in a deal. There is no version 2 of it: pages go by `start`, and times have no zone. */
export function registerParticipantRoutes(app: FastifyInstance, callerOf: CallerOf): void {
  for (const base of ['/v1', '/api/v1']) {
    const path = `${base}/deals/:id/participants`;

    app.get<{ Params: { id: string } }>(path, routeTerms(10, 'deals:read', 'deals:full'), async (request) => {
      const { company } = callerOf(request);
      const { start, limit } = read(pageSchema, request.query, (at, message) => pipedriveRefusal(400, `${at} ${message}`));
      const all = company.deals.participantsOf(idOf(request.params.id));
      const more = start + limit < all.length;
      return {
        success: true,
        data: all.slice(start, start + limit).map((participant) => answerOf(company, participant)),
        additional_data: { pagination: { start, limit, more_items_in_collection: more, ...(more && { next_start: start + limit }) } },
      };
    });

    app.post<{ Params: { id: string } }>(path, routeTerms(10, 'deals:full'), async (request) => {
      const { company } = callerOf(request);
      const wanted = read(z.object({ person_id: z.int() }), request.body, (at, message) => pipedriveRefusal(400, `${at} ${message}`));
      return { success: true, data: answerOf(company, company.deals.addParticipant(idOf(request.params.id), wanted.person_id)) };
    });

    app.delete<{ Params: { id: string; participantId: string } }>(`${path}/:participantId`, routeTerms(6, 'deals:full'), async (request) => {
      const id = idOf(request.params.participantId);
      callerOf(request).company.deals.removeParticipant(idOf(request.params.id), id);
      return { success: true, data: { id } };
    });
  }
}

function answerOf(company: Company, { id, personId }: { id: number; personId: number }): unknown {
  const person = company.persons.table.find(personId);
  return {
    id,
    person_id: { active_flag: person?.is_deleted === false, name: person?.name, email: person?.emails, phone: person?.phones, value: personId },
    add_time: new Date().toISOString().slice(0, 19).replace('T', ' '),
    active_flag: true,
  };
}
