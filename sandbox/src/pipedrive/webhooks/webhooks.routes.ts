import type { FastifyInstance } from 'fastify';
import { routeTerms, type CallerOf } from '../company-session.ts';
import { webhookFault } from '../pipedrive-refusals.ts';
import { subscribe, subscriptionAnswer } from './webhook-subscriptions.ts';

/** Webhooks are managed under version 1, whatever version they are sent in. */
export function registerWebhookRoutes(app: FastifyInstance, callerOf: CallerOf): void {
  for (const base of ['/v1', '/api/v1']) {
    app.get(`${base}/webhooks`, routeTerms(10, 'admin'), async (request) => {
      const { company } = callerOf(request);
      return { status: 'ok', success: true, data: company.subscriptions.map((subscription) => subscriptionAnswer(company, subscription)) };
    });

    app.post(`${base}/webhooks`, routeTerms(10, 'admin'), async (request, reply) => {
      const { company } = callerOf(request);
      return await reply.code(201).send({ status: 'ok', success: true, data: subscriptionAnswer(company, subscribe(company, request.body)) });
    });

    app.delete<{ Params: { id: string } }>(`${base}/webhooks/:id`, routeTerms(6, 'admin'), async (request) => {
      const { company } = callerOf(request);
      const position = company.subscriptions.findIndex(({ id }) => String(id) === request.params.id);
      if (position === -1) throw webhookFault(404, { id: ['not found'] });
      company.subscriptions.splice(position, 1);
      return { status: 'ok', success: true };
    });
  }
}
