import { Body, Controller, Header, Headers, HttpCode, Post, UseFilters } from '@nestjs/common';
import { Public } from '@crossdock/service-tokens';
import { OAuthErrorFilter } from './oauth-error.filter.ts';
import { parseTokenRequest } from './token-request.ts';
import { TokenRequestLog } from './token-request.log.ts';
import { TokenService } from './token.service.ts';

/** The token endpoint (RFC 6749 §3.2). Callers prove themselves by their assertion, so no token guards it. */
@Controller('oauth')
@Public()
@UseFilters(OAuthErrorFilter)
export class TokenController {
  readonly #tokens: TokenService;
  readonly #log: TokenRequestLog;

  constructor(tokens: TokenService, log: TokenRequestLog) {
    this.#tokens = tokens;
    this.#log = log;
  }

  @Post('token')
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  async token(@Headers('content-type') contentType: string | undefined, @Body() body: unknown): Promise<object> {
    try {
      const { accessToken, expiresInSeconds, grant } = await this.#tokens.issue(parseTokenRequest(contentType, body));
      this.#log.issued(grant);
      return { access_token: accessToken, token_type: 'Bearer', expires_in: expiresInSeconds, scope: grant.scopes.join(' ') };
    } catch (thrown) {
      this.#log.refused(thrown);
      throw thrown;
    }
  }
}
