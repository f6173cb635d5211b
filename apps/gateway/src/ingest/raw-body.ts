import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest, RawServerDefault } from 'fastify';
import type { GatewayConfig } from '../gateway.config.ts';

const webhookPath = '/webhooks/';

/**
 * Hands the body of a webhook to its handler as the bytes that came, because those are what a signature covers.
 * Everywhere else JSON is parsed as usual, with prototype poisoning refused. Other content types get 415.
 */
export function keepWebhookBytes(app: NestFastifyApplication, config: GatewayConfig): void {
  const server = app.getHttpAdapter().getInstance();
  const parseJson = server.getDefaultJsonParser('error', 'error');
  const options = { bodyLimit: config.bodyLimitBytes };
  app.useBodyParser<RawServerDefault>('application/json', options, (request, body, done) => {
    if (isWebhook(request)) done(null, body);
    else void parseJson(request, body.toString('utf8'), done);
  });
  // WooCommerce announces a new webhook with an unsigned form; nothing else takes forms.
  app.useBodyParser<RawServerDefault>('application/x-www-form-urlencoded', options, (request, body, done) => {
    if (isWebhook(request)) done(null, body);
    else done(Object.assign(new Error('Send JSON.'), { statusCode: 415 }));
  });
}

function isWebhook(request: FastifyRequest): boolean {
  return request.url.startsWith(webhookPath);
}
