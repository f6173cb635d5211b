import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { OrgOf } from '../org-session.ts';
import { zohoTime } from '../records/org-records.ts';
import type { Org } from '../zoho-orgs.ts';
import { invalidBody, missingParameter, zohoError, ZohoRefusal } from '../zoho-refusals.ts';
import type { Channel } from './channels.ts';

const channelId = z.union([z.int(), z.string().regex(/^\d+$/)]).transform(String);
const watchSchema = z.object({
  watch: z.array(z.object({
    channel_id: channelId,
    events: z.array(z.string().regex(/^(Contacts|Accounts|Deals)\.(create|edit|delete|all)$/)).min(1),
    notify_url: z.url(),
    token: z.string().max(50).nullish(),
    channel_expiry: z.iso.datetime({ offset: true }).optional(),
  })).min(1).max(100),
});
const listSchema = z.object({ channel_id: z.string().optional() });
const stopSchema = z.object({ channel_ids: z.string().transform((text) => text.split(',')) });

const defaultLifetimeMs = 3_600_000;
const maxLifetimeMs = 7 * 86_400_000;

/** Channels of notifications. They run out within a week unless they are told to live longer. */
export function registerNotificationRoutes(app: FastifyInstance, orgOf: OrgOf): void {
  app.get('/crm/v8/actions/watch', async (request, reply) => {
    const org = orgOf(request);
    const { channel_id: wanted } = read(listSchema, request.query, invalidBody);
    const channels = living(org).filter((channel) => wanted === undefined || channel.channelId === wanted);
    if (channels.length === 0) return await reply.code(204).send();
    return { watch: channels.flatMap((channel) => channel.events.map((event) => eventAnswer(channel, event))), info: { per_page: 200, page: 1, count: channels.length, more_records: false } };
  });

  app.post('/crm/v8/actions/watch', async (request, reply) => {
    const org = orgOf(request);
    const { watch } = read(watchSchema, request.body, invalidBody);
    const channels = watch.map((wanted) => channelOf(wanted));
    for (const channel of channels) org.channels.set(channel.channelId, channel);
    return await reply.code(201).send({ watch: channels.map((channel) => subscribed(channel)) });
  });

  app.put('/crm/v8/actions/watch', async (request) => {
    const org = orgOf(request);
    const { watch } = read(watchSchema, request.body, invalidBody);
    const channels = watch.map((wanted) => channelOf(wanted));
    const stranger = channels.find((channel) => !living(org).some((known) => known.channelId === channel.channelId));
    if (stranger !== undefined) throw unknownChannel(stranger.channelId);
    for (const channel of channels) org.channels.set(channel.channelId, channel);
    return { watch: channels.map((channel) => subscribed(channel)) };
  });

  app.delete('/crm/v8/actions/watch', async (request) => {
    const org = orgOf(request);
    const { channel_ids: ids } = read(stopSchema, request.query, missingParameter);
    const stranger = ids.find((id) => !org.channels.has(id));
    if (stranger !== undefined) throw unknownChannel(stranger);
    for (const id of ids) org.channels.delete(id);
    return { watch: ids.map((id) => ({ code: 'SUCCESS', details: { channel_id: id }, message: 'Successfully un-subscribed from actions-watch', status: 'success' })) };
  });
}

const living = (org: Org): Channel[] => [...org.channels.values()].filter(({ expiresAtMs }) => expiresAtMs > Date.now());

const unknownChannel = (id: string): ZohoRefusal => new ZohoRefusal(400, zohoError('INVALID_DATA', 'invalid data', { api_name: 'channel_id', channel_id: id }));

function channelOf(wanted: z.output<typeof watchSchema>['watch'][number]): Channel {
  const now = Date.now();
  const expiresAtMs = wanted.channel_expiry === undefined ? now + defaultLifetimeMs : Date.parse(wanted.channel_expiry);
  if (expiresAtMs <= now || expiresAtMs > now + maxLifetimeMs) throw invalidBody('channel_expiry', 'the expiry must lie within the coming week');
  return { channelId: wanted.channel_id, events: wanted.events, notifyUrl: wanted.notify_url, token: wanted.token ?? null, expiresAtMs };
}

const subscribed = (channel: Channel): Record<string, unknown> => ({
  code: 'SUCCESS',
  details: { events: channel.events.map((event) => eventAnswer(channel, event)) },
  message: 'Successfully subscribed for actions-watch of the given module',
  status: 'success',
});

const eventAnswer = (channel: Channel, event: string): Record<string, unknown> => ({
  channel_expiry: zohoTime(channel.expiresAtMs),
  resource_uri: `https://www.zohoapis.com/crm/v8/${event.split('.')[0] ?? ''}`,
  resource_name: event.split('.')[0],
  channel_id: channel.channelId,
  events: [event],
  notify_url: channel.notifyUrl,
  token: channel.token,
});
