import { randomUUID } from 'node:crypto';
import type { WebhookDeliveries } from '../../webhooks/webhook-delivery.ts';
import type { Company } from '../pipedrive-companies.ts';
import { dealAnswer } from '../records/deals.routes.ts';
import { organizationAnswer } from '../records/organizations.routes.ts';
import { personAnswer } from '../records/persons.routes.ts';
import type { RecordChange } from '../records/record-change.ts';
import type { Subscription } from './webhook-subscriptions.ts';

/** Ten seconds for a 2xx; then three more attempts. Ten failed first attempts ban a webhook, and what happens meanwhile is lost. */
const timeoutMs = 10_000;
const retryDelaysMs = [3_000, 30_000, 150_000];
const failuresBeforeBan = 10;
const banMs = 1_800_000;

/** Tells subscribers of changes, each with an id of its own; nothing is signed. */
export class PipedriveEvents {
  private readonly deliveries: WebhookDeliveries;
  private readonly clockFactor: number;

  constructor(deliveries: WebhookDeliveries, clockFactor: number) {
    this.deliveries = deliveries;
    this.clockFactor = clockFactor;
  }

  tell(company: Company, change: RecordChange): void {
    const now = Date.now();
    for (const subscription of company.subscriptions) {
      const isAsked = ['*', change.action].includes(subscription.action) && ['*', change.entity].includes(subscription.object);
      if (!isAsked || subscription.bannedUntilMs > now) continue;
      this.deliver(company, subscription, change);
    }
  }

  private deliver(company: Company, subscription: Subscription, change: RecordChange): void {
    const eventId = randomUUID();
    const timestamp = new Date().toISOString();
    const data = change.action === 'delete' ? null : dataOf(company, change);
    const meta = {
      action: change.action, company_id: String(company.companyId), correlation_id: randomUUID(), entity_id: String(change.record.id),
      entity: change.entity, id: eventId, is_bulk_edit: false, timestamp, type: 'general', user_id: String(company.userId), version: '2.0',
      webhook_id: String(subscription.id), webhook_owner_id: String(company.userId), change_source: change.source,
      permitted_user_ids: [String(company.userId)], ...(change.mergedInto !== undefined && { merged_to_id: String(change.mergedInto) }),
    };
    let attempts = 0;
    this.deliveries.send({
      vendor: 'pipedrive',
      account: company.options.domain,
      topic: `${change.action}.${change.entity}`,
      url: subscription.url,
      timeoutMs,
      retryDelaysMs,
      compose: (attempt) => ({
        headers: headersFor(subscription),
        body: Buffer.from(JSON.stringify({
          data, previous: change.previous, meta: { ...meta, attempt: attempt + 1, host: `${company.options.domain}.pipedrive.com` },
        })),
      }),
      isDelivered: (status) => status !== null && status >= 200 && status < 300,
      mayRetry: () => true,
      attempted: (delivered) => {
        attempts += 1;
        if (attempts === 1 && !delivered) this.countFailure(subscription);
      },
    });
  }

  private countFailure(subscription: Subscription): void {
    subscription.failures += 1;
    if (subscription.failures < failuresBeforeBan) return;
    subscription.failures = 0;
    subscription.bannedUntilMs = Date.now() + banMs / this.clockFactor;
  }
}

/** Version 2 sends the record as version 2 of the interface answers it. */
function dataOf(company: Company, change: RecordChange): Record<string, unknown> {
  switch (change.entity) {
    case 'deal': return dealAnswer(company, change.record);
    case 'person': return personAnswer(company, change.record);
    case 'organization': return organizationAnswer(company, change.record);
  }
}

function headersFor({ user, password }: Subscription): Record<string, string> {
  const basic = user === null && password === null ? undefined : Buffer.from(`${user ?? ''}:${password ?? ''}`).toString('base64');
  return { 'Content-Type': 'application/json', 'User-Agent': 'Pipedrive Webhooks', ...(basic !== undefined && { Authorization: `Basic ${basic}` }) };
}
