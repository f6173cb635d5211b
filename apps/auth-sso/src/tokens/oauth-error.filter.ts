import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { OAuthError } from './oauth-error.ts';

/** Answers a refused token request in the form OAuth clients read (RFC 6749 §5.2). */
@Catch(OAuthError)
export class OAuthErrorFilter implements ExceptionFilter<OAuthError> {
  catch(refusal: OAuthError, host: ArgumentsHost): void {
    void host.switchToHttp().getResponse<FastifyReply>()
      .status(refusal.status)
      .headers({ 'cache-control': 'no-store', 'content-type': 'application/json' })
      .send({ error: refusal.code, error_description: refusal.message });
  }
}
