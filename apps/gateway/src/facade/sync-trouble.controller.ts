import { CurrentCaller, RequireScope, type Caller } from '@crossdock/service-tokens';
import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, StreamableFile } from '@nestjs/common';
import { fieldsShownTo } from '../callers/personal-data.ts';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient } from './internal-client.ts';

/** Records of a sync that stand still, and what people do about them, as the sync service tells it. */
@RequireScope('syncs:read')
@Controller('v1/syncs/:id')
export class SyncTroubleController {
  constructor(private readonly internal: InternalClient) {}

  /** Records that an account refuses, with what to do, a page at a time. */
  @Get('errors')
  errors(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown): Promise<unknown> {
    return this.internal.call('sync', { method: 'GET', path: `/v1/syncs/${id}/errors${forwardedQuery(query)}` });
  }

  /** All of them as a file of RFC 4180, however many they are. */
  @Get('errors.csv')
  async errorsAsCsv(@Param('id', ParseUUIDPipe) id: string): Promise<StreamableFile> {
    const file = await this.internal.read('sync', { method: 'GET', path: `/v1/syncs/${id}/errors.csv` });
    return new StreamableFile(file, { type: 'text/csv; charset=utf-8', disposition: 'attachment; filename="sync-errors.csv"' });
  }

  /** Tries records again that were refused: those named, or all. */
  @RequireScope('syncs:write')
  @Post('errors/retry')
  @HttpCode(202)
  retry(@Param('id', ParseUUIDPipe) id: string, @Body() body: unknown): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: `/v1/syncs/${id}/errors/retry`, body: body ?? {} });
  }

  /**
   * Fields that changed in two places and wait for a person, a page at a time. What stands in names, addresses, numbers and the tenant’s own fields is left out without the
   * scope `personal:read`.
   */
  @Get('conflicts')
  async conflicts(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown, @CurrentCaller() caller: Caller): Promise<unknown> {
    return fieldsShownTo(caller, await this.internal.call('sync', { method: 'GET', path: `/v1/syncs/${id}/conflicts${forwardedQuery(query)}` }));
  }

  /** Says whose word counts for a field that waits. */
  @RequireScope('syncs:write')
  @Post('conflicts/:goldenId/:connectionId/:field')
  @HttpCode(204)
  decide(
    @Param('id', ParseUUIDPipe) id: string, @Param('goldenId', ParseUUIDPipe) goldenId: string,
    @Param('connectionId', ParseUUIDPipe) connectionId: string, @Param('field') field: string, @Body() body: unknown,
  ): Promise<unknown> {
    const path = `/v1/syncs/${id}/conflicts/${goldenId}/${connectionId}/${encodeURIComponent(field)}`;
    return this.internal.call('sync', { method: 'POST', path, body });
  }

  /** Records that belong to several companies, of which an account leaves some out because it takes one, a page at a time. */
  @Get('left-out-companies')
  leftOut(@Param('id', ParseUUIDPipe) id: string, @Query() query: unknown): Promise<unknown> {
    return this.internal.call('sync', { method: 'GET', path: `/v1/syncs/${id}/left-out-companies${forwardedQuery(query)}` });
  }

  /** What a run has found to differ, a page at a time. What stands in names, addresses, numbers and the tenant’s own fields is left out without the scope `personal:read`. */
  @Get('runs/:runId/differences')
  async differences(
    @Param('id', ParseUUIDPipe) id: string, @Param('runId', ParseUUIDPipe) runId: string, @Query() query: unknown, @CurrentCaller() caller: Caller,
  ): Promise<unknown> {
    return fieldsShownTo(caller, await this.internal.call('sync', { method: 'GET', path: `/v1/syncs/${id}/runs/${runId}/differences${forwardedQuery(query)}` }));
  }
}
