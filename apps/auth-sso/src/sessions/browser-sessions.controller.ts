import { Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Req, Res } from '@nestjs/common';
import { installationId } from '@crossdock/contracts';
import { Public } from '@crossdock/service-tokens';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clearCookie, cookieNames } from '../browser/cookies.ts';
import { ApplicationSignOn } from '../sign-on/application-sign-on.ts';
import { signOnPages } from '../sign-on/sign-on-pages.ts';
import { answer } from '../sign-on/sign-on-reply.ts';
import { BrowserSessions, type SessionRequest } from './browser-sessions.ts';
import { sessionView, type SessionView } from './session-view.ts';
import { personTokenLifetimeSeconds } from './sessions.ts';

/** Sessions for pages of applications, under the application's own host. The browser's cookie is the proof. */
@Public()
@Controller('sign-on')
export class BrowserSessionsController {
  constructor(private readonly sessions: BrowserSessions, private readonly application: ApplicationSignOn) {}

  /** An access token for the gateway, for five minutes; ask again before it runs out. 401 where nobody is signed on. */
  @Post('token')
  @HttpCode(200)
  async token(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { accessToken, session, roles, newKey } = await this.sessions.renew(requestOf(request));
    void reply.header('cache-control', 'no-store');
    if (newKey) void reply.header('set-cookie', this.application.keyCookie(newKey));
    return { access_token: accessToken, token_type: 'Bearer', expires_in: personTokenLifetimeSeconds, session_id: session.sessionId, roles, acts_for: session.tenantId === installationId ? 'installation' : 'tenant' };
  }

  /** The sessions of the person who is signed on, the newest first. */
  @Get('sessions')
  async list(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<{ items: SessionView[] }> {
    void reply.header('cache-control', 'no-store');
    const { sessions, current } = await this.sessions.list(requestOf(request));
    return { items: sessions.map((session) => ({ ...sessionView(session), isCurrent: session.sessionId === current })) };
  }

  /** Ends one of them: its browser is signed out at once, its access tokens within seconds. */
  @Delete('sessions/:sessionId')
  @HttpCode(204)
  async revoke(@Req() request: FastifyRequest, @Param('sessionId', ParseUUIDPipe) sessionId: string): Promise<void> {
    await this.sessions.revoke(requestOf(request), sessionId);
  }

  /** Signs out of every application of the tenant in this browser. */
  @Post('sign-out')
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.sessions.signOut(requestOf(request));
    await answer(reply, { page: signOnPages.signedOut, cookies: [clearCookie(cookieNames.session)] });
  }
}

function requestOf({ headers: { host, cookie, origin } }: FastifyRequest): SessionRequest {
  return { host, cookies: cookie, origin };
}
