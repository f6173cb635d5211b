import { RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { InternalClient } from './internal-client.ts';
import { StateStreams } from './state-streams.ts';

const runSchema = z.looseObject({ state: z.string() });

/** Which records are kept in step between which of the tenant's accounts, as the sync service tells it. */
@RequireScope('syncs:read')
@Controller('v1/syncs')
export class SyncsController {
  constructor(private readonly internal: InternalClient, private readonly streams: StateStreams) {}

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

  @RequireScope('syncs:write')
  @Post(':id/reset')
  @HttpCode(202)
  reset(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: `/v1/syncs/${id}/reset` });
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

  @RequireScope('syncs:write')
  @Post(':id/runs/:runId/cancel')
  @HttpCode(200)
  cancelRun(@Param('id', ParseUUIDPipe) id: string, @Param('runId', ParseUUIDPipe) runId: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: `/v1/syncs/${id}/runs/${runId}/cancel` });
  }

  /** Server-sent events: the run as it is now, again whenever it has moved on, and at last as it ended. */
  @Get(':id/runs/:runId/events')
  async watchRun(
    @Param('id', ParseUUIDPipe) id: string, @Param('runId', ParseUUIDPipe) runId: string,
    @Headers('last-event-id') lastEventId: string | undefined, @Res() reply: FastifyReply,
  ): Promise<void> {
    const scope = tenantContext.require();
    await this.streams.tell(reply, {
      look: async () => runSchema.parse(await tenantContext.run(scope, () => this.readRun(id, runId))),
      newsOf: (run) => run,
      hasEnded: ({ state }) => state !== 'running',
      lastEventId,
    });
  }

  @Get(':id/runs/:runId')
  readRun(@Param('id', ParseUUIDPipe) id: string, @Param('runId', ParseUUIDPipe) runId: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'GET', path: `/v1/syncs/${id}/runs/${runId}` });
  }
}
