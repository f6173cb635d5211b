import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WebhookReceiver, type Acknowledgement } from './webhook-receiver.ts';
import type { IncomingWebhook } from './webhook-source.ts';

interface WebhookAddress {
  readonly Params: { readonly vendor: string; readonly connectionId?: string };
  readonly Querystring: Readonly<Record<string, unknown>>;
}

/** What the server answers where it refuses a body before the receiver has it: one over the limit, one of a type that no webhook has. */
const unreadOutcomes = new Map<number, 'too_large' | 'malformed'>([[413, 'too_large'], [415, 'malformed']]);

/** Fastify writes an answer of a known shape faster than any JSON. */
const answerSchema = { response: { 200: { type: 'object', properties: { accepted: { type: 'integer' } } } } };

/**
 * Where vendors send their webhooks. The routes stand on Fastify itself, past Nest's guards, pipes and interceptors: a
 * webhook proves itself by its signature and needs none of them, and they cost more than storing it. What is thrown
 * still meets Nest's exception filter and becomes a problem document.
 */
export function routeWebhooks(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  const receiver = app.get(WebhookReceiver);
  const receive = (request: FastifyRequest<WebhookAddress>): Promise<Acknowledgement> =>
    receiver.receive(request.params.vendor, toIncoming(request));
  const countUnread = (request: FastifyRequest<WebhookAddress>, reply: FastifyReply, payload: unknown, done: (error: null, payload: unknown) => void): void => {
    const outcome = unreadOutcomes.get(reply.statusCode);
    if (outcome) receiver.refusedUnread(request.params.vendor, outcome);
    done(null, payload);
  };
  for (const url of ['/webhooks/:vendor', '/webhooks/:vendor/:connectionId']) server.post<WebhookAddress>(url, { schema: answerSchema, onSend: countUnread }, receive);
}

function toIncoming(request: FastifyRequest<WebhookAddress>): IncomingWebhook {
  if (!Buffer.isBuffer(request.body)) throw new UnsupportedMediaTypeException('Send the webhook as application/json.');
  return {
    method: request.method,
    url: request.url,
    headers: request.headers,
    query: request.query,
    rawBody: request.body,
    connectionId: request.params.connectionId,
    receivedAt: new Date(),
  };
}
