import { Readable } from 'node:stream';
import { ClientId, RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Get, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post, Query, StreamableFile } from '@nestjs/common';
import { Answers, AnswersIn, pageSchema, serviceNames } from '@crossdock/contracts';
import { z } from 'zod';
import { listQuerySchema, type ListPage } from '../requests/list-page.ts';
import { personRequestSchema, requestRowSchema, wantedPersonSchema, type PersonRequestView, type RequestRow } from './person-request.ts';
import { PersonRequests } from './person-requests.ts';

/** One person's data in all services: handed over, or made unreadable. */
@RequireScope('privacy:read')
@Controller('v1/people')
export class PeopleController {
  constructor(private readonly requests: PersonRequests) {}

  /** Has everything that the hub holds of a person put together. `GET /v1/people/requests/{id}` says when the file is there. */
  @RequireScope('privacy:write')
  @Post('exports')
  @HttpCode(202)
  @Answers(personRequestSchema)
  export(@Body() body: unknown, @ClientId() client: string): Promise<PersonRequestView> {
    return this.requests.begin(tenantContext.require().tenantId, 'export', wantedPersonSchema.parse(body), client);
  }

  /** Makes a person unreadable in everything that the hub holds. Connected accounts and shops are not touched. It cannot be taken back. */
  @RequireScope('privacy:write')
  @Post('erasures')
  @HttpCode(202)
  @Answers(personRequestSchema)
  erase(@Body() body: unknown, @ClientId() client: string): Promise<PersonRequestView> {
    return this.requests.begin(tenantContext.require().tenantId, 'erasure', wantedPersonSchema.parse(body), client);
  }

  /** Requests about people, newest first: `limit`, `cursor`. */
  @Get('requests')
  @Answers(pageSchema(requestRowSchema))
  async list(@Query() query: unknown): Promise<ListPage<RequestRow>> {
    const { limit, cursor } = listQuerySchema.parse(query);
    const found = await this.requests.list(tenantContext.require().tenantId, { limit: limit + 1, before: cursor });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last && { nextCursor: last.id }) };
  }

  /** How far a request is: what each service found, and which have not answered. It says nothing of the person. */
  @Get('requests/:id')
  @Answers(personRequestSchema)
  async find(@Param('id', ParseUUIDPipe) id: string): Promise<PersonRequestView> {
    const request = await this.requests.find(tenantContext.require().tenantId, id);
    if (!request) throw new NotFoundException(`There is no request ${id}.`);
    return request;
  }

  /** The file of an export, for 24 hours: a line of JSON for each row, `{"service", "table", "row"}`. */
  @RequireScope('privacy:read')
  @Get('exports/:id/file')
  @AnswersIn('application/x-ndjson', z.object({ service: z.enum(serviceNames), table: z.string(), row: z.record(z.string(), z.unknown()) }))
  async file(@Param('id', ParseUUIDPipe) id: string): Promise<StreamableFile> {
    const lines = await this.requests.read(tenantContext.require().tenantId, id);
    if (!lines) throw new NotFoundException(`There is no file of request ${id}: it is not ready, or older than 24 hours.`);
    return new StreamableFile(Readable.from(lines.map((line) => `${line}\n`)), { type: 'application/x-ndjson', disposition: `attachment; filename="person-${id}.ndjson"` });
  }
}
