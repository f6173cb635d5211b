import { createHash } from 'node:crypto';
import { Controller, Get, Headers, Res } from '@nestjs/common';
import { Public } from '@crossdock/service-tokens';
import type { FastifyReply } from 'fastify';
import { openApiDocument } from './openapi.document.ts';
import { interfacePageHeaders, renderInterface } from './openapi-page.ts';

const json = JSON.stringify(openApiDocument);
const page = renderInterface(openApiDocument);

/** What the interface is: for programs and for people. Open to everybody, as it holds nothing of anybody. */
@Public()
@Controller('v1')
export class InterfaceController {
  /** The interface as an OpenAPI 3.1 document. */
  @Get('openapi.json')
  async document(@Headers('if-none-match') seen: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await send(reply, seen, json, { 'content-type': 'application/json; charset=utf-8' });
  }

  /** The interface as a page for people. */
  @Get('docs')
  async page(@Headers('if-none-match') seen: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    await send(reply, seen, page, interfacePageHeaders);
  }
}

async function send(reply: FastifyReply, seen: string | undefined, text: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
  void reply.headers({ ...headers, etag, 'cache-control': 'no-cache' });
  await (seen === etag ? reply.status(304).send() : reply.send(text));
}
