import { BadRequestException, Body, Controller, Header, HttpCode, Param, ParseUUIDPipe, Post, ServiceUnavailableException } from '@nestjs/common';
import { Public } from '@crossdock/service-tokens';
import { z } from 'zod';
import { ProviderAnswerRefused } from '../providers/provider-answer.ts';
import { BackChannelLogout } from './back-channel-logout.ts';

const formSchema = z.object({ logout_token: z.string().min(1).max(16_384) });

/** Where identity providers tell that somebody signed out (OpenID Connect Back-Channel Logout 1.0 §2.5). The token is the proof. */
@Public()
@Controller('sign-on/back-channel-logout')
export class BackChannelLogoutController {
  constructor(private readonly logout: BackChannelLogout) {}

  /** 200 once the sessions are over, or there were none; 400 where the token proves nothing. */
  @Post(':tenantId/:providerId')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async post(@Param('tenantId', ParseUUIDPipe) tenantId: string, @Param('providerId', ParseUUIDPipe) providerId: string, @Body() body: unknown): Promise<void> {
    const form = formSchema.safeParse(body);
    if (!form.success) throw new BadRequestException('The form must hold one logout_token.');
    try {
      await this.logout.logOut(tenantId, providerId, form.data.logout_token);
    } catch (thrown) {
      if (!(thrown instanceof ProviderAnswerRefused)) throw thrown;
      if (thrown.refusal === 'provider_away') throw new ServiceUnavailableException('The provider’s keys cannot be read at present.');
      throw new BadRequestException('The logout token is not accepted.');
    }
  }
}
