import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { Company } from '../pipedrive-companies.ts';
import { webhookFault } from '../pipedrive-refusals.ts';

const actions = ['create', 'change', 'delete', '*'] as const;
const objects = ['activity', 'deal', 'lead', 'note', 'organization', 'person', 'pipeline', 'product', 'stage', 'user', '*'] as const;

const newSubscriptionSchema = z.object({
  subscription_url: z.url(),
  event_action: z.enum(actions),
  event_object: z.enum(objects),
  name: z.string().min(1),
  http_auth_user: z.string().nullish(),
  http_auth_password: z.string().nullish(),
  version: z.enum(['1.0', '2.0']).default('2.0'),
});

export interface Subscription {
  id: number;
  action: (typeof actions)[number];
  object: (typeof objects)[number];
  name: string;
  url: string;
  user: string | null;
  password: string | null;
  version: '1.0' | '2.0';
  addedAt: string;
  lastStatus: number | null;
  /** First attempts that failed since the last ban; ten of them ban the webhook for half an hour. */
  failures: number;
  bannedUntilMs: number;
}

const subscriptionsPerUser = 40;
let lastId = 0;

/** @throws Pipedrive's 400 for a fault in the body, and its 422 for a webhook too many. */
export function subscribe(company: Company, input: unknown): Subscription {
  const wanted = read(newSubscriptionSchema, input, (path, message) => webhookFault(400, { [path === '' ? 'body' : path]: [message] }));
  if (company.subscriptions.length >= subscriptionsPerUser) throw webhookFault(422, { user_id: ['webhooks limit reached'] });
  lastId += 1;
  const subscription: Subscription = {
    id: lastId, action: wanted.event_action, object: wanted.event_object, name: wanted.name, url: wanted.subscription_url,
    user: wanted.http_auth_user ?? null, password: wanted.http_auth_password ?? null, version: wanted.version,
    addedAt: new Date().toISOString(), lastStatus: null, failures: 0, bannedUntilMs: 0,
  };
  company.subscriptions.push(subscription);
  return subscription;
}

/** A subscription as the interface answers it. */
export function subscriptionAnswer(company: Company, subscription: Subscription): Record<string, unknown> {
  return {
    id: subscription.id, company_id: company.companyId, owner_id: company.userId, user_id: company.userId, event_action: subscription.action,
    event_object: subscription.object, subscription_url: subscription.url, version: subscription.version, is_active: 1,
    add_time: subscription.addedAt, remove_time: null, type: 'general', http_auth_user: subscription.user,
    http_auth_password: subscription.password, remove_reason: null, last_delivery_time: null, last_http_status: subscription.lastStatus,
    admin_id: company.userId, name: subscription.name,
  };
}
