import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { read } from '../../request-bodies.ts';
import type { Grants } from '../login/grants.ts';
import type { Org } from '../orgs.ts';
import { invalidInput } from '../salesforce-refusals.ts';
import { changeEventChannel, type CometdClient, type CometdClients } from './cometd-clients.ts';

const messageSchema = z.looseObject({
  channel: z.string(), id: z.union([z.string(), z.number()]).optional(), clientId: z.string().optional(), connectionType: z.string().optional(),
  supportedConnectionTypes: z.array(z.string()).default([]), subscription: z.string().optional(),
  advice: z.looseObject({ timeout: z.number().min(0).optional() }).optional(),
  ext: z.looseObject({ replay: z.union([z.record(z.string(), z.number()), z.boolean()]).optional() }).optional(),
});
type Message = z.output<typeof messageSchema>;
type Answer = Record<string, unknown>;

const cookieName = 'BAYEUX_BROWSER';

/** Which org a token is for, if it is for one. */
type Entry = (authorization: string | undefined) => Org | undefined;

/**
 * The Streaming API: Bayeux messages over long polling, at an address of its own that counts no calls. Refusals are messages and
 * not statuses. Sources: Streaming API Developer Guide, "How the Client Connects", "Handling Streaming API Errors", "Error Codes".
 */
export function registerCometdRoutes(app: FastifyInstance, grants: Grants, clients: CometdClients): void {
  const orgOf: Entry = (authorization) => grants.inspect(/^(?:Bearer|OAuth) (.+)$/i.exec(authorization ?? '')?.[1] ?? '')?.grant.org;

  // Whoever waits is answered, so that the server can end.
  app.addHook('preClose', async () => {
    clients.clear();
  });

  app.post<{ Params: { version: string } }>('/cometd/:version', async (request, reply) => {
    const messages = read(z.union([z.array(messageSchema), messageSchema.transform((message) => [message])]), request.body, invalidInput);
    const { authorization, cookie } = request.headers;
    const answers: Answer[] = [];
    for (const message of messages) {
      const org = orgOf(authorization);
      if (message.channel === '/meta/handshake') {
        const client = org && message.supportedConnectionTypes.includes('long-polling') ? clients.open(org) : undefined;
        if (client) reply.header('set-cookie', `${cookieName}=${client.cookie}; Path=/; HttpOnly`);
        answers.push(handshakeAnswer(message, client, authorization));
        continue;
      }
      const client = clients.find(message.clientId);
      if (client === undefined) answers.push(refused(message, '403::Unknown client', { interval: 0, reconnect: 'handshake' }));
      else if (org !== client.org) answers.push(refused(message, '401::Authentication invalid', { interval: 0, reconnect: 'none' }));
      else if (!(cookie ?? '').includes(`${cookieName}=${client.cookie}`)) answers.push(refused(message, `400::Client ${client.id} has established a session, but no ${cookieName} cookie present`));
      else if (message.channel === '/meta/disconnect') {
        clients.close(client);
        answers.push({ ...replyTo(message), successful: true });
      } else answers.push(...await answerTo(message, client, { isValid: () => clients.find(client.id) === client, isAllowed: () => orgOf(authorization) === client.org }));
    }
    return answers;
  });
}

function handshakeAnswer({ id }: Message, client: CometdClient | undefined, authorization: string | undefined): Answer {
  const common = { channel: '/meta/handshake', ...(id !== undefined && { id }) };
  if (client) {
    return { ...common, ext: { replay: true, 'payload.format': true }, minimumVersion: '1.0', version: '1.0', clientId: client.id, supportedConnectionTypes: ['long-polling'], successful: true };
  }
  const failureReason = authorization === undefined ? '401::Request requires authentication' : '401::Authentication invalid';
  return { ...common, ext: { sfdc: { failureReason }, replay: true }, advice: { reconnect: 'none' }, error: '403::Handshake denied', successful: false };
}

interface ClientState {
  isValid(): boolean;
  isAllowed(): boolean;
}

async function answerTo(message: Message, client: CometdClient, state: ClientState): Promise<Answer[]> {
  if (message.channel === '/meta/subscribe') return [subscribe(message, client)];
  if (message.channel !== '/meta/connect') return [refused(message, '404::Unknown channel')];
  if (!client.org.options.changeEventDelivery) return [refused(message, '403::Organization total events daily limit exceeded', { reconnect: 'none' })];
  client.silentSinceMs = undefined;
  const deadlineMs = Date.now() + Math.min(message.advice?.timeout ?? Infinity, client.org.options.streamTimeoutMs);
  let events = takeEvents(client);
  while (events.length === 0 && Date.now() < deadlineMs && state.isValid() && state.isAllowed()) {
    await nextMoment(client, deadlineMs - Date.now());
    events = takeEvents(client);
  }
  client.silentSinceMs = Date.now();
  if (!state.isValid()) return [refused(message, '403::Unknown client', { interval: 0, reconnect: 'handshake' })];
  if (!state.isAllowed()) return [refused(message, '401::Authentication invalid', { interval: 0, reconnect: 'none' })];
  return [...events, { ...replyTo(message), successful: true, advice: { interval: 0, timeout: client.org.options.streamTimeoutMs, reconnect: 'retry' } }];
}

function subscribe(message: Message, client: CometdClient): Answer {
  const { subscription, ext } = message;
  if (subscription !== changeEventChannel) return refused(message, `400::The channel you requested to subscribe to does not exist {${subscription ?? ''}}`);
  const replayFrom = typeof ext?.replay === 'object' ? ext.replay[subscription] ?? -1 : -1;
  const position = client.org.changeEvents.positionOf(replayFrom);
  if (position === undefined) {
    return { ...refused(message, `400::The replayId {${String(replayFrom)}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`), subscription };
  }
  client.subscriptions.set(subscription, position);
  client.wake?.();
  return { ...replyTo(message), subscription, successful: true };
}

function takeEvents(client: CometdClient): Answer[] {
  return [...client.subscriptions].flatMap(([channel, position]) => client.org.changeEvents.after(position).map(({ replayId, payload }) => {
    client.subscriptions.set(channel, replayId);
    return { channel, clientId: client.id, data: { schema: 'sandbox', payload, event: { replayId } } };
  }));
}

/** Until something is told, the client is looked at anew, or the time is over. */
async function nextMoment(client: CometdClient, longestMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stopWaiting();
      client.wake = undefined;
      resolve();
    };
    const timer = setTimeout(end, longestMs);
    const stopWaiting = client.org.changeEvents.onNext(end);
    client.wake = end;
  });
}

function replyTo({ channel, id, clientId }: Message): Answer {
  return { channel, ...(clientId !== undefined && { clientId }), ...(id !== undefined && { id }) };
}

function refused(message: Message, error: string, advice?: Answer): Answer {
  return { ...replyTo(message), successful: false, error, ...(advice && { advice }) };
}
