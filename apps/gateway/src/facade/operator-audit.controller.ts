import { randomUUID } from 'node:crypto';
import { AnswersAs, installationId } from '@crossdock/contracts';
import { RequireOperatorScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient } from './internal-client.ts';

/** What operators did, and to which tenant, as the journal keeps it: a chain of hashes like that of each tenant. */
@RequireOperatorScope('operations:read')
@Controller('v1/operators/audit')
export class OperatorAuditController {
  constructor(private readonly internal: InternalClient) {}

  /** Newest first: `actor`, `action` (its beginning), `record` (an id, such as a tenant's), `since`, `until`, `limit`, `cursor`. */
  @Get()
  @AnswersAs('GET /v1/audit')
  list(@Query() query: unknown): Promise<unknown> {
    return ofInstallation(() => this.internal.call('journal', { method: 'GET', path: `/v1/audit${forwardedQuery(query)}` }));
  }

  /** All of it, newest first, a JSON document a line, with the hash that each entry shares with the one before it. */
  @Get('export')
  @AnswersAs('GET /v1/audit/export')
  async export(@Query() query: unknown): Promise<StreamableFile> {
    const file = await ofInstallation(() => this.internal.read('journal', { method: 'GET', path: `/v1/audit/export${forwardedQuery(query)}` }));
    return new StreamableFile(file, { type: 'application/x-ndjson', disposition: 'attachment; filename="operators.ndjson"' });
  }

  /** Whether every entry is what it was, from the oldest that is kept to the newest. */
  @Get('verification')
  @AnswersAs('GET /v1/audit/verification')
  verify(): Promise<unknown> {
    return ofInstallation(() => this.internal.call('journal', { method: 'GET', path: '/v1/audit/verification' }));
  }
}

function ofInstallation<Result>(work: () => Promise<Result>): Promise<Result> {
  return tenantContext.run({ tenantId: installationId, correlationId: randomUUID() }, work);
}
