import { createHash } from 'node:crypto';
import { Controller, Get, Res } from '@nestjs/common';
import { Public } from '@crossdock/service-tokens';
import type { FastifyReply } from 'fastify';
import { AnswersIn, AnswersWithText } from '@crossdock/contracts';
import { z } from 'zod';
import { renderCatalogue } from './catalogue-page.ts';
import { cataloguedEndpoints, cataloguedEvents, catalogueSchema } from './interface-catalogue.ts';
import { interfacePageExample, interfacePageHeaders } from './interface-page.ts';
import { openApiDocument } from './openapi.document.ts';
import { renderInterface } from './openapi-page.ts';

const document = withTag(JSON.stringify(openApiDocument));
const page = withTag(renderInterface(openApiDocument));
const catalogue = { events: cataloguedEvents(), endpoints: cataloguedEndpoints(openApiDocument) };
const catalogueDocument = withTag(JSON.stringify(catalogue));
const cataloguePage = withTag(renderCatalogue(catalogue));
const jsonHeaders = { 'content-type': 'application/json; charset=utf-8' };

/** What the interface is: for programs and for people. Open to everybody, as it holds nothing of anybody. */
@Public()
@Controller('v1')
export class InterfaceController {
  /** The interface as an OpenAPI 3.1 document. */
  @Get('openapi.json')
  @AnswersIn('application/json', z.looseObject({ openapi: z.literal('3.1.0') }))
  document(@Res() reply: FastifyReply): Promise<void> {
    return send(reply, jsonHeaders, document);
  }

  /** The interface as a page for people. */
  @Get('docs')
  @AnswersWithText('text/html', interfacePageExample)
  page(@Res() reply: FastifyReply): Promise<void> {
    return send(reply, interfacePageHeaders, page);
  }

  /** Every event and endpoint with its owner, schema, version, consumers and whether it is deprecated. */
  @Get('catalogue.json')
  @AnswersIn('application/json', catalogueSchema)
  catalogue(@Res() reply: FastifyReply): Promise<void> {
    return send(reply, jsonHeaders, catalogueDocument);
  }

  /** The catalogue of events and endpoints as a page for people. */
  @Get('catalogue')
  @AnswersWithText('text/html', interfacePageExample)
  cataloguePage(@Res() reply: FastifyReply): Promise<void> {
    return send(reply, interfacePageHeaders, cataloguePage);
  }
}

/** A text with its entity tag. */
interface TaggedText {
  readonly text: string;
  readonly tag: string;
}

async function send(reply: FastifyReply, headers: Readonly<Record<string, string>>, { text, tag }: TaggedText): Promise<void> {
  await reply.headers({ ...headers, 'cache-control': 'no-cache', etag: tag }).send(text);
}

/** It is the same as long as the process lives. */
function withTag(text: string): TaggedText {
  return { text, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}
