import { createHash } from 'node:crypto';
import type { ChangeSubscription, ChangeTarget } from '@crossdock/crm-connector';
import { asFailure } from '@crossdock/contracts';
import { z } from 'zod';
import type { ZohoApi, ZohoCall } from './zoho.api.ts';
import { zohoLimits } from './zoho.limits.ts';
import { zohoTime } from './zoho.time.ts';

const channelsSchema = z.object({ watch: z.array(z.object({ channel_id: z.union([z.string(), z.number()]).transform(String) })) });
const subscribedSchema = z.object({
  watch: z.tuple([z.object({ details: z.object({ events: z.array(z.object({ channel_expiry: z.iso.datetime({ offset: true }) })).min(1) }) })], z.unknown()),
});

/** What is followed of an organisation: each notification costs a look at the record. */
const events = ['Contacts.all', 'Accounts.all', 'Deals.all'];

/**
 * Has Zoho tell of changes until the channel runs out; one that lives is told to live on. A connection has one channel,
 * named after it, so that nothing is told twice.
 * Source: https://www.zoho.com/crm/developer/docs/api/v8/notifications/enable.html
 * @throws Failure
 */
export async function subscribeToZoho(api: ZohoApi, connectionId: string, target: ChangeTarget, nowMs: number): Promise<ChangeSubscription> {
  const channelId = channelIdOf(connectionId);
  try {
    const living = await api.send(channelsSchema, { method: 'GET', path: `actions/watch?channel_id=${channelId}`, operation: 'channels.get' });
    const isLiving = living?.watch.some((channel) => channel.channel_id === channelId) ?? false;
    const call: ZohoCall = isLiving
      ? { method: 'PUT', path: 'actions/watch', operation: 'channels.renew' }
      : { method: 'POST', path: 'actions/watch', operation: 'channels.open' };
    const answer = await api.send(subscribedSchema, {
      ...call,
      body: { watch: [{ channel_id: channelId, events, notify_url: target.url, token: target.secret, channel_expiry: zohoTime(nowMs + zohoLimits.channelLifetimeMs) }] },
    });
    const ends = (answer?.watch[0].details.events ?? []).map((event) => Date.parse(event.channel_expiry));
    return { kind: 'account', ...(ends.length > 0 && { endsAt: new Date(Math.min(...ends)).toISOString() }) };
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.kind !== 'forbidden') throw failure;
    return { kind: 'none', reason: 'Zoho does not let this user or edition have notifications: changes that people make in Zoho are not heard of.' };
  }
}

/** Zoho wants a whole number: fifteen digits at most, which every reader of JSON keeps exactly. */
function channelIdOf(connectionId: string): string {
  return BigInt(`0x${createHash('sha256').update(connectionId).digest('hex').slice(0, 12)}`).toString();
}
