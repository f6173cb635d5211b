import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { Public } from '@crossdock/service-tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApplicationSignOn } from './application-sign-on.ts';
import { ProviderSignOn } from './provider-sign-on.ts';
import { SignOnHost } from './sign-on-host.ts';
import { signOnPages } from './sign-on-pages.ts';
import { answer } from './sign-on-reply.ts';

const text = z.string().max(4_096).optional().catch(undefined);
const findSchema = z.object({ request: text, email: z.string().max(254).catch('') }).catch({ request: undefined, email: '' });
const providerIdSchema = z.uuid().toLowerCase();

/**
 * Pages of sign-on, for browsers. `start` and `arrive` are served under applications' hosts, the others under the sign-on
 * host alone. Every answer is a page or leads to a place of our own, the person's provider, or the application that asked.
 */
@Public()
@Controller('sign-on')
export class SignOnController {
  constructor(private readonly application: ApplicationSignOn, private readonly provider: ProviderSignOn, private readonly signOnHost: SignOnHost) {}

  /** `returnTo`: a path of the application, `/` unless it is named. `link=1`: add a further account to the person who is signed on. */
  @Get('start')
  async start(
    @Headers('host') host: string | undefined, @Headers('cookie') cookies: string | undefined,
    @Query('returnTo') returnTo: unknown, @Query('link') link: unknown, @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = returnTo === undefined ? '/' : text.parse(returnTo) ?? '';
    await answer(reply, await this.application.start({ host, cookies }, { returnTo: wanted, link: link === '1' }));
  }

  @Get('arrive')
  async arrive(@Headers('host') host: string | undefined, @Headers('cookie') cookies: string | undefined, @Query('token') token: unknown, @Res() reply: FastifyReply): Promise<void> {
    await answer(reply, await this.application.arrive({ host, cookies }, text.parse(token)));
  }

  @Get('begin')
  async begin(@Headers('host') host: string | undefined, @Headers('cookie') cookies: string | undefined, @Query('request') request: unknown, @Res() reply: FastifyReply): Promise<void> {
    if (!this.signOnHost.is(host)) return answer(reply, { page: signOnPages.noApplication });
    await answer(reply, await this.provider.begin(cookies, text.parse(request)));
  }

  /** Leads an e-mail address to its provider. The address stands in the body, so that no log of addresses holds it. */
  @Post('find')
  @HttpCode(200)
  async find(@Headers('host') host: string | undefined, @Headers('origin') origin: string | undefined, @Body() body: unknown, @Res() reply: FastifyReply): Promise<void> {
    if (!this.signOnHost.is(host) || origin !== this.signOnHost.origin) return answer(reply, { page: signOnPages.foreignPost });
    const { request, email } = findSchema.parse(body);
    await answer(reply, await this.provider.find(request, email));
  }

  @Get('providers/:providerId')
  async leave(
    @Headers('host') host: string | undefined, @Headers('cookie') cookies: string | undefined,
    @Param('providerId') providerId: string, @Query('request') request: unknown, @Res() reply: FastifyReply,
  ): Promise<void> {
    const id = providerIdSchema.safeParse(providerId);
    if (!this.signOnHost.is(host) || !id.success) return answer(reply, { page: signOnPages.noApplication });
    await answer(reply, await this.provider.leave(cookies, text.parse(request), id.data));
  }

  /** Where providers send people back to; each has an address of its own, so that no answer is taken for another's (RFC 9700 §4.4.2). */
  @Get('callback/:providerId')
  async callback(@Req() request: FastifyRequest, @Param('providerId') providerId: string, @Res() reply: FastifyReply): Promise<void> {
    const id = providerIdSchema.safeParse(providerId);
    const { host, cookie } = request.headers;
    if (!this.signOnHost.is(host) || !id.success) return answer(reply, { page: signOnPages.noApplication });
    const at = request.url.indexOf('?');
    await answer(reply, await this.provider.finish({
      providerId: id.data, query: at < 0 ? '' : request.url.slice(at), cookies: cookie, userAgent: request.headers['user-agent'],
    }));
  }
}
