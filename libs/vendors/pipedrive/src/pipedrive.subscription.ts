import type { ChangeSubscription, ChangeTarget } from '@crossdock/crm-connector';
import { asFailure } from '@crossdock/contracts';
import { z } from 'zod';
import type { PipedriveSession } from './pipedrive.api.ts';
import { pipedriveLimits } from './pipedrive.limits.ts';
import { pipedriveWebhookUser } from './pipedrive.webhook-signature.ts';

const path = `${pipedriveLimits.apiV1}/webhooks`;
const webhookSchema = z.object({
  id: z.int().positive(), subscription_url: z.string(), event_action: z.string(), event_object: z.string(), is_active: z.union([z.int(), z.boolean()]),
  http_auth_user: z.string().nullish(), http_auth_password: z.string().nullish(),
});

type Webhook = z.infer<typeof webhookSchema>;

/** What is followed of a company. */
const objects = ['person', 'organization', 'deal'] as const;

/**
 * Has the company tell of changes to persons, organisations and deals, a webhook each. One for this address that shows the
 * same password is kept; others for it are removed once the new ones are there, so that no change is lost between them.
 */
export async function subscribeToRecords(session: PipedriveSession, { url, secret }: ChangeTarget): Promise<ChangeSubscription> {
  try {
    const present = (await session.call({ operation: 'webhooks.list', path }, z.array(webhookSchema))).filter((webhook) => webhook.subscription_url === url);
    const kept = new Map(present.filter((webhook) => isUsable(webhook, secret)).map((webhook) => [webhook.event_object, webhook]));
    for (const object of objects.filter((each) => !kept.has(each))) {
      await session.call({
        operation: 'webhooks.create', method: 'POST', path, body: {
          subscription_url: url, event_action: '*', event_object: object, name: 'Crossdock', version: '2.0', http_auth_user: pipedriveWebhookUser, http_auth_password: secret,
        },
      }, webhookSchema);
    }
    const isKept = (webhook: Webhook): boolean => objects.some((object) => kept.get(object) === webhook);
    for (const { id } of present.filter((webhook) => !isKept(webhook))) await session.remove({ operation: 'webhooks.delete', path: `${path}/${id}` });
    return { kind: 'account' };
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.kind !== 'forbidden') throw failure;
    return { kind: 'none', reason: 'The app may not add webhooks in this Pipedrive company: connect it again and grant the scope admin, or let an administrator free three of the user’s forty webhooks.' };
  }
}

function isUsable(webhook: Webhook, secret: string): boolean {
  return Boolean(webhook.is_active) && webhook.event_action === '*' && webhook.http_auth_user === pipedriveWebhookUser && webhook.http_auth_password === secret;
}
