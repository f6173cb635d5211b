import { HttpException, Injectable, UnauthorizedException } from '@nestjs/common';
import { CallerResolver, type IdentifiedRequest, type TenantScopeName } from '@crossdock/service-tokens';
import { isAway } from '../facade/internal-client.ts';

/** A request with its credential. */
export type LastingRequest = IdentifiedRequest & { readonly headers: { readonly authorization?: string | undefined } };

/** Sees, while an answer goes on, whether its caller may still have it. */
@Injectable()
export class LastingCallers {
  constructor(private readonly callers: CallerResolver) {}

  /**
   * Why the caller may not listen any more: the credential has run out or was ended, or its tenant may not be worked for; or what `review` throws of its scopes.
   * @returns nothing where it may, or where it cannot be found out at present.
   */
  async whyOver(request: LastingRequest, review: (scopes: ReadonlySet<string>) => void): Promise<unknown> {
    try {
      const principal = await this.callers.authenticate(request.headers.authorization ?? '');
      // A request is let in for a while longer, because clocks differ; nothing new is told for that long.
      if (principal.expiresAtMs !== undefined && principal.expiresAtMs <= Date.now()) throw new UnauthorizedException('The credential has run out.');
      const { scopes } = await this.callers.forTenant(principal, request);
      review(scopes);
      return undefined;
    } catch (thrown) {
      if (isAway(thrown)) return undefined;
      return thrown instanceof HttpException ? thrown : new UnauthorizedException('The credential holds no more.');
    }
  }

  /** The same for a route that takes one scope. @returns whether the caller may go on. */
  async mayGoOn(request: LastingRequest, scope: TenantScopeName): Promise<boolean> {
    const over = await this.whyOver(request, (scopes) => {
      if (!scopes.has(scope)) throw new UnauthorizedException('The credential has lost its scope.');
    });
    return over === undefined;
  }
}
