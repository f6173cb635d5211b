import { ClientId, RequireScope } from '@crossdock/service-tokens';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, ParseUUIDPipe, Post, Put, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AnswersAs } from '@crossdock/contracts';
import { forwardedQuery } from './forwarded-query.ts';
import { InternalClient } from './internal-client.ts';
import { SeenVersion } from './seen-version.ts';

const base = '/v1/attribution';
const seen = new SeenVersion('attribution-settings', `GET ${base}/settings`);
const settingsSchema = z.looseObject({ version: z.int(), building: z.looseObject({ version: z.int() }).optional() });
const changeSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('saved'), settings: settingsSchema }),
  z.object({ outcome: z.literal('overtaken'), version: z.int() }),
]);

/** By which rules revenue is credited: settings, exchange rates, and who is one person. */
@RequireScope('attribution:read')
@Controller('v1/attribution')
export class AttributionSettingsController {
  constructor(private readonly internal: InternalClient) {}

  /** The settings that hold and, while their results are being worked out, the next ones with their job. The ETag is that of the latest. */
  @Get('settings')
  async read(@Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    return tell(reply, await this.internal.call('attribution', { method: 'GET', path: `${base}/settings` }));
  }

  @Get('settings/versions')
  versions(): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `${base}/settings/versions` });
  }

  /** Saves settings; what is left out is as by default. They hold once their results have been worked out. `If-Match` names the version that its author has seen. */
  @RequireScope('attribution:write')
  @Put('settings')
  @AnswersAs(`GET ${base}/settings`)
  async save(@Body() settings: unknown, @Headers('if-match') ifMatch: string | undefined, @ClientId() savedBy: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<unknown> {
    const body = { settings, seen: seen.require(ifMatch), savedBy };
    const change = changeSchema.parse(await this.internal.call('attribution', { method: 'PUT', path: `${base}/settings`, body }));
    if (change.outcome === 'overtaken') throw seen.overtaken(change.version);
    return tell(reply, change.settings);
  }

  @Get('rates')
  rates(): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `${base}/rates` });
  }

  /** Takes up to 5,000 dated exchange rates. */
  @RequireScope('attribution:write')
  @Put('rates')
  storeRates(@Body() body: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'PUT', path: `${base}/rates`, body });
  }

  /** Whom a key belongs to: `?key=email:ada@example.com`. */
  @Get('identities')
  findIdentity(@Query() query: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `${base}/identities${forwardedQuery(query)}` });
  }

  /** All keys of somebody, and why they are one. */
  @Get('identities/:id')
  explainIdentity(@Param('id', ParseUUIDPipe) id: string): Promise<unknown> {
    return this.internal.call('attribution', { method: 'GET', path: `${base}/identities/${id}` });
  }

  /** Takes a wrong merge back. */
  @RequireScope('attribution:write')
  @Post('identity-exceptions')
  @HttpCode(201)
  exceptIdentity(@Body() body: unknown): Promise<unknown> {
    return this.internal.call('attribution', { method: 'POST', path: `${base}/identity-exceptions`, body });
  }

  @RequireScope('attribution:write')
  @Delete('identity-exceptions/:id')
  @HttpCode(204)
  async withdrawException(@Param('id', ParseUUIDPipe) id: string): Promise<void> {
    await this.internal.call('attribution', { method: 'DELETE', path: `${base}/identity-exceptions/${id}` });
  }
}

function tell(reply: FastifyReply, answer: unknown): unknown {
  const settings = settingsSchema.parse(answer);
  seen.tell(reply, { version: settings.building?.version ?? settings.version });
  return settings;
}
