import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest, RawServerDefault } from 'fastify';
import { isForSignOn } from '../console/sign-on-front.ts';
import type { GatewayConfig } from '../gateway.config.ts';
import { nestsDeeperThan } from '../requests/json-nesting.ts';

const webhookPath = '/webhooks/';
const formPath = '/forms/';
const maxFormBytes = 16_384;
/** Far deeper than anything the interface takes. */
const maxNesting = 64;

/**
 * Hands the body of a webhook to its handler as the bytes that came, because those are what a signature covers, and so what goes on to sign-on.
 * Everywhere else JSON is parsed as usual, with prototype poisoning refused; a form that people post is a text. Other content types get 415.
 */
export function keepWebhookBytes(app: NestFastifyApplication, config: GatewayConfig): void {
  const server = app.getHttpAdapter().getInstance();
  const parseJson = server.getDefaultJsonParser('error', 'error');
  const options = { bodyLimit: config.bodyLimitBytes };
  app.useBodyParser<RawServerDefault>('application/json', options, (request, body, done) => {
    if (isWebhook(request) || isForSignOn(request)) done(null, body);
    else if (nestsDeeperThan(maxNesting, body)) done(Object.assign(new Error(`Arrays and objects may lie ${maxNesting} deep in each other.`), { statusCode: 400 }));
    else void parseJson(request, body.toString('utf8'), done);
  });
  // WooCommerce announces a new webhook with an unsigned form; people post forms of tenants' pages and of sign-on; nothing else takes forms.
  app.useBodyParser<RawServerDefault>('application/x-www-form-urlencoded', options, (request, body, done) => {
    if (isWebhook(request) || isForSignOn(request)) done(null, body);
    else if (!request.url.startsWith(formPath)) done(Object.assign(new Error('Send JSON.'), { statusCode: 415 }));
    else if (body.length > maxFormBytes) done(Object.assign(new Error(`A form has ${maxFormBytes} bytes at most.`), { statusCode: 413 }));
    else done(null, body.toString('utf8'));
  });
}

function isWebhook(request: FastifyRequest): boolean {
  return request.url.startsWith(webhookPath);
}
