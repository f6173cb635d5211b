import { BadRequestException, Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { RequireScope } from '@crossdock/service-tokens';
import { KeyKeptByService } from '../idempotency/idempotency.interceptor.ts';
import { InternalClient } from '../facade/internal-client.ts';

/** Leads that other systems send, as the sync service takes them. */
@Controller('v1/leads')
export class LeadsController {
  constructor(private readonly internal: InternalClient) {}

  /** Takes a lead: 202, and the accounts follow in the background. The same `Idempotency-Key` gives the same answer and changes nothing. */
  @RequireScope('leads:write')
  @KeyKeptByService()
  @Post()
  @HttpCode(202)
  take(@Body() body: unknown, @Headers('idempotency-key') idempotencyKey: string | undefined): Promise<unknown> {
    if (!idempotencyKey) throw new BadRequestException('Send an Idempotency-Key header, one key a lead, so that a repeat changes nothing.');
    return this.internal.call('sync', { method: 'POST', path: '/v1/leads', body, headers: { 'idempotency-key': idempotencyKey } });
  }
}
