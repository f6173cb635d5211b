import type { EntityManager } from 'typeorm';
import { z } from 'zod';
import { newSecret, type CarriedSecret, type ClaimedSecret } from '../browser/carried-secret.ts';

/** A login token carries a person to an application within this. */
const validMs = 5 * 60_000;
const keptMs = 60 * 60_000;

/** Why a login token is worth nothing. */
export type LoginTokenRefusal = 'unknown' | 'used' | 'expired' | 'other_domain' | 'other_browser' | 'session_over';

const rowSchema = z.object({
  sessionId: z.uuid(), host: z.string(), returnPath: z.string(), browserHash: z.instanceof(Buffer), madeAt: z.date(), usedAt: z.date().nullable(),
});

export interface LoginTokenBinding {
  readonly tenantId: string;
  /** Through it the person. */
  readonly sessionId: string;
  /** The only host that may redeem it. */
  readonly host: string;
  readonly returnPath: string;
  /** The only browser that may bring it. */
  readonly browserHash: Buffer;
}

export type RedeemedToken =
  | { readonly outcome: 'redeemed'; readonly sessionId: string; readonly returnPath: string }
  | { readonly outcome: 'refused'; readonly refusal: LoginTokenRefusal; readonly sessionId?: string };

/** One-time tokens that carry a sign-on from the sign-on host to an application. Every function runs in a transaction of the tenant. */
export const loginTokens = {
  async issue(manager: EntityManager, { tenantId, sessionId, host, returnPath, browserHash }: LoginTokenBinding, now: Date): Promise<CarriedSecret> {
    const token = newSecret(tenantId);
    await manager.query('DELETE FROM login_token WHERE made_at < $1', [new Date(now.getTime() - keptMs)]);
    await manager.query(
      'INSERT INTO login_token (token_hash, tenant_id, session_id, host, return_path, browser_hash, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [token.hash, tenantId, sessionId, host, returnPath, browserHash, now],
    );
    return token;
  },

  /**
   * Redeems a token. Of any number of uses at once, over all replicas, exactly one succeeds: the row is locked until it is
   * marked. A browser or host that it is not for leaves it as it is, so that nobody can spend another one's token.
   */
  async redeem(manager: EntityManager, { hash }: ClaimedSecret, at: { readonly host: string; readonly browserHash: Buffer | undefined; readonly now: Date }): Promise<RedeemedToken> {
    const [row] = await manager.query<unknown[]>(
      `SELECT session_id AS "sessionId", host, return_path AS "returnPath", browser_hash AS "browserHash", made_at AS "madeAt", used_at AS "usedAt"
       FROM login_token WHERE token_hash = $1 FOR UPDATE`,
      [hash],
    );
    if (row === undefined) return { outcome: 'refused', refusal: 'unknown' };
    const token = rowSchema.parse(row);
    const { sessionId, returnPath } = token;
    const refusal = refusalOf(token, at);
    if (refusal !== undefined) return { outcome: 'refused', refusal, sessionId };
    await manager.query('UPDATE login_token SET used_at = $2 WHERE token_hash = $1', [hash, at.now]);
    return { outcome: 'redeemed', sessionId, returnPath };
  },
};

function refusalOf(
  token: z.infer<typeof rowSchema>, { host, browserHash, now }: { readonly host: string; readonly browserHash: Buffer | undefined; readonly now: Date },
): LoginTokenRefusal | undefined {
  if (token.host !== host) return 'other_domain';
  if (browserHash === undefined || !token.browserHash.equals(browserHash)) return 'other_browser';
  if (token.usedAt !== null) return 'used';
  return now.getTime() >= token.madeAt.getTime() + validMs ? 'expired' : undefined;
}
