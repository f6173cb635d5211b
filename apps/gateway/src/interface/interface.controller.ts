import { createHash } from 'node:crypto';
import { Controller, Get, Res } from '@nestjs/common';
import { Public } from '@crossdock/service-tokens';
import type { FastifyReply } from 'fastify';
import { openApiDocument } from './openapi.document.ts';
import { interfacePageHeaders, renderInterface } from './openapi-page.ts';

const document = withTag(JSON.stringify(openApiDocument));
const page = withTag(renderInterface(openApiDocument));

/** What the interface is: for programs and for people. Open to everybody, as it holds nothing of anybody. */
@Public()
@Controller('v1')
export class InterfaceController {
  /** The interface as an OpenAPI 3.1 document. */
  @Get('openapi.json')
  async document(@Res() reply: FastifyReply): Promise<void> {
    await reply.headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache', etag: document.tag }).send(document.text);
  }

  /** The interface as a page for people. */
  @Get('docs')
  async page(@Res() reply: FastifyReply): Promise<void> {
    await reply.headers({ ...interfacePageHeaders, 'cache-control': 'no-cache', etag: page.tag }).send(page.text);
  }
}

/** It is the same as long as the process lives. */
function withTag(text: string): { readonly text: string; readonly tag: string } {
  return { text, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}
