import { BadRequestException, Body, Controller, Get, Headers, HttpCode, NotFoundException, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Authorisations, KeyDeliveries, type AuthorisationEnd } from '@crossdock/connections';
import { vendorSchema } from '@crossdock/contracts';
import { Public } from '@crossdock/service-tokens';
import { pageHeaders, renderPage, type HtmlPage } from '../html-page.ts';
import { connectedPage, refusalPage } from './authorisation-page.ts';
import { browserCookie, browserTokenOf } from './browser-cookie.ts';

/** A parameter that comes twice is believed neither way. */
const parametersSchema = z.record(z.string().max(100), z.string().max(8_192));

/**
 * The pages of an authorisation that a person's browser comes by, and the address for keys that a vendor's server sends
 * meanwhile. They are open to everybody: the first proves itself by its address, the others by `state`, the callback by the
 * browser's cookie as well; all name the tenant by that alone.
 */
@Public()
@Controller('oauth')
export class OAuthPagesController {
  constructor(
    private readonly authorisations: Authorisations,
    private readonly deliveries: KeyDeliveries,
  ) {}

  /** Sends the browser to the vendor. */
  @Get('start/:id')
  async start(@Param('id', ParseUUIDPipe) id: string, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const begun = await this.authorisations.start(id, browserTokenOf(cookie));
    if (begun.outcome === 'refused') return send(reply, 400, refusalPage(begun.refusal, {}));
    await reply.status(302).headers({ ...pageHeaders, 'set-cookie': browserCookie(begun.browserToken), location: begun.location.href }).send('');
  }

  /** Where every vendor sends the browser back to. */
  @Get('callback')
  async callback(@Query() query: unknown, @Headers('cookie') cookie: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const parameters = parametersSchema.safeParse(query);
    const end: AuthorisationEnd = await this.authorisations.finish(parameters.success ? parameters.data : {}, browserTokenOf(cookie));
    if (end.outcome === 'refused') return send(reply, 400, { ...refusalPage(end.refusal, end), returnTo: end.returnTo });
    if (end.returnTo === undefined) return send(reply, 200, connectedPage(end.connection.vendor));
    const location = new URL(end.returnTo);
    location.searchParams.set('connection', end.connection.id);
    await reply.status(303).headers({ ...pageHeaders, location: location.href }).send('');
  }

  /**
   * Where the server of a vendor that approves keys sends them to, such as a WooCommerce shop. It has nothing but the state
   * to show. 200 where the keys were taken; any other answer makes the vendor take them back.
   */
  @Post('keys/:vendor')
  @HttpCode(200)
  async receiveKeys(@Param('vendor') name: string, @Body() body: unknown): Promise<{ readonly received: true }> {
    const vendor = vendorSchema.safeParse(name);
    if (!vendor.success) throw new NotFoundException('There is no such vendor.');
    if (!await this.deliveries.receive(vendor.data, body)) throw new BadRequestException('These keys belong to no authorisation that waits for them.');
    return { received: true };
  }
}

async function send(reply: FastifyReply, status: number, page: HtmlPage): Promise<void> {
  await reply.status(status).headers(pageHeaders).send(renderPage(page));
}
