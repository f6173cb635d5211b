import { z } from 'zod';
import type { IdentityAudit } from '../audit/identity-audit.ts';
import { ProviderAnswerRefused } from '../providers/provider-answer.ts';
import type { ProviderClients } from '../providers/provider-clients.ts';
import type { ProviderRepository } from '../providers/provider.repository.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { TenantWork } from '../tenant-work.ts';
import type { UsedAssertions } from '../tokens/used-assertions.ts';

/** A logout token is sent at once; an older one is a repeat, however long it says that it holds. */
const maxAgeMs = 150_000;
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

/** OpenID Connect Back-Channel Logout 1.0 §2.4 and §2.6: names a session or a person, bears the event, and no nonce. */
const logoutClaimsSchema = z.looseObject({
  iat: z.number(),
  jti: z.string().min(1).max(255),
  sub: z.string().min(1).max(255).optional(),
  sid: z.string().min(1).max(255).optional(),
  events: z.looseObject({ [logoutEvent]: z.looseObject({}) }),
  nonce: z.never().optional(),
}).refine(({ sub, sid }) => sub !== undefined || sid !== undefined);

export interface BackChannelLogoutOptions {
  readonly work: TenantWork;
  readonly providers: ProviderRepository;
  readonly clients: ProviderClients;
  readonly sessions: Sessions;
  readonly usedAssertions: UsedAssertions;
  readonly audit: IdentityAudit;
  readonly now: () => Date;
}

/** Ends sessions when their provider says that the person signed out there. */
export class BackChannelLogout {
  readonly #options: BackChannelLogoutOptions;

  constructor(options: BackChannelLogoutOptions) {
    this.#options = options;
  }

  /** @throws ProviderAnswerRefused where the token proves nothing, is stale or was used before. */
  async logOut(tenantId: string, providerId: string, token: string): Promise<void> {
    const { work, providers, clients, sessions, audit } = this.#options;
    const known = await work.run(tenantId, async (manager) => {
      const provider = await providers.find(manager, providerId);
      return provider && { provider, clientSecret: await providers.clientSecret(manager, provider) };
    });
    if (!known) throw new ProviderAnswerRefused('wrong_answer', 'There is no such provider.');
    const claims = logoutClaimsSchema.safeParse(await clients.logoutClaims(known.provider, known.clientSecret, token));
    if (!claims.success) throw new ProviderAnswerRefused('wrong_answer', 'The logout token lacks a claim, or bears one that it must not.');
    await this.#useOnce(providerId, claims.data);
    const { sid, sub } = claims.data;
    await work.run(tenantId, async (manager) => {
      const meant = await sessions.ofProvider(manager, providerId, { sid, sub });
      await sessions.end(manager, meant, 'provider_logout');
      for (const { personId, sessionId } of meant) {
        await audit.record(manager, { action: 'back_channel_logout', outcome: 'done', code: 'provider_logout', actor: { kind: 'provider', id: providerId }, personId, sessionId, providerId });
      }
    });
  }

  async #useOnce(providerId: string, { jti, iat }: z.infer<typeof logoutClaimsSchema>): Promise<void> {
    const endsAtMs = iat * 1_000 + maxAgeMs;
    const isStale = endsAtMs < this.#options.now().getTime();
    if (isStale || !await this.#options.usedAssertions.useOnce({ issuedBy: providerId, assertionId: jti, assertionEndsAt: new Date(endsAtMs) })) {
      throw new ProviderAnswerRefused('wrong_answer', 'The logout token is stale or was used before.');
    }
  }
}
