import type { WebhookDeliveries } from '../../webhooks/webhook-delivery.ts';
import type { RecordChange } from '../records/org-records.ts';
import type { Org } from '../zoho-orgs.ts';
import { wants } from './channels.ts';

/** Zoho publishes neither how long it waits nor whether it tries again: one attempt here, so that nobody relies on a second. */
const timeoutMs = 10_000;

/** Tells the channels of an organisation what changed. Nothing is signed: the channel's token is all that proves the sender. */
export class ZohoEvents {
  private readonly deliveries: WebhookDeliveries;

  constructor(deliveries: WebhookDeliveries) {
    this.deliveries = deliveries;
  }

  recordChanged(org: Org, { record, operation, changedFields }: RecordChange): void {
    const now = Date.now();
    for (const channel of org.channels.values()) {
      if (!wants(channel, record.module, operation, now)) continue;
      const body = Buffer.from(JSON.stringify({
        server_time: now,
        query_params: Object.fromEntries(new URL(channel.notifyUrl).searchParams),
        module: record.module,
        resource_uri: `https://www.zohoapis.com/crm/v8/${record.module}`,
        ids: [record.id],
        affected_fields: changedFields.length === 0 ? [] : [{ [record.id]: changedFields }],
        operation,
        channel_id: channel.channelId,
        token: channel.token,
      }));
      this.deliveries.send({
        vendor: 'zoho',
        account: org.orgId,
        topic: `${record.module}.${operation}`,
        url: channel.notifyUrl,
        timeoutMs,
        retryDelaysMs: [],
        compose: () => ({ headers: { 'Content-Type': 'application/json;charset=UTF-8' }, body }),
        isDelivered: (status) => status !== null && status >= 200 && status < 300,
        mayRetry: () => false,
      });
    }
  }
}
