import { RequireScope } from '@crossdock/service-tokens';
import { Body, Controller, Get, Put, Query, StreamableFile } from '@nestjs/common';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient } from './internal-client.ts';

/** Who did what to which of the tenant's records, as the journal keeps it. */
@RequireScope('audit:read')
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly internal: InternalClient) {}

  /** Newest first: `actor`, `action` (its beginning), `record` (an id), `since`, `until`, `limit`, `cursor`. */
  @Get()
  list(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('journal', { method: 'GET', path: `/v1/audit${forwardedQuery(query)}` });
  }

  /** All of it, newest first, a JSON document a line, with the hash that each entry shares with the one before it. */
  @Get('export')
  async export(@Query() query: unknown): Promise<StreamableFile> {
    const file = await this.internal.read('journal', { method: 'GET', path: `/v1/audit/export${forwardedQuery(query)}` });
    return new StreamableFile(file, { type: 'application/x-ndjson', disposition: 'attachment; filename="audit.ndjson"' });
  }

  /** Whether every entry is what it was, from the oldest that is kept to the newest. */
  @Get('verification')
  verify(): Promise<unknown> {
    return this.internal.call('journal', { method: 'GET', path: '/v1/audit/verification' });
  }

  /** For how many days entries are kept. */
  @Get('retention')
  retention(): Promise<unknown> {
    return this.internal.call('journal', { method: 'GET', path: '/v1/audit/retention' });
  }

  @RequireScope('audit:write')
  @Put('retention')
  retain(@Body() body: unknown): Promise<unknown> {
    return this.internal.call('journal', { method: 'PUT', path: '/v1/audit/retention', body });
  }
}
