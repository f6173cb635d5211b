import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RawServerDefault } from 'fastify';
import type { AuthSsoConfig } from '../auth-sso.config.ts';

/** Reads bodies of SCIM's own media type (RFC 7644 §3.1) as JSON, with prototype poisoning refused. */
export function readScimBodies(app: NestFastifyApplication, { bodyLimitBytes: bodyLimit }: Pick<AuthSsoConfig, 'bodyLimitBytes'>): void {
  const parseJson = app.getHttpAdapter().getInstance().getDefaultJsonParser('error', 'error');
  app.useBodyParser<RawServerDefault>('application/scim+json', { bodyLimit }, (request, body, done) => {
    // Some clients name the type also where they send nothing, as with DELETE.
    if (body.length === 0) done(null, undefined);
    else void parseJson(request, body.toString('utf8'), done);
  });
}
