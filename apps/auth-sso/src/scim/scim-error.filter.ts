import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z, ZodError } from 'zod';
import { scimMediaType } from './scim-documents.ts';
import { ScimError } from './scim-error.ts';

/** Answers refused SCIM requests as RFC 7644 §3.12 says. What else goes wrong is answered as everywhere. */
@Catch(ScimError, ZodError, HttpException)
export class ScimErrorFilter implements ExceptionFilter<ScimError | ZodError | HttpException> {
  catch(thrown: ScimError | ZodError | HttpException, host: ArgumentsHost): void {
    const { status, detail, scimType } = describe(thrown);
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (status === 401) void reply.header('www-authenticate', 'Bearer realm="crossdock-scim"');
    void reply.status(status).header('content-type', scimMediaType)
      .send(JSON.stringify({ schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail, ...(scimType && { scimType }) }));
  }
}

function describe(thrown: ScimError | ZodError | HttpException): { readonly status: number; readonly detail: string; readonly scimType?: string | undefined } {
  if (thrown instanceof ScimError) return { status: thrown.status, detail: thrown.message, scimType: thrown.scimType };
  if (thrown instanceof ZodError) return { status: 400, detail: z.prettifyError(thrown), scimType: 'invalidValue' };
  return { status: thrown.getStatus(), detail: thrown.message };
}
