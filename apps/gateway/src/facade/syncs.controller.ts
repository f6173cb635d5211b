import { RequireScope } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AnswersIn } from '@crossdock/contracts';
import { LastingCallers } from '../callers/lasting-callers.ts';
import { listQuerySchema, pageOf, type ListPage } from '../requests/list-page.ts';
import { InternalClient } from './internal-client.ts';
import { StateStreams } from './state-streams.ts';

const runSchema = z.looseObject({ state: z.string() });
const listSchema = z.object({ items: z.array(z.looseObject({ id: z.uuid() })) });
type Listed = z.infer<typeof listSchema>['items'][number];

/** Which records are kept in step between which of the tenant's accounts, as the sync service tells it. */
@RequireScope('syncs:read')
@Controller('v1/syncs')
export class SyncsController {
  constructor(private readonly internal: InternalClient, private readonly streams: StateStreams, private readonly callers: LastingCallers) {}

  /** Which records are kept in step between which accounts: `limit`, `cursor`. */
  @Get()
  async list(@Query() query: unknown): Promise<ListPage<Listed>> {
    const wanted = listQuerySchema.parse(query);
    return pageOf(listSchema.parse(await this.internal.call('sync', { method: 'GET', path: '/v1/syncs' })).items, wanted);
  }

  /** Begins to keep records in step: the accounts are read completely before anything is written. */
  @RequireScope('syncs:write')
  @Post()
  create(@Body() body: unknown): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: '/v1/syncs', body });
  }

  /** A sync, how it stands, and its accounts. */
  @Get(':id')
  read(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'GET', path: `/v1/syncs/${id}` });
  }

  /** Ends a sync; what is in the accounts stays there. */
  @RequireScope('syncs:write')
  @Delete(':id')
  @HttpCode(204)
  delete(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'DELETE', path: `/v1/syncs/${id}` });
  }

  /** Lets a sync rest: nothing is read or written for it. */
  @RequireScope('syncs:write')
  @Post(':id/pause')
  @HttpCode(200)
  pause(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: `/v1/syncs/${id}/pause` });
  }

  /** Lets a sync go on that was paused; what changed meanwhile is caught up with. */
  @RequireScope('syncs:write')
  @Post(':id/resume')
  @HttpCode(200)
  resume(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: `/v1/syncs/${id}/resume` });
  }

  /** Forgets what is known of the records, and reads all accounts again. */
  @RequireScope('syncs:write')
  @Post(':id/reset')
  @HttpCode(202)
  reset(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: `/v1/syncs/${id}/reset` });
  }

  /** Readings and comparisons of a sync, newest first. */
  @Get(':id/runs')
  listRuns(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'GET', path: `/v1/syncs/${id}/runs` });
  }

  /** Compares the accounts now, and mends what differs. */
  @RequireScope('syncs:write')
  @Post(':id/runs')
  @HttpCode(202)
  startRun(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: `/v1/syncs/${id}/runs` });
  }

  /** Ends a run; what it has done by then stays. */
  @RequireScope('syncs:write')
  @Post(':id/runs/:runId/cancel')
  @HttpCode(200)
  cancelRun(@Param('id', ParseUUIDPipe) id: string, @Param('runId', ParseUUIDPipe) runId: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'POST', path: `/v1/syncs/${id}/runs/${runId}/cancel` });
  }

  /** Server-sent events: the run as it is now, again whenever it has moved on, and at last as it ended. */
  @Get(':id/runs/:runId/events')
  @AnswersIn('text/event-stream', 'GET /v1/syncs/:id/runs/:runId')
  async watchRun(
    @Param('id', ParseUUIDPipe) id: string, @Param('runId', ParseUUIDPipe) runId: string,
    @Headers('last-event-id') lastEventId: string | undefined, @Req() request: FastifyRequest, @Res() reply: FastifyReply,
  ): Promise<void> {
    const scope = tenantContext.require();
    await this.streams.tell(reply, {
      look: async () => runSchema.parse(await tenantContext.run(scope, () => this.readRun(id, runId))),
      newsOf: (run) => run,
      hasEnded: ({ state }) => state !== 'running',
      mayGoOn: () => this.callers.mayGoOn(request, 'syncs:read'),
      lastEventId,
    });
  }

  /** How far a run is, and what it has found. */
  @Get(':id/runs/:runId')
  readRun(@Param('id', ParseUUIDPipe) id: string, @Param('runId', ParseUUIDPipe) runId: string): Promise<unknown> {
    return this.internal.call('sync', { method: 'GET', path: `/v1/syncs/${id}/runs/${runId}` });
  }
}
