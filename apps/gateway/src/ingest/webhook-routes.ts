import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { WebhookReceiver, type Acknowledgement } from './webhook-receiver.ts';
import type { IncomingWebhook } from './webhook-source.ts';

interface WebhookAddress {
  readonly Params: { readonly vendor: string; readonly connectionId?: string };
  readonly Querystring: Readonly<Record<string, unknown>>;
}

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
  for (const url of ['/webhooks/:vendor', '/webhooks/:vendor/:connectionId']) server.post<WebhookAddress>(url, { schema: answerSchema }, receive);
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
