import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { read } from '../request-bodies.ts';
import type { WriteJournal } from '../write-journal.ts';
import { shippoId, type ShippoAccount, type ShippoWebhook } from './shippo-accounts.ts';
import { shippoEventNames } from './shippo-events.ts';
import { invalidField, notFound } from './shippo-refusals.ts';

const webhookSchema = z.object({
  event: z.enum(shippoEventNames),
  url: z.url().max(199),
  active: z.boolean().default(true),
  is_test: z.boolean().optional(),
});

interface IdPath {
  Params: { id: string };
}

export function registerWebhookRoutes(
  app: FastifyInstance,
  accountOf: (request: FastifyRequest) => ShippoAccount,
  journal: WriteJournal,
): void {
  app.post('/webhooks', async (request, reply) => {
    const account = accountOf(request);
    const wanted = read(webhookSchema, request.body, invalidField);
    const now = new Date().toISOString();
    const webhook: ShippoWebhook = {
      object_id: shippoId(),
      object_created: now,
      object_updated: now,
      object_owner: account.owner,
      ...wanted,
      is_test: wanted.is_test ?? account.test,
    };
    account.webhooks.set(webhook.object_id, webhook);
    journal.count(account.account, 'webhooks', webhook.object_id, 'created');
    return await reply.code(201).send(webhook);
  });

  app.get('/webhooks', async (request) => {
    const results = [...accountOf(request).webhooks.values()];
    return { count: results.length, results };
  });

  app.get<IdPath>('/webhooks/:id', async (request) => webhookOf(accountOf(request), request.params.id));

  app.put<IdPath>('/webhooks/:id', async (request) => {
    const account = accountOf(request);
    const webhook = webhookOf(account, request.params.id);
    const wanted = read(webhookSchema, request.body, invalidField);
    Object.assign(webhook, wanted, { is_test: wanted.is_test ?? webhook.is_test, object_updated: new Date().toISOString() });
    journal.count(account.account, 'webhooks', webhook.object_id, 'updated');
    return webhook;
  });

  app.delete<IdPath>('/webhooks/:id', async (request, reply) => {
    const account = accountOf(request);
    const webhook = webhookOf(account, request.params.id);
    account.webhooks.delete(webhook.object_id);
    journal.count(account.account, 'webhooks', webhook.object_id, 'deleted');
    return await reply.code(204).send();
  });
}

function webhookOf(account: ShippoAccount, id: string): ShippoWebhook {
  const webhook = account.webhooks.get(id);
  if (webhook === undefined) throw notFound();
  return webhook;
}
