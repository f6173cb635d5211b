import { RequireScope } from '@crossdock/service-tokens';
import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { InternalClient } from './internal-client.ts';

/** Which records are kept in step between which of the tenant's accounts, as the sync service tells it. */
@RequireScope('syncs:read')
@Controller('v1/syncs')
export class SyncsController {
  constructor(private readonly internal: InternalClient) {}

  @Get()
  list(): Promise<unknown> {
    return this.internal.call('sync', { method: 'GET', path: '/v1/syncs' });
  }

  @RequireScope('syncs:write')
  @Post()
  create(@Body() body: unknown): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: '/v1/syncs', body });
  }

  @Get(':id')
  read(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'GET', path: `/v1/syncs/${id}` });
  }

  @RequireScope('syncs:write')
  @Delete(':id')
  @HttpCode(204)
  delete(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'DELETE', path: `/v1/syncs/${id}` });
  }

  @RequireScope('syncs:write')
  @Post(':id/pause')
  @HttpCode(200)
  pause(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: `/v1/syncs/${id}/pause` });
  }

  @RequireScope('syncs:write')
  @Post(':id/resume')
  @HttpCode(200)
  resume(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: `/v1/syncs/${id}/resume` });
  }

  @Get(':id/runs')
  listRuns(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'GET', path: `/v1/syncs/${id}/runs` });
  }

  @RequireScope('syncs:write')
  @Post(':id/runs')
  @HttpCode(202)
  startRun(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: `/v1/syncs/${id}/runs` });
  }

  @Get(':id/runs/:runId')
  readRun(@Param('id', ParseUUIDPipe) id: string, @Param('runId', ParseUUIDPipe) runId: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'GET', path: `/v1/syncs/${id}/runs/${runId}` });
  }
}
